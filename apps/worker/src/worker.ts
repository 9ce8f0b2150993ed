/** @file Handles the server's messages: start, run a job, and the messages to a running job. Does not depend on processes. */
import { LexemeError } from "@lexeme/core";
import { openEngine, type Engine } from "@lexeme/engine";
import { toWireError, type ServerToWorker, type WorkerToServer } from "@lexeme/protocol";
import { availableParallelism } from "node:os";
import { RunningJob } from "./running-job.ts";
import { throttledReporter } from "./throttled-reporter.ts";

/** The functions of its process that the worker needs. */
export interface WorkerPorts {
  send(message: WorkerToServer): void;
  /** Logs an internal error with its stack for the operator. */
  logError(error: unknown): void;
}

type Start = Extract<ServerToWorker, { type: "start" }>;
type Run = Extract<ServerToWorker, { type: "run" }>;

export class Worker {
  readonly #ports: WorkerPorts;
  #engine: Engine | undefined;
  /** By id. One of them computes; the others wait until it has ended. */
  readonly #running = new Map<string, RunningJob>();

  constructor(ports: WorkerPorts) {
    this.#ports = ports;
  }

  /** Handles one message. Resolves when its work is done; a job's failure is a message, not a rejection. */
  async handle(message: ServerToWorker): Promise<void> {
    switch (message.type) {
      case "start":
        return this.#start(message);
      case "run":
        return this.#run(message);
      default:
        // A job that has just ended needs no message any more.
        return this.#running.get(message.jobId)?.handle(message);
    }
  }

  async #start({ lane, device, threads, memoryBytes, demoCheckpoint }: Start): Promise<void> {
    this.#engine = await openEngine({
      lane,
      device,
      threads: threads ?? availableParallelism(),
      memoryBytes,
      selfTestCheckpoint: demoCheckpoint,
    });
    this.#ports.send({ type: "ready", report: this.#engine.report, pid: process.pid });
  }

  async #run({ jobId, work }: Run): Promise<void> {
    const engine = this.#engine;
    if (!engine) throw new TypeError(`job ${jobId} came before the worker was started`);
    for (const [other, { turns }] of this.#running) {
      if (!turns.othersFirst) throw new TypeError(`job ${jobId} came while ${other} runs`);
    }
    const running = new RunningJob(() => this.#ports.send({ type: "holding", jobId }));
    this.#running.set(jobId, running);
    const reporter = throttledReporter(jobId, (message) => this.#ports.send(message));
    let last: WorkerToServer;
    try {
      const results = await engine.run(work, { reporter, control: running.control });
      last = { type: "done", jobId, results };
    } catch (error) {
      if (running.control.cancelled.aborted) last = { type: "cancelled", jobId };
      else {
        // The user gets the sentence of a LexemeError; only other errors are bugs and go into the log with their stack.
        if (!(error instanceof LexemeError)) this.#ports.logError(error);
        last = { type: "failed", jobId, error: toWireError(error) };
      }
    }
    reporter.flush();
    this.#running.delete(jobId);
    this.#ports.send(last);
  }
}
