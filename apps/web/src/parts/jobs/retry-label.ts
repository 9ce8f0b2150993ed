/** @file The step that a job goes on from, for every button that retries it. */
import { JOB_KINDS } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { formatCount } from "../../ui/text/format.ts";

/** The newest step that the job saved; 0 for a job that begins again. */
export function savedStep({ request, results }: Job): number {
  const saves = JOB_KINDS[request.kind].resumption?.saves ?? [];
  const steps = results.artifacts.filter(({ kind }) => saves.includes(kind)).map(({ step }) => step ?? 0);
  return Math.max(0, ...steps);
}

/** "Go on from step 150", or "Try again" for a job that saved nothing. */
export function retryLabel(job: Job): string {
  const step = savedStep(job);
  return step === 0 ? "Try again" : `Go on from step ${formatCount(step)}`;
}
