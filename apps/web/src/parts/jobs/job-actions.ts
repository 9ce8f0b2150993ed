/** @file The user's actions on a job: start, stop, cancel, draw now, try again. The answer goes into the store before the socket reports it. */
import { LexemeError } from "@lexeme/core";
import type { JobRequest } from "@lexeme/domain/jobs";
import type { Job, RouteName } from "@lexeme/protocol";
import { useEffect, useRef, useState } from "react";
import { connectionStore } from "../../state/connection.ts";
import { applyEvents, applyJob } from "../../state/jobs.ts";
import { showError } from "../../ui/feedback/toast.ts";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { call } from "../../api/client.ts";

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

/** Takes an ended job off the list; a failure is shown by a toast. */
export async function removeJob(id: string): Promise<void> {
  try {
    await call("removeJob", { params: { id } });
    applyEvents([{ type: "job-removed", jobId: id }]);
  } catch (error) {
    showError(error);
  }
}

async function act(action: JobAction, id: string): Promise<Job | null> {
  try {
    const job = await call(action, { params: { id } });
    applyJob(job);
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
    if (isStarting.current) return null;
    isStarting.current = true;
    setBusy(true);
    setRefusal(null);
    try {
      const job = await call("createJob", { body: request });
      applyJob(job);
      return job;
    } catch (error) {
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
