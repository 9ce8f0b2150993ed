/** @file A job keeps its own reason when the job list cannot be written at its end. */
import { LexemeError } from "@lexeme/core";
import { toWireError } from "@lexeme/protocol";
import { testJob } from "@lexeme/protocol/testing";
import { expect, test } from "vitest";
import { EventLog } from "../../events/event-log.ts";
import { newJob } from "../new-job.ts";
import type { StoredJob } from "../store/job-row.ts";
import type { JobStore } from "../store/job-store.ts";
import { MetricStore } from "../store/metric-store.ts";
import { LaneJobs, type LaneJobsParts } from "./lane-jobs.ts";

/** A list that changes in memory, as the real list does, and whose disk is full as soon as `isFull`. */
function listOnDisk(job: StoredJob) {
  let current = job;
  const disk = { isFull: false };
  const change = (part: Partial<StoredJob>): StoredJob => (current = { ...current, ...part });
  const store = {
    get: () => current,
    unfinished: () => [],
    note: (_id: string, part: Partial<StoredJob>) => change(part),
    async update(_id: string, part: Partial<StoredJob>) {
      change(part);
      const cause = Object.assign(new Error("could not extend file"), { code: "53100" });
      if (disk.isFull) throw new Error("Failed query", { cause });
      return current;
    },
  } as unknown as JobStore;
  return { disk, store };
}

test("a failed job keeps its true reason though the disk of the job list is full", async () => {
  const job = newJob(testJob({ kind: "txt2img", settings: {} }).request, null, {});
  const { disk, store } = listOnDisk(job);
  const reason = toWireError(new LexemeError("NO_PICTURES", "There are no pictures here"));
  const worker = {
    goOn: () => undefined,
    async run() {
      disk.isFull = true;
      return { type: "failed", jobId: job.id, error: reason };
    },
  };
  const errors: unknown[] = [];
  const lanes = new LaneJobs({
    events: new EventLog(),
    metrics: new MetricStore(),
    workers: { device: worker, pictures: worker },
    sentFolders: "/nowhere",
    workOf: () => Promise.resolve({}),
    savedBy: () => Promise.resolve(undefined),
    reachedBy: () => Promise.resolve(undefined),
    listChanged: () => undefined,
    asked: { cancelling: new Set<string>(), interrupted: new Set<string>() },
    onTurnOver: () => undefined,
    onError: (error: unknown) => errors.push(error),
  } as unknown as LaneJobsParts);
  await lanes.run(job.id, { store, lane: "device" });
  expect(errors).toHaveLength(1);
  expect(store.get(job.id)).toMatchObject({ state: "failed", error: { code: "NO_PICTURES" } });
});
