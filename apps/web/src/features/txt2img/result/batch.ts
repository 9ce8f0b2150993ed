/** @file The present state of a txt2img job's pictures: which are finished, which is being drawn, which one to show. */
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import type { Artifact, JobProgress } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { isDeleted, type DeletedPictures } from "../../../state/deleted-pictures.ts";

export type Slot =
  | { kind: "finished"; picture: Artifact }
  | { kind: "drawing" }
  | { kind: "waiting" }
  /** Was finished, then deleted, or never drawn because the job ended before. */
  | { kind: "gone" };

export interface Batch {
  slots: Slot[];
  /** The picture of all pictures; undefined if there is none. */
  grid: Artifact | undefined;
  /** Slot being drawn now; null when the job does not run. */
  drawing: number | null;
}

/** Stands in place of a slot's number if the grid is chosen. */
export const GRID_SHOWN = -1;

/** One slot for each picture asked for, in the order they are drawn. */
export function batchOf(job: Job, now: { progress: JobProgress | null; deleted: DeletedPictures }): Batch {
  const settings = job.request.settings as Txt2imgSettings;
  const pictures = job.results.artifacts.filter((artifact) => artifact.kind === "image");
  const count = Math.max(settings.nIter * settings.batchSize, pictures.length);
  const running = job.state === "running";
  const drawing =
    running && pictures.length < count ? Math.max(pictures.length, (now.progress?.image?.index ?? 1) - 1) : null;
  const slots = Array.from({ length: count }, (_, i): Slot => {
    const picture = pictures[i];
    if (picture)
      return isDeleted(now.deleted, picture.path, job.createdAt) ? { kind: "gone" } : { kind: "finished", picture };
    if (i === drawing) return { kind: "drawing" };
    return running || job.state === "queued" ? { kind: "waiting" } : { kind: "gone" };
  });
  const grid = job.results.artifacts.findLast(
    ({ kind, path }) => kind === "grid" && !isDeleted(now.deleted, path, job.createdAt),
  );
  return { slots, grid, drawing };
}

/** The slot to show: the one that the user chose (or the grid), else the one being drawn, else the newest finished picture, else the first. */
export function shownSlot(batch: Batch, chosen: number | null): number {
  if (chosen === GRID_SHOWN && batch.grid !== undefined) return GRID_SHOWN;
  if (chosen !== null && chosen >= 0 && chosen < batch.slots.length) return chosen;
  if (batch.drawing !== null) return batch.drawing;
  return Math.max(
    0,
    batch.slots.findLastIndex((slot) => slot.kind === "finished"),
  );
}
