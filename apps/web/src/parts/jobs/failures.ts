/** @file Jobs that failed and were not continued: all of them, and those that this browser has not shown in the list of jobs yet. */
import { useLocalStorage } from "@mantine/hooks";
import type { Job } from "@lexeme/protocol";
import { useCallback } from "react";
import { useJobs, type JobsState } from "../../state/jobs.ts";
import { isContinued } from "./continued-job.ts";
import { viewOf } from "./job-kinds.ts";

const SEEN_KEY = "lexeme.seen-failures";
/** The server lists fewer jobs. */
const MOST_SEEN = 1000;

/** Many components ask at every event, and only few events change a job. */
const known = new WeakMap<JobsState["jobs"], readonly Job[]>();

/** Listed jobs that failed and that no later job continued, newest first. */
export function useFailures(): readonly Job[] {
  return useJobs(({ jobs }) => failuresAmong(jobs));
}

function failuresAmong(jobs: JobsState["jobs"]): readonly Job[] {
  const before = known.get(jobs);
  if (before !== undefined) return before;
  const all = Object.values(jobs);
  const failures = all
    .filter((job) => job.state === "failed" && viewOf(job).isListed(job.state) && !isContinued(job, all))
    .toSorted((a, b) => b.createdAt - a.createdAt);
  known.set(jobs, failures);
  return failures;
}

export interface UnseenFailures {
  count: number;
  /** The list of jobs shows these failures. */
  markSeen: (failures: readonly Job[]) => void;
}

/** All tabs of this browser share what was seen; another browser has seen nothing. */
export function useUnseenFailures(): UnseenFailures {
  const failures = useFailures();
  const [stored, setStored] = useLocalStorage<readonly string[]>({
    key: SEEN_KEY,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const seen = new Set(Array.isArray(stored) ? stored : []);
  const markSeen = useCallback(
    (shown: readonly Job[]) =>
      setStored((before) => {
        const keys = [...new Set([...shown.map(keyOf), ...(Array.isArray(before) ? before : [])])];
        return keys.length === before.length ? before : keys.slice(0, MOST_SEEN);
      }),
    [setStored],
  );
  return { count: failures.filter((job) => !seen.has(keyOf(job))).length, markSeen };
}

/** A job that was tried again and failed again is another failure. */
function keyOf({ id, finishedAt }: Job): string {
  return `${id}@${finishedAt ?? ""}`;
}
