/** @file Reading a schedule while it is typed. */
import { expect, it } from "vitest";
import { readSchedule, readScheduleFrom } from "./schedule-reading.ts";

const STORY = "5e-2:100,5e-3:500,5e-4:1000, 5e-5:1500,5e-6";

it("reads the story's schedule from step 0 and from a copy", () => {
  const whole = readSchedule(STORY, { steps: 2000, from: 0 });
  expect(whole.segments.map((piece) => piece.to)).toEqual([100, 500, 1000, 1500, 2000]);
  expect(readSchedule(STORY, { steps: 2000, from: 600 }).segments[0]).toEqual({ rate: 5e-4, from: 600, to: 1000 });
});

it("marks the characters that cannot be read", () => {
  const text = "5e-2:100, 5e-x:500";
  const { fault } = readSchedule(text, { steps: 1000, from: 0 });
  expect(text.slice(fault?.start, fault?.end)).toBe("5e-x");
  expect(fault?.message).not.toMatch(/character/);
});

it("marks a place even when the missing part has no characters", () => {
  const { fault } = readSchedule("5e-2:", { steps: 1000, from: 0 });
  expect((fault?.end ?? 0) - (fault?.start ?? 0)).toBe(1);
});

it("remarks on a schedule that ends before Max steps", () => {
  const reading = readSchedule("0.005:100", { steps: 1000, from: 0 });
  expect(reading.end).toBe(100);
  expect(reading.issues[0]?.message).toMatch(/stops at step 100/);
});

it("survives a step count that is being typed", () => {
  expect(readSchedule("0.005", { steps: Number.NaN, from: 0 }).fault).toBeNull();
  expect(readSchedule("", { steps: 100, from: 0 }).fault).not.toBeNull();
});

it("reads the whole schedule of a training that is over, by Max steps or by the schedule's own end", () => {
  const form = { learnRate: "5e-2:100, 5e-3:500", steps: 800 };
  expect(readScheduleFrom(form, 200).segments).toEqual([{ rate: 5e-3, from: 200, to: 500 }]);
  for (const over of [readScheduleFrom(form, 500), readScheduleFrom(form, 600), readScheduleFrom(form, 800)]) {
    expect(over.fault).toBeNull();
    expect(over.end).toBe(500);
    expect(over.segments[0]).toEqual({ rate: 5e-2, from: 0, to: 100 });
  }
  expect(readScheduleFrom({ learnRate: "5e-x", steps: 800 }, 500).fault).not.toBeNull();
});
