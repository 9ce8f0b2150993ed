/** @file The sentences and lists of the gallery's filters, and what two pictures say differently. */
import { expect, test } from "vitest";
import { checkpointsOf, infotextName, NO_FILTER, nothingFound } from "./gallery-filter.ts";
import { differences } from "./picture-differences.ts";

const SETTINGS = "Steps: 20, Sampler: Euler, CFG scale: 7";

test.each([
  [{ search: "a cat" }, "No prompt contains “a cat”"],
  [{ word: "mira" }, "There is no picture that uses “mira”"],
  [{ show: "grids" as const, checkpoint: "demo" }, "There is no grid drawn with “demo”"],
  [{ search: "sea", word: "mira" }, "There is no picture with “sea” in its prompt or settings that uses “mira”"],
])("%j: %s", (filter, sentence) => {
  expect(nothingFound({ ...NO_FILTER, ...filter })).toBe(sentence);
});

test("checkpoints are named as infotexts name them", () => {
  const image = (infotext: string | null) => ({
    path: "a.png",
    file: "a.png",
    day: "2026-11-24",
    width: 8,
    height: 8,
    createdAt: 0,
    infotext,
  });
  const texts = [null, `a\n${SETTINGS}`, `a\n${SETTINGS}, Model: one`, `a\n${SETTINGS}, Model: "two, better", Seed: 1`];
  expect(checkpointsOf([...texts, texts[2]!].map(image))).toEqual(["one", "two, better"]);
  expect(infotextName("sub/my.model.safetensors")).toBe("my.model");
});

test("only what differs is compared, also what one of the two does not say", () => {
  expect(differences(`a cat\n${SETTINGS}, Model: one`, `a dog\nNegative prompt: sad\n${SETTINGS}`)).toEqual([
    { name: "Prompt", left: "a cat", right: "a dog" },
    { name: "Negative prompt", left: "", right: "sad" },
    { name: "Model", left: "one", right: "" },
  ]);
  expect(differences(null, null)).toEqual([]);
});
