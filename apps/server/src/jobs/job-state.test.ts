/** @file The rules of SPEC.md, one by one. */
import { readFile } from "node:fs/promises";
import type { WireError } from "@lexeme/protocol";
import { describe, expect, test } from "vitest";
import { decide, type JobHappening, type JobStanding } from "./job-state.ts";

const ERROR: WireError = { code: "WORKER_EXITED", kind: "environment", message: "The process that computes ended" };
/** For a kind that saves while it runs. */
const SAVING = { interrupted: "Lexeme was stopped: what was learned is kept" };
const FRESH: JobStanding = {
  resumption: null,
  state: "running",
  attempt: 1,
  stopping: false,
  cancelling: false,
  interrupted: false,
  sent: false,
};
const LOST: JobHappening = { type: "worker lost", error: ERROR };

type Case = [
  rule: string,
  what: string,
  job: Partial<JobStanding>,
  happening: JobHappening,
  state: string,
  attempt: number,
  code?: string,
];

const CASES: Case[] = [
  ["S2", "a queued job that is taken runs", { state: "queued" }, { type: "taken" }, "running", 1],
  ["S3", "a running job that is handed out again is ignored", {}, { type: "taken" }, "running", 1],
  ["E1", "done is done", {}, { type: "worker done" }, "done", 1],
  ["E1", "a stopped training is done", { resumption: SAVING, stopping: true }, { type: "worker done" }, "done", 1],
  [
    "E2",
    "a failure carries the worker's error",
    {},
    { type: "worker failed", error: ERROR },
    "failed",
    1,
    "WORKER_EXITED",
  ],
  ["E3", "done after a cancel is cancelled", { cancelling: true }, { type: "worker done" }, "cancelled", 1],
  [
    "E3",
    "a failure after a cancel is cancelled",
    { cancelling: true },
    { type: "worker failed", error: ERROR },
    "cancelled",
    1,
  ],
  ["E3", "the worker says cancelled", { cancelling: true }, { type: "worker cancelled" }, "cancelled", 1],
  [
    "E4",
    "a training that saved because the server stops offers to go on",
    { resumption: SAVING, interrupted: true },
    { type: "worker done" },
    "failed",
    1,
    "INTERRUPTED",
  ],
  [
    "E5",
    "a job that finds no memory beside a waiting job waits for its end",
    { beside: 'Train "mira"' },
    { type: "worker failed", error: { ...ERROR, code: "OUT_OF_MEMORY" } },
    "queued",
    1,
    "OUT_OF_MEMORY",
  ],
  [
    "E2",
    "a job that finds no memory alone has failed",
    {},
    { type: "worker failed", error: { ...ERROR, code: "OUT_OF_MEMORY" } },
    "failed",
    1,
    "OUT_OF_MEMORY",
  ],
  ["A1", "a queued job is cancelled at once", { state: "queued" }, { type: "cancel asked" }, "cancelled", 1],
  ["A1", "stopping a queued job cancels it", { state: "queued" }, { type: "stop asked" }, "cancelled", 1],
  ["A2", "a running job waits for its worker to cancel", {}, { type: "cancel asked" }, "running", 1],
  ["A3", "a running job goes on to its end when stopped", {}, { type: "stop asked" }, "running", 1],
  ["A4", "a done job stays done", { state: "done" }, { type: "cancel asked" }, "done", 1],
  ["A4", "a cancelled job is never started", { state: "cancelled" }, { type: "taken" }, "cancelled", 1],
  ["A4", "a failed job stays failed when its worker dies later", { state: "failed" }, LOST, "failed", 1],
  ["L1", "a worker killed for a cancel means cancelled", { cancelling: true }, LOST, "cancelled", 1],
  ["L2", "the first lost worker costs one attempt", {}, LOST, "queued", 2],
  ["L2", "a training is started again as well", { resumption: SAVING }, LOST, "queued", 2],
  ["L3", "the second lost worker fails the job", { attempt: 2 }, LOST, "failed", 2, "WORKER_EXITED"],
  ["L4", "a job whose stop was requested is not started again", { stopping: true }, LOST, "failed", 1, "WORKER_EXITED"],
  [
    "R1",
    "a training offers to go on after the server was killed",
    { resumption: SAVING },
    { type: "server was killed" },
    "failed",
    1,
    "INTERRUPTED",
  ],
  [
    "R1",
    "a training whose worker was ended with the server",
    { resumption: SAVING, interrupted: true },
    LOST,
    "failed",
    1,
    "INTERRUPTED",
  ],
  [
    "R2",
    "a picture whose worker was ended with the server waits for the next start",
    { interrupted: true },
    LOST,
    "queued",
    1,
  ],
  ["R3", "a picture lost with a killed server is tried once more", {}, { type: "server was killed" }, "queued", 2],
  [
    "R3",
    "a picture is not tried a third time",
    { attempt: 2 },
    { type: "server was killed" },
    "failed",
    2,
    "INTERRUPTED",
  ],
  ["R4", "a queued job stays queued", { state: "queued" }, { type: "server was killed" }, "queued", 1],
  [
    "R5",
    "a running job whose pictures were to be sent is cancelled",
    { sent: true },
    { type: "server was killed" },
    "cancelled",
    1,
  ],
  [
    "R5",
    "a queued job whose pictures were to be sent is cancelled",
    { state: "queued", sent: true },
    { type: "server was killed" },
    "cancelled",
    1,
  ],
  [
    "R2",
    "a stopping server leaves pictures that are to be sent to the next start",
    { sent: true, interrupted: true },
    LOST,
    "queued",
    1,
  ],
];

describe("SPEC", () => {
  test.each(CASES)("%s: %s", (rule, _what, job, happening, state, attempt, code) => {
    const verdict = decide({ ...FRESH, ...job }, happening);
    expect({ rule: verdict.rule, state: verdict.state, attempt: verdict.attempt, code: verdict.error?.code }).toEqual({
      rule,
      state,
      attempt,
      code,
    });
  });

  test("every rule that decides has a case here, and every case cites a rule of the document", async () => {
    const spec = await readFile(new URL("SPEC.md", import.meta.url), "utf8");
    const written = [...spec.matchAll(/^- \*\*([A-Z]\d)\*\*/gm)].map(([, rule]) => rule);
    const cited = new Set(CASES.map(([rule]) => rule));
    // S1 is how a job is made, not a decision.
    expect(written.filter((rule) => rule !== "S1" && !cited.has(rule ?? ""))).toEqual([]);
    expect([...cited].filter((rule) => !written.includes(rule))).toEqual([]);
  });
});
