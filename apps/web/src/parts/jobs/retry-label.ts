/** @file The step that a retried job goes on from, for every button that retries a job. */
import { JOB_KINDS } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { formatCount } from "../../ui/text/format.ts";

/** The newest step that the job reported as saved; 0 for a job that begins again. */
export function savedStep({ request, results }: Job): number {
  const saves = JOB_KINDS[request.kind].resumption?.saves ?? [];
  const steps = results.artifacts.filter(({ kind }) => saves.includes(kind)).map(({ step }) => step ?? 0);
  return Math.max(0, ...steps);
}

/** "Go on from step 150", or "Try again" where nothing was saved. */
export function retryLabel(savedSteps: number): string {
  return savedSteps === 0 ? "Try again" : `Go on from step ${formatCount(savedSteps)}`;
}
