/** @file The line under Preprocess. */
import { PreprocessSettingsSchema } from "@lexeme/domain/settings";
import { expect, test } from "vitest";
import { startLine } from "./start-line.ts";

const values = PreprocessSettingsSchema.parse({ processSrc: "/photos", processDst: "/data/mira", processWidth: 130 });
const plan = {
  pictures: 14,
  done: 0,
  replaces: 0,
  keepsCaptions: 0,
  replacesCaptions: 0,
  skipped: [],
  destinationFault: null as string | null,
};
const line = (some: Partial<typeof plan>): string =>
  startLine({ values, valid: true, plan: { ...plan, ...some }, problem: null, isDone: false });

test.each([
  [{}, "14 pictures of 128 × 512 into mira · overwrites nothing"],
  [{ done: 5 }, "14 pictures of 128 × 512 into mira · goes on: 5 of them are there already · overwrites nothing"],
  [
    { replaces: 14, keepsCaptions: 14 },
    "14 pictures of 128 × 512 into mira · replaces 14 pictures · keeps 14 captions · the old files go to the bin",
  ],
  [
    { replaces: 14, replacesCaptions: 1 },
    "14 pictures of 128 × 512 into mira · replaces 14 pictures · replaces 1 caption · the old files go to the bin",
  ],
  [
    { destinationFault: "“mira” already holds 00000-0-a.png" },
    "mira holds pictures of these names already: choose another destination, or tick “Overwrite pictures in the destination”",
  ],
])("%j", (some, expected) => {
  expect(line(some)).toBe(expected);
});

test("pictures that the last run has made are no refusal", () => {
  const made = { ...plan, destinationFault: "“mira” already holds 00000-0-a.png" };
  expect(startLine({ values, valid: true, plan: made, problem: null, isDone: true })).toBe(
    "Done: the pictures are in mira. To make them again, tick “Overwrite pictures in the destination”",
  );
});

test("a problem comes first, and nothing is promised before it is known", () => {
  expect(startLine({ values, valid: true, plan, problem: "The disk is full", isDone: false })).toBe("The disk is full");
  expect(startLine({ values, valid: true, plan: undefined, problem: null, isDone: false })).toBe("");
  expect(startLine({ values: { ...values, processSrc: "" }, valid: false, plan, problem: null, isDone: false })).toBe(
    "Choose pictures first",
  );
});
