/** @file The drawing that txt2img shows. */
import { expect, test } from "vitest";
import { drawingRow } from "../../testing/rows.ts";
import { shownDrawing } from "./shown-job.ts";

const own = drawingRow({}, { id: "own", state: "done", createdAt: 1 });
const programs = drawingRow({}, { id: "programs", state: "running", createdAt: 2, byProgram: true });
const next = drawingRow({}, { id: "next", state: "queued", createdAt: 3 });

test("a program's drawing does not take the place of the user's picture", () => {
  expect(shownDrawing([programs, own], null)?.id).toBe("own");
  expect(shownDrawing([next, programs, own], null)?.id).toBe("next");
});

test("a program's drawing is shown if it was chosen, or if there is no other", () => {
  expect(shownDrawing([programs, own], "programs")?.id).toBe("programs");
  expect(shownDrawing([programs], null)?.id).toBe("programs");
  expect(shownDrawing([], "gone")).toBeNull();
});
