/** @file Slots of a batch while it is drawn, stopped, and after deletions. */
import type { JobState } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { testJob } from "@lexeme/protocol/testing";
import { expect, it } from "vitest";
import { batchOf, GRID_SHOWN, shownSlot } from "./batch.ts";

function job(state: JobState, finished: number): Job {
  const artifacts = Array.from({ length: finished }, (_, i) => ({ kind: "image" as const, path: `${i}.png` }));
  return testJob({ kind: "txt2img", settings: { nIter: 4 } }, { state, results: { artifacts, warnings: [] } });
}

const NOTHING = { progress: null, deleted: {} };
const kinds = (batch: { slots: { kind: string }[] }) => batch.slots.map((slot) => slot.kind);

it("draws one after the other", () => {
  const batch = batchOf(job("running", 2), NOTHING);
  expect(kinds(batch)).toEqual(["finished", "finished", "drawing", "waiting"]);
  expect(shownSlot(batch, null)).toBe(2);
  expect(shownSlot(batch, 0)).toBe(0);
});

it("shows all slots as waiting while the job waits", () => {
  expect(kinds(batchOf(job("queued", 0), NOTHING))).toEqual(["waiting", "waiting", "waiting", "waiting"]);
});

it("leaves undrawn slots empty once stopped, and shows the last finished", () => {
  const batch = batchOf(job("done", 2), NOTHING);
  expect(kinds(batch)).toEqual(["finished", "finished", "gone", "gone"]);
  expect(shownSlot(batch, null)).toBe(1);
});

it("shows the grid when it is chosen, and a picture once the grid is deleted", () => {
  const drawn = job("done", 4);
  drawn.results.artifacts.push({ kind: "grid", path: "grid.png" });
  const batch = batchOf(drawn, NOTHING);
  expect(kinds(batch)).toHaveLength(4);
  expect([shownSlot(batch, GRID_SHOWN), shownSlot(batch, null)]).toEqual([GRID_SHOWN, 3]);
  const without = batchOf(drawn, { progress: null, deleted: { "grid.png": 1 } });
  expect([without.grid, shownSlot(without, GRID_SHOWN)]).toEqual([undefined, 3]);
});

it("shows another picture once the newest is deleted", () => {
  const batch = batchOf(job("done", 4), { progress: null, deleted: { "3.png": 1 } });
  expect(kinds(batch)).toEqual(["finished", "finished", "finished", "gone"]);
  expect(shownSlot(batch, null)).toBe(2);
});
