/** @file How the page shows jobs of one kind, wherever it shows jobs of all kinds. */
import type { JobState } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import type { TabPath } from "../tabs/tabs.ts";

export interface JobView {
  /** Where such a job is started and seen. */
  readonly tab: TabPath;
  /** What its progress counts. */
  readonly unit: "step" | "picture";
  /** How a sentence names a job that something else waits for. */
  readonly name: (job: Job) => string;
  /** Whether the list of jobs shows one in that state. */
  readonly isListed: (state: JobState) => boolean;
}

/** What most kinds do: the title as a name, and always listed. */
export const USUAL_VIEW: Pick<JobView, "unit" | "name" | "isListed"> = {
  unit: "step",
  name: ({ title }) => title,
  isListed: () => true,
};
