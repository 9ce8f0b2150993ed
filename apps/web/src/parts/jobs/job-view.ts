/** @file How the page shows jobs of one kind, wherever it shows jobs of all kinds. */
import type { JobState } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import type { TabPath } from "../tabs/tabs.ts";

export interface JobView {
  /** The tab in which such a job is started and shown. */
  readonly tab: TabPath;
  /** Called before the tab opens, so that it shows this job. */
  readonly show: (job: Job) => void;
  /** Whether the tab shows this job with buttons of its own that end it; on a phone no other button says the same. */
  readonly endsOnTab: (job: Job) => boolean;
  /** Calls the listener whenever the answer of `endsOnTab` may have changed; returns the way to stop that. */
  readonly watchTab: (listener: () => void) => () => void;
  /** The unit that its progress counts. */
  readonly unit: "step" | "picture";
  /** How a sentence names a job that something else waits for. */
  readonly name: (job: Job) => string;
  /** A sentence of the guide through the demo's story while such a job runs; null for a job that is no part of the story. */
  readonly story: string | null;
  /** Whether the list of jobs shows such a job in that state. */
  readonly isListed: (state: JobState) => boolean;
}

/** The values of most kinds: named by the title, and always listed. */
export const USUAL_VIEW: Pick<JobView, "show" | "endsOnTab" | "watchTab" | "unit" | "name" | "story" | "isListed"> = {
  show: () => undefined,
  endsOnTab: () => false,
  watchTab: () => () => undefined,
  unit: "step",
  name: ({ title }) => title,
  story: null,
  isListed: () => true,
};
