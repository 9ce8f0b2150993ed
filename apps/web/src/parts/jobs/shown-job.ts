/** @file Chooses the job that a tab's result area shows. */
import type { Job } from "@lexeme/protocol";
import type { DrawingChoice } from "../../state/drawing-choice.ts";
import { waitingInOrder } from "./waiting-order.ts";

/** The running job, else the first that waits (so that a start is seen at once), else the newest that ended. `jobs` are newest first. */
export function shownJob(jobs: readonly Job[]): Job | null {
  return jobs.find((job) => job.state === "running") ?? waitingInOrder(jobs)[0] ?? jobs[0] ?? null;
}

/**
 * The chosen job, else the one of `shownJob` among those that this tab started, else among the jobs of pages: a drawing of another tab or of a
 * program does not take the place of a picture that a user looks at.
 */
export function shownDrawing(jobs: readonly Job[], { chosen, started }: DrawingChoice): Job | null {
  const ids = new Set(started);
  const own = jobs.filter(({ id }) => ids.has(id));
  const ofPages = jobs.filter(({ byProgram }) => byProgram !== true);
  return jobs.find(({ id }) => id === chosen) ?? shownJob(own) ?? shownJob(ofPages) ?? shownJob(jobs);
}
