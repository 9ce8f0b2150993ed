/** @file Decides a job's next state: a pure function of the job's facts and of the event. The rules are numbered in SPEC.md. */
import { isFinished, type JobState } from "@lexeme/domain/jobs";
import type { WireError } from "@lexeme/protocol";

/** A lost worker costs one attempt. After the second lost worker the job itself is probably the cause. */
export const MAX_ATTEMPTS = 2;

/** The facts about a job that the decision depends on. */
export interface JobStanding {
  /** For a kind that saves while it runs: the message for an interrupted job. Null for any other kind. */
  resumption: { interrupted: string } | null;
  state: JobState;
  attempt: number;
  /** The user has requested a stop. */
  stopping: boolean;
  /** A cancel was requested and is not answered yet. */
  cancelling: boolean;
  /** The server is stopping and asked the job to end. */
  interrupted: boolean;
  /** The job's pictures are only for a program that waits for them. */
  sent: boolean;
  /** Title of the job that waits meanwhile, for a job that goes before its next step. */
  beside?: string | undefined;
}

export type JobHappening =
  | { type: "taken" }
  | { type: "cancel asked" }
  | { type: "stop asked" }
  | { type: "worker done" }
  | { type: "worker cancelled" }
  | { type: "worker failed"; error: WireError }
  | { type: "worker lost"; error: WireError }
  | { type: "server was killed" };

export interface JobVerdict {
  state: JobState;
  attempt: number;
  /** Present when the job ends with an error, or waits because of it. */
  error?: WireError;
  /** True when the job no longer goes before the next step of another job. */
  losesTurn?: true;
  /** The rule that decided, for the log and the tests. */
  rule: string;
}

export function decide(job: JobStanding, happening: JobHappening): JobVerdict {
  const { state, attempt } = job;
  const stay = (rule: string): JobVerdict => ({ state, attempt, rule });
  if (isFinished(state)) return stay("A4");
  switch (happening.type) {
    case "taken":
      return state === "queued" ? { state: "running", attempt, rule: "S2" } : stay("S3");
    case "cancel asked":
      return state === "queued" ? { state: "cancelled", attempt, rule: "A1" } : stay("A2");
    case "stop asked":
      return state === "queued" ? { state: "cancelled", attempt, rule: "A1" } : stay("A3");
    case "worker done":
      if (job.cancelling) return { state: "cancelled", attempt, rule: "E3" };
      if (job.interrupted && job.resumption !== null)
        return { state: "failed", attempt, error: interrupted(job.resumption.interrupted), rule: "E4" };
      return { state: "done", attempt, rule: "E1" };
    case "worker cancelled":
      return { state: "cancelled", attempt, rule: "E3" };
    case "worker failed":
      if (job.cancelling) return { state: "cancelled", attempt, rule: "E3" };
      if (job.beside !== undefined && happening.error.code === "OUT_OF_MEMORY") return noRoom(job, job.beside);
      return { state: "failed", attempt, error: happening.error, rule: "E2" };
    case "worker lost":
      return afterLostWorker(job, happening.error);
    case "server was killed":
      return afterLostServer(job, "server was killed");
  }
}

function afterLostWorker(job: JobStanding, error: WireError): JobVerdict {
  const { attempt } = job;
  if (job.cancelling) return { state: "cancelled", attempt, rule: "L1" };
  if (job.interrupted) return afterLostServer(job, "server stopped");
  if (job.stopping) return { state: "failed", attempt, error, rule: "L4" };
  if (attempt < MAX_ATTEMPTS) return { state: "queued", attempt: attempt + 1, rule: "L2" };
  return { state: "failed", attempt, error, rule: "L3" };
}

function afterLostServer(job: JobStanding, how: "server stopped" | "server was killed"): JobVerdict {
  const { resumption, state, attempt, sent } = job;
  if (sent && how === "server was killed") return { state: "cancelled", attempt, rule: "R5" };
  if (state === "queued") return { state, attempt, rule: "R4" };
  if (resumption !== null) return { state: "failed", attempt, error: interrupted(resumption.interrupted), rule: "R1" };
  if (how === "server stopped") return { state: "queued", attempt, rule: "R2" };
  if (attempt < MAX_ATTEMPTS) return { state: "queued", attempt: attempt + 1, rule: "R3" };
  return { state: "failed", attempt, error: interrupted(LOST_TWICE), rule: "R3" };
}

function noRoom({ attempt }: JobStanding, beside: string): JobVerdict {
  const message = `There is not enough memory for this job beside ${beside}: it waits until that job has ended`;
  return {
    state: "queued",
    attempt,
    error: { code: "OUT_OF_MEMORY", kind: "environment", message },
    losesTurn: true,
    rule: "E5",
  };
}

const LOST_TWICE = "Lexeme ended twice in the middle of this job: try again if the job was not the cause";

function interrupted(message: string): WireError {
  return { code: "INTERRUPTED", kind: "environment", message };
}
