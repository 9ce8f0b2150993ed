/** @file The schedule's outline: steps where the rate falls, a log axis, nothing drawn for rates without a logarithm. */
import { expect, it } from "vitest";
import { rateText, readableMarks, scheduleOutline } from "./schedule-outline.ts";

const BOX = { width: 200, height: 100 };
const STORY = [
  { rate: 5e-2, from: 0, to: 100 },
  { rate: 5e-3, from: 100, to: 500 },
  { rate: 5e-4, from: 500, to: 1000 },
  { rate: 5e-5, from: 1000, to: 1500 },
  { rate: 5e-6, from: 1500, to: 2000 },
];

it("draws the story's schedule as five equal falls on a log axis", () => {
  const outline = scheduleOutline(STORY, BOX);
  expect(outline?.path).toBe("M0 12H10H10V31H50H50V50H100H100V69H150H150V88H200");
  expect(outline?.marks.map((mark) => mark.step)).toEqual([0, 100, 500, 1000, 1500, 2000]);
  expect(outline?.decades.map((decade) => decade.label)).toEqual(["0.01", "0.001", "1e-4", "1e-5"]);
});

it("draws a constant rate in the middle", () => {
  expect(scheduleOutline([{ rate: 0.005, from: 0, to: 1000 }], BOX)?.path).toBe("M0 50H200");
});

it("draws nothing for rates without a logarithm", () => {
  expect(scheduleOutline([{ rate: 0, from: 0, to: 10 }], BOX)).toBeNull();
  expect(scheduleOutline([{ rate: -1, from: 0, to: 10 }], BOX)).toBeNull();
  expect(scheduleOutline([], BOX)).toBeNull();
});

it("writes rates as people type them", () => {
  expect([0.05, 0.005, 5e-6, 1, 0.0005].map(rateText)).toEqual(["0.05", "0.005", "5e-6", "1", "5e-4"]);
});

it("leaves out step numbers that would touch, never the first and the last", () => {
  const marks = [0, 20, 30, 100, 190, 200].map((x) => ({ x, step: x * 10 }));
  expect(readableMarks(marks).map((mark) => mark.label)).toEqual(["0", "300", "1,000", "2,000"]);
  expect(readableMarks([])).toEqual([]);
});
