/** @file Handles the server's messages: start, run one job at a time, stop, cancel. Does not depend on processes. */
import { LexemeError } from "@lexeme/core";
import { openEngine, type Engine } from "@lexeme/engine";
import { toWireError, type ServerToWorker, type WorkerToServer } from "@lexeme/protocol";
import { availableParallelism } from "node:os";
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
  #running: { jobId: string; cancel: AbortController; stop: AbortController; batch: AbortController } | undefined;

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
      case "stop":
        if (this.#running?.jobId === message.jobId) this.#running.stop.abort();
        return undefined;
      case "interrupt":
        if (this.#running?.jobId !== message.jobId) return undefined;
        this.#running.stop.abort();
        this.#running.batch.abort();
        return undefined;
      case "skip":
        if (this.#running?.jobId === message.jobId) this.#running.batch.abort();
        return undefined;
      case "cancel":
        if (this.#running?.jobId === message.jobId) this.#running.cancel.abort();
        return undefined;
      default:
        throw new TypeError(`unknown message ${JSON.stringify(message satisfies never)}`);
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
    if (this.#running) throw new TypeError(`job ${jobId} came while ${this.#running.jobId} runs`);
    const [cancel, stop] = [new AbortController(), new AbortController()];
    const running = { jobId, cancel, stop, batch: new AbortController() };
    this.#running = running;
    const reporter = throttledReporter(jobId, (message) => this.#ports.send(message));
    const control = {
      cancelled: cancel.signal,
      stopping: stop.signal,
      nextBatch: () => (running.batch = new AbortController()).signal,
    };
    let last: WorkerToServer;
    try {
      const results = await engine.run(work, { reporter, control });
      last = { type: "done", jobId, results };
    } catch (error) {
      if (cancel.signal.aborted) last = { type: "cancelled", jobId };
      else {
        // The user gets the sentence of a LexemeError; only other errors are bugs and go into the log with their stack.
        if (!(error instanceof LexemeError)) this.#ports.logError(error);
        last = { type: "failed", jobId, error: toWireError(error) };
      }
    }
    reporter.flush();
    this.#running = undefined;
    this.#ports.send(last);
  }
}
