/** @file An X/Y/Z plot as a table: labels of its axes, and the present state of each cell. */
import {
  axisRow,
  planXyzPlot,
  xyzCells,
  xyzLabel,
  type XyzAxis,
  type XyzCell,
  type XyzPlan,
  type XyzPlotSettings,
} from "@lexeme/domain/plot";
import type { Seed } from "@lexeme/domain/settings";
import type { Artifact, JobProgress } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { isDeleted, type DeletedPictures } from "../../../state/deleted-pictures.ts";
import type { Slot } from "../result/batch.ts";

export interface PlotTable {
  /** Labels of columns, rows and grids; empty texts for an axis of the type Nothing. */
  columns: string[];
  rows: string[];
  layers: string[];
  slotAt: (cell: XyzCell) => Slot;
  /** Labelled grids that were made, the whole grid first. */
  grids: Artifact[];
  /** Cell being drawn now. */
  drawing: XyzCell | null;
}

/** Reads job and progress. A cell that was drawn twice, for example after a lost worker, shows the later picture. */
export function plotTable(
  job: Job,
  { progress, deleted }: { progress: JobProgress | null; deleted: DeletedPictures },
): PlotTable {
  const settings = job.request.settings as XyzPlotSettings;
  const plan = planXyzPlot(settings);
  const pictures = new Map<string, Artifact>();
  for (const artifact of job.results.artifacts) {
    if (artifact.kind === "image" && artifact.cell !== undefined) pictures.set(keyOf(artifact.cell), artifact);
  }
  const running = job.state === "running";
  const drawing = (running && progress?.image && xyzCells(plan)[progress.image.index - 1]) || null;
  return {
    columns: labelsOf(plan.x, { plan, settings, pictures }),
    rows: labelsOf(plan.y, { plan, settings, pictures }),
    layers: labelsOf(plan.z, { plan, settings, pictures }),
    grids: job.results.artifacts.filter(
      ({ kind, path }) => kind === "grid" && !isDeleted(deleted, path, job.createdAt),
    ),
    drawing,
    slotAt(cell) {
      const picture = pictures.get(keyOf(cell));
      if (picture)
        return isDeleted(deleted, picture.path, job.createdAt) ? { kind: "gone" } : { kind: "finished", picture };
      if (drawing && keyOf(drawing) === keyOf(cell)) return { kind: "drawing" };
      return running || job.state === "queued" ? { kind: "waiting" } : { kind: "gone" };
    },
  };
}

/** The labels of an axis. A seed of -1 is named by the seed that was drawn, once a picture is there. */
function labelsOf(
  axis: XyzAxis,
  { plan, settings, pictures }: { plan: XyzPlan; settings: XyzPlotSettings; pictures: ReadonlyMap<string, Artifact> },
): string[] {
  return axis.values.map((value, index) => {
    const isRandom = !settings.keepRandomSeeds && axisRow(axis.type).isRandom?.(value) === true;
    const seed = isRandom ? seedDrawn(axis, index, { plan, pictures }) : undefined;
    return xyzLabel(axis, seed ?? value, settings.xyzEmbedding);
  });
}

function seedDrawn(
  { name }: XyzAxis,
  index: number,
  { plan, pictures }: { plan: XyzPlan; pictures: ReadonlyMap<string, Artifact> },
): Seed | undefined {
  const cells = xyzCells(plan).filter((cell) => cell[name] === index);
  return cells.map((cell) => pictures.get(keyOf(cell))?.seed).find((seed) => seed !== undefined);
}

function keyOf({ x, y, z }: XyzCell): string {
  return `${x},${y},${z}`;
}
