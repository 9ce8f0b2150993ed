/** @file The learning-rate grammar: A1111's rules one by one. */
import { describe, expect, it } from "vitest";
import { parseLearningRateSchedule, rateAt } from "./learning-rate-schedule.ts";

type Row = [rate: number, from: number, to: number];

function check(text: string, maxSteps: number, rows: Row[], startStep = 0): void {
  const { segments, endStep } = parseLearningRateSchedule(text, maxSteps, { startStep });
  expect(segments.map(({ rate, from, to }) => [rate, from, to])).toEqual(rows);
  expect(endStep).toBe(rows.at(-1)![2]);
}

function kinds(text: string, maxSteps: number, startStep = 0): string[] {
  return parseLearningRateSchedule(text, maxSteps, { startStep }).issues.map(
    ({ kind, position }) => `${kind} ${position}`,
  );
}

describe("parseLearningRateSchedule", () => {
  it.each<[string, number, Row[]]>([
    [
      "5e-2:100,5e-3:500,5e-4:1000, 5e-5:1500,5e-6",
      2000,
      [
        [0.05, 0, 100],
        [0.005, 100, 500],
        [5e-4, 500, 1000],
        [5e-5, 1000, 1500],
        [5e-6, 1500, 2000],
      ],
    ],
    ["0.005", 100_000, [[0.005, 0, 100_000]]],
    [
      " .5e-2 : 1_000 ,1. : +2000 ,\n",
      5000,
      [
        [0.005, 0, 1000],
        [1, 1000, 2000],
      ],
    ],
    ["0.005:100", 1000, [[0.005, 0, 100]]],
    ["0.1:-1, nonsense", 50, [[0.1, 0, 50]]],
    ["0.1, nonsense:x", 50, [[0.1, 0, 50]]],
    [
      "0.1:100,0.01:5000,0.001",
      300,
      [
        [0.1, 0, 100],
        [0.01, 100, 300],
      ],
    ],
    [
      "0.1:1000,0.01:500",
      2000,
      [
        [0.1, 0, 1000],
        [0.01, 1000, 1001],
      ],
    ],
    [
      "0.1:10,0.2:5,0.3:20",
      2000,
      [
        [0.1, 0, 10],
        [0.2, 10, 11],
        [0.3, 11, 20],
      ],
    ],
    ["0.1:0,0.2:-7,0.3", 10, [[0.3, 0, 10]]],
    [",,0.1,", 10, [[0.1, 0, 10]]],
    ["0.1:100:200, 0.2", 10, [[0.1, 0, 10]]],
    ["5E-3:1", 1, [[0.005, 0, 1]]],
  ])("%j with %d steps", (text, maxSteps, rows) => {
    check(text, maxSteps, rows);
  });

  it.each<[string, number, Row[]]>([
    [
      "5e-2:100,5e-3:500,5e-6",
      100,
      [
        [0.005, 100, 500],
        [5e-6, 500, 1000],
      ],
    ],
    [
      "5e-2:100,5e-3:500,5e-6",
      99,
      [
        [0.05, 99, 100],
        [0.005, 100, 500],
        [5e-6, 500, 1000],
      ],
    ],
    ["5e-2:100,5e-3", 700, [[0.005, 700, 1000]]],
  ])("%j goes on from step %d", (text, startStep, rows) => {
    check(text, 1000, rows, startStep);
  });

  it("names items that have no effect, stop early or are out of order, and their places", () => {
    expect(kinds("5e-2:100,5e-3:500,5e-4:1000, 5e-5:1500,5e-6", 2000)).toEqual([]);
    expect(kinds("0.1:100, 0.2:50", 1000)).toEqual(["out-of-order 9", "stops-early 9"]);
    expect(kinds("0.1, 0.2:50, x", 1000)).toEqual(["ignored 5", "ignored 13"]);
    expect(kinds("0.1:0, 0:500, 0.1:1500, 0.2", 1000)).toEqual(["ignored 0", "zero-rate 7", "ignored 24"]);
    expect(kinds("0.1:100,0.2", 1000, 100)).toEqual([]);
    expect(kinds("0,1:100", 1000)).toEqual(["zero-rate 0", "ignored 2"]);
    expect(kinds("0.1:100:200, 0.2", 1000)).toEqual(["extra-colon 0", "ignored 13"]);
  });

  it.each([
    ["", 0],
    [" , ,", 0],
    ["abc", 0],
    ["0.1:100, 0.01;500", 9],
    ["0.1:100, 0.01:1e3", 14],
    ["0.1:100,:5", 8],
    ["0.1:", 4],
    ["0.1: ,0.2", 4],
    ["0.1x:100:200, 0.2", 0],
    ["-0.1", 0],
    ["0.1:5, nan", 7],
    ["1e999", 0],
    ["0.1:1.5", 4],
    ["0x10", 0],
    ["_1", 0],
  ])("%j is refused at character %d", (text, position) => {
    expect(() => parseLearningRateSchedule(text, 1000)).toThrow(
      expect.objectContaining({
        code: "LEARNING_RATE_UNREADABLE",
        kind: "input",
        details: expect.objectContaining({ position }),
      }),
    );
  });

  it("refuses a schedule that has no steps left after a resume", () => {
    expect(() => parseLearningRateSchedule("0.1:100", 1000, { startStep: 100 })).toThrow(/has 100 steps already/u);
    expect(() => parseLearningRateSchedule("0.1:0", 1000)).toThrow(/before the first step/u);
  });
});

describe("rateAt", () => {
  const schedule = parseLearningRateSchedule("0.1:100,0.01:500", 1000);

  it.each([
    [0, 0.1],
    [99, 0.1],
    [100, 0.01],
    [499, 0.01],
    [500, undefined],
  ])("when %d steps are done it is %s", (step, rate) => {
    expect(rateAt(schedule, step)).toBe(rate);
  });
});
