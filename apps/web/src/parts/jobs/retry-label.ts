/** @file The step that a retried job goes on from, for every button that retries a job. */
import { formatCount } from "../../ui/text/format.ts";

/** "Go on from step 150", or "Try again" where nothing was saved. */
export function retryLabel(savedSteps: number): string {
  return savedSteps === 0 ? "Try again" : `Go on from step ${formatCount(savedSteps)}`;
}
