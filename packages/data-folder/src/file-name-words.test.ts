/** @file Words of file names, and expressions that never end. */
import { expect, it } from "vitest";
import { captionOfFileName } from "./file-name-words.ts";

const words = (regex: string, joinString = " ") => ({
  dataset_filename_word_regex: regex,
  dataset_filename_join_string: joinString,
});

it.each([
  ["00003-0-a red car.png", "", "a red car"],
  ["a red car.png", "[a-z]{3,}", "red car"],
  ["mira, blue, sky.png", "(\\w+), (\\w+)?", "mira blue"],
  ["nothing.png", "\\d", ""],
])("%s with the expression %j", (file, regex, caption) => {
  expect(captionOfFileName(file, words(regex))).toBe(caption);
});

it("an expression that never ends is given up after a second, and not tried again", () => {
  const file = `${"a".repeat(60)}!.png`;
  const fault = expect.objectContaining({ code: "CAPTION_UNREADABLE", message: expect.stringContaining("(a+)+$") });
  expect(() => captionOfFileName(file, words("(a+)+$"))).toThrow(fault);
  const start = process.cpuUsage().user;
  for (let i = 0; i < 1000; i++) expect(() => captionOfFileName(file, words("(a+)+$"))).toThrow(fault);
  // In microseconds of processor time. A thousand tries to the time limit would take a quarter of an hour.
  expect(process.cpuUsage().user - start).toBeLessThan(5e6);
  expect(captionOfFileName(file, words("a{3}"))).toContain("aaa aaa");
});
