/** @file A deleted picture stays deleted, and a picture that was drawn later under the same name does not. */
import { expect, it } from "vitest";
import { isDeleted } from "./deleted-pictures.ts";

it("a picture is gone once it was deleted, and one drawn later under its name is there", () => {
  const deleted = { "1.png": 2000 };
  expect(isDeleted(deleted, "1.png", 1000)).toBe(true);
  expect(isDeleted(deleted, "1.png", 3000)).toBe(false);
  expect(isDeleted(deleted, "2.png", 1000)).toBe(false);
});
