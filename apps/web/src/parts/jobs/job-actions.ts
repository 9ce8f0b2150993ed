/** @file The user's actions on jobs: start, stop, cancel, draw now, try again, move, clear. The answer goes into the store before the socket reports it. */
import { LexemeError } from "@lexeme/core";
import type { JobRequest } from "@lexeme/domain/jobs";
import type { Job, RouteName } from "@lexeme/protocol";
import { useEffect, useRef, useState } from "react";
import { connectionStore } from "../../state/connection.ts";
import { followInstead } from "../../state/drawing-choice.ts";
import { applyEvents, applyJob, jobsStore } from "../../state/jobs.ts";
import { formatPlural } from "../../ui/text/format.ts";
import { showDone, showError } from "../../ui/feedback/toast.ts";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { call } from "../../api/client.ts";
import { DoublePress } from "../../api/double-press.ts";

type JobAction = Extract<RouteName, "stopJob" | "cancelJob" | "goFirstJob" | "retryJob">;

/** Actions that wait for the server's answer: a second press of the same button joins the first. */
const running = new Map<string, Promise<Job | null>>();

/** Stops, cancels or retries a job, or lets it go first; a failure belongs to no field, so a toast shows it. */
export function actOnJob(action: JobAction, id: string): Promise<Job | null> {
  const key = `${action} ${id}`;
  const answer = running.get(key) ?? act(action, id).finally(() => running.delete(key));
  running.set(key, answer);
  return answer;
}

/** Of all forms: two buttons can start the same job. */
const starts = new DoublePress();

/** Takes an ended job off the list; a failure is shown by a toast. */
export async function removeJob(id: string): Promise<void> {
  try {
    await call("removeJob", { params: { id } });
    applyEvents([{ type: "job-removed", jobId: id }]);
  } catch (error) {
    showError(error);
  }
}

/** Moves a waiting job before another, or to the end. `position` is its place until the server answers. */
export async function moveJob(job: Job, before: string | null, position: number): Promise<void> {
  applyEvents([{ type: "job", job: { ...job, position } }]);
  try {
    await call("moveJob", { params: { id: job.id }, body: { before } });
  } catch (error) {
    showError(error);
    // Its own event tells a job that began meanwhile.
    if (jobsStore.getState().jobs[job.id]?.state === "queued") applyEvents([{ type: "job", job }]);
  }
}

/** Takes all ended jobs off the list. */
export async function clearJobs(): Promise<void> {
  try {
    const { removed } = await call("clearJobs", {});
    showDone(`${formatPlural(removed, "job")} taken off the list`);
  } catch (error) {
    showError(error);
  }
}

export async function cancelWaitingJobs(): Promise<void> {
  try {
    const { cancelled } = await call("cancelWaitingJobs", {});
    showDone(`${formatPlural(cancelled, "job")} cancelled`);
  } catch (error) {
    showError(error);
  }
}

async function act(action: JobAction, id: string): Promise<Job | null> {
  try {
    const job = await call(action, { params: { id } });
    applyJob(job);
    if (action === "retryJob") followInstead(id, job.id);
    return job;
  } catch (error) {
    showError(error);
    return null;
  }
}

export interface JobStarter {
  start: (request: JobRequest) => Promise<Job | null>;
  busy: boolean;
  /** Why the last start was refused, if the reason belongs to no field. */
  problem: string | null;
}

/** Queues jobs from a form; an error that names a field goes beside it. */
export function useJobStarter(form: { placeError: (error: unknown) => boolean }): JobStarter {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  // A lost server is no reason any more once it is found again.
  useEffect(
    () =>
      connectionStore.subscribe(({ socket }) => {
        if (socket === "open") setRefusal((known: unknown) => (isUnreachable(known) ? null : known));
      }),
    [],
  );
  // Two presses can come before the page is drawn again.
  const isStarting = useRef(false);
  async function start(request: JobRequest): Promise<Job | null> {
    if (isStarting.current || !starts.begins(request)) return null;
    isStarting.current = true;
    setBusy(true);
    setRefusal(null);
    try {
      const job = await call("createJob", { body: request });
      applyJob(job);
      return job;
    } catch (error) {
      starts.refused();
      if (!form.placeError(error)) setRefusal(error);
      return null;
    } finally {
      isStarting.current = false;
      setBusy(false);
    }
  }
  return { start, busy, problem: refusal === null ? null : messageOf(refusal) };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof LexemeError && error.code === "SERVER_UNREACHABLE";
}
