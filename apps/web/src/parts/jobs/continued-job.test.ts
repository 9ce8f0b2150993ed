/** @file A failure is past after a later job continued the work. */
import { expect, it } from "vitest";
import { drawingRow, trainingRow } from "../../testing/rows.ts";
import { isContinued } from "./continued-job.ts";

const failed = trainingRow({}, { id: "1", state: "failed", createdAt: 1 });

it("a failure is past while and after the embedding is trained again", () => {
  const later = (state: "running" | "done" | "failed", change = {}) =>
    trainingRow({ steps: 9 }, { id: "2", state, createdAt: 2, ...change });
  expect(isContinued(failed, [failed])).toBe(false);
  expect(isContinued(failed, [later("running"), failed])).toBe(true);
  expect(isContinued(failed, [later("done"), failed])).toBe(true);
  expect(isContinued(failed, [later("failed"), failed])).toBe(false);
  const artifacts = [{ kind: "copy" as const, path: "mira-8.pt", step: 8 }];
  expect(isContinued(failed, [later("failed", { results: { artifacts, warnings: [] } }), failed])).toBe(true);
});

it("a training of another embedding, or an older training, does not make the failure past", () => {
  expect(isContinued(failed, [trainingRow({ embeddingName: "vera" }, { state: "done", createdAt: 2 })])).toBe(false);
  expect(isContinued(failed, [trainingRow({}, { state: "done", createdAt: 0 })])).toBe(false);
});

it("a drawing's failure is past after the same drawing was made", () => {
  const drawing = drawingRow({ prompt: "a cat" }, { state: "failed", createdAt: 1 });
  const again = (prompt: string) => drawingRow({ prompt, checkpoint: "demo" }, { state: "done", createdAt: 2 });
  expect(isContinued(drawing, [again("a cat")])).toBe(true);
  expect(isContinued(drawing, [again("a dog")])).toBe(false);
});
