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
  startLine({ values, valid: true, plan: { ...plan, ...some }, problem: null });

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

test("a problem comes first, and nothing is promised before it is known", () => {
  expect(startLine({ values, valid: true, plan, problem: "The disk is full" })).toBe("The disk is full");
  expect(startLine({ values, valid: true, plan: undefined, problem: null })).toBe("");
  expect(startLine({ values: { ...values, processSrc: "" }, valid: false, plan, problem: null })).toBe(
    "Choose pictures first",
  );
});
