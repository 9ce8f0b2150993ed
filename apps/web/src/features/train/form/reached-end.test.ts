/** @file The end of a training that is reached already. */
import { expect, test } from "vitest";
import { reachedEnd } from "./reached-end.ts";

test.each([
  ["one rate", "0.005", 800, 400],
  ["a schedule without an end", "5e-2:100, 5e-3", 800, 400],
  ["few steps", "0.005", 2, 100],
  ["many steps", "0.005", 20_000, 1000],
])("%s: says that all steps are done, and offers more", (_, learnRate, steps, more) => {
  expect(reachedEnd({ learnRate, steps }, steps)).toEqual({
    line: `All ${steps.toLocaleString("en")} steps are done`,
    more,
  });
});

test("a lower Max steps than the step that is reached offers more steps than are done", () => {
  expect(reachedEnd({ learnRate: "0.005", steps: 100 }, 800)).toEqual({ line: "All 800 steps are done", more: 400 });
});

test("a learning rate that ends needs another rate first", () => {
  const line = "Step 500 is reached, and the learning rate ends at step 500: add a rate for more steps";
  expect(reachedEnd({ learnRate: "5e-2:100, 5e-3:500", steps: 800 }, 500)).toEqual({ line, more: null });
  expect(reachedEnd({ learnRate: "5e-2:100, 5e-3:500", steps: 500 }, 500)).toEqual({ line, more: null });
});

test("nothing is said while steps are left, or while the rate cannot be read", () => {
  expect(reachedEnd({ learnRate: "0.005", steps: 800 }, 799)).toBeNull();
  expect(reachedEnd({ learnRate: "5e-x", steps: 800 }, 800)).toBeNull();
});
