/** @file What a person can do with a job: start, stop, cancel, try again. The answer goes into the store before the socket tells of it. */
import type { Job, JobRequest, RouteName } from "@lexeme/protocol";
import { useState } from "react";
import { toast } from "sonner";
import type { z } from "zod";
import type { FormStore } from "../state/form-store.ts";
import { applyJob } from "../state/jobs.ts";
import { call, messageOf } from "./client.ts";

type JobAction = Extract<RouteName, "stopJob" | "cancelJob" | "retryJob">;

/** Stops, cancels or retries a job; a failure has no field to stand beside, so it is a toast. */
export async function actOnJob(action: JobAction, id: string): Promise<Job | null> {
  try {
    const job = await call(action, { params: { id } });
    applyJob(job);
    return job;
  } catch (error) {
    toast.error(messageOf(error));
    return null;
  }
}

export interface JobStarter<S> {
  start: (settings: S) => Promise<Job | null>;
  busy: boolean;
  /** Why the last start was refused, when that belongs beside no field. */
  problem: string | null;
}

/** Queues jobs of one kind from a form; an error that names a field goes beside it. */
export function useJobStarter<K extends JobRequest["kind"]>(
  kind: K,
  form: Pick<FormStore<z.ZodObject>, "placeError">,
): JobStarter<Extract<JobRequest, { kind: K }>["settings"]> {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function start(settings: Extract<JobRequest, { kind: K }>["settings"]): Promise<Job | null> {
    setBusy(true);
    setProblem(null);
    try {
      const job = await call("createJob", { body: { kind, settings } as JobRequest });
      applyJob(job);
      return job;
    } catch (error) {
      if (!form.placeError(error)) setProblem(messageOf(error));
      return null;
    } finally {
      setBusy(false);
    }
  }
  return { start, busy, problem };
}
