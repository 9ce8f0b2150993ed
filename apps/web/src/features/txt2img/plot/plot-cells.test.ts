/** @file Cells of a plot while it is drawn, stopped, and after deletions. */
import { XyzPlotSettingsSchema } from "@lexeme/domain/plot";
import type { Seed } from "@lexeme/domain/settings";
import type { Artifact, JobProgress, JobState } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { testJob } from "@lexeme/protocol/testing";
import { expect, it } from "vitest";
import { plotTable } from "./plot-cells.ts";

const settings = XyzPlotSettingsSchema.parse({
  prompt: "a cat",
  xType: "Seed",
  xValues: "7, -1",
  yType: "Prompt S/R",
  yValues: "cat, dog",
});

function picture(x: number, y: number, seed: Seed = "7"): Artifact {
  return { kind: "image", path: `${x}${y}.png`, seed, cell: { x, y, z: 0 } };
}

function job(state: JobState, artifacts: Artifact[]): Job {
  return testJob({ kind: "xyz-plot", settings }, { state, results: { artifacts, warnings: [] } });
}

function at(index: number): JobProgress {
  return { phase: "drawing", step: 1, steps: 9, secondsPerStep: null, etaSeconds: null, image: { index, count: 4 } };
}

function kinds(table: ReturnType<typeof plotTable>): string[] {
  return [0, 1].flatMap((y) => [0, 1].map((x) => table.slotAt({ x, y, z: 0 }).kind));
}

it("fills in cell by cell, in the order of drawing", () => {
  const table = plotTable(job("running", [picture(0, 0)]), { progress: at(2), deleted: {} });
  expect(kinds(table)).toEqual(["finished", "drawing", "waiting", "waiting"]);
  expect(table).toMatchObject({ columns: ["Seed: 7", "Seed: -1"], rows: ["cat", "dog"], layers: [""], grids: [] });
});

it("names a random seed by the seed that was drawn", () => {
  const table = plotTable(job("running", [picture(0, 0), picture(1, 0, "1234")]), { progress: at(3), deleted: {} });
  expect(table.columns).toEqual(["Seed: 7", "Seed: 1234"]);
});

it("leaves cells blank that were not drawn or were deleted, and knows the grid", () => {
  const grid: Artifact = { kind: "grid", path: "grid.png" };
  const table = plotTable(job("done", [picture(0, 0), picture(0, 1), grid]), {
    progress: null,
    deleted: { "01.png": 1 },
  });
  expect(kinds(table)).toEqual(["finished", "gone", "gone", "gone"]);
  expect(table.grids).toEqual([grid]);
});

it("takes the later picture of a cell that was drawn again", () => {
  const again = { ...picture(0, 0), path: "again.png" };
  const table = plotTable(job("running", [picture(0, 0), again]), { progress: at(2), deleted: {} });
  expect(table.slotAt({ x: 0, y: 0, z: 0 })).toEqual({ kind: "finished", picture: again });
});
