/** @file The drawing that txt2img shows. */
import type { Job } from "@lexeme/protocol";
import { expect, test } from "vitest";
import { drawingRow } from "../../testing/rows.ts";
import { shownDrawing } from "./shown-job.ts";

const own = drawingRow({}, { id: "own", state: "done", createdAt: 1 });
const programs = drawingRow({}, { id: "programs", state: "running", createdAt: 2, byProgram: true });
const next = drawingRow({}, { id: "next", state: "queued", createdAt: 3 });

test("a program's drawing does not take the place of the user's picture", () => {
  expect(shownDrawing([programs, own], { chosen: null, started: [] })?.id).toBe("own");
  expect(shownDrawing([next, programs, own], { chosen: null, started: [] })?.id).toBe("next");
});

test("a program's drawing is shown if it was chosen, or if there is no other", () => {
  expect(shownDrawing([programs, own], { chosen: "programs", started: [] })?.id).toBe("programs");
  expect(shownDrawing([programs], { chosen: null, started: [] })?.id).toBe("programs");
  expect(shownDrawing([], { chosen: "gone", started: [] })).toBeNull();
});

test("a tab shows the drawings that it started, not those of another tab", () => {
  const of = (id: string): Job => ({ ...own, id });
  const [second, first] = [of("second"), of("first")];
  expect(shownDrawing([second, first], { chosen: null, started: ["first"] })?.id).toBe("first");
  expect(shownDrawing([second, first], { chosen: null, started: ["long gone"] })?.id).toBe("second");
});
