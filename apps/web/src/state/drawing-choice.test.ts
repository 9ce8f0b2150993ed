// @vitest-environment happy-dom
/** @file The drawings that a tab follows. */
import { beforeEach, expect, test } from "vitest";
import { chooseDrawing, followDrawing, followInstead, forgetDrawings } from "./drawing-choice.ts";

const followed = (): unknown => JSON.parse(sessionStorage.getItem("lexeme.started-drawings") ?? "{}").state?.started;

beforeEach(() => forgetDrawings());

test("a drawing that is tried again stays followed, whether the tab started it or opened it from the list", () => {
  followDrawing("first");
  followInstead("first", "second");
  expect(followed()).toEqual(["first", "second"]);
  followInstead("another tab's", "third");
  expect(followed()).toEqual(["first", "second"]);
  chooseDrawing("another tab's");
  followInstead("another tab's", "third");
  expect(followed()).toEqual(["first", "second", "third"]);
});
