/** @file One worker process for a lane: starts it, gives it jobs, kills it when a cancel is not answered, and replaces it when it dies. */
import { fork, type ChildProcess } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import type { Lane } from "@lexeme/domain/jobs";
import type { ServerToWorker, System, WireError, WorkerToServer } from "@lexeme/protocol";

/** The state `cancelled` may come a second after the click; the worker gets this part of the second to end by itself. */
const CANCEL_ANSWER_MS = 400;
/** Pauses before a dead worker is replaced: none at first, then longer pauses for workers that repeatedly die before they are ready; never more than 10 s. */
const RESPAWN_MS = [0, 1_000, 4_000, 9_000];
const STDERR_LINES = 20;
/** The longest wait for the error output of a dead worker. */
const LAST_WORDS_MS = 200;

export type StartMessage = Extract<ServerToWorker, { type: "start" }>;
type RunMessage = Extract<ServerToWorker, { type: "run" }>;
export type WorkerReport = Extract<WorkerToServer, { type: "ready" }>["report"];
/** A worker's message about a running job. */
export type JobMessage = Exclude<WorkerToServer, { type: "ready" | "holding" | "done" | "cancelled" | "failed" }>;
/** The end of a job, or the loss of its worker. */
export type WorkerOutcome =
  | Extract<WorkerToServer, { type: "done" | "cancelled" | "failed" }>
  | { type: "lost"; jobId: string; error: WireError };

export interface WorkerProcessOptions {
  start: StartMessage;
  /** The worker's main file, and Node's options to run it. */
  modulePath: string;
  execArgv: string[];
  /** The log file for the worker's output. */
  logPath: string;
  onStatus(status: WorkerStatus): void;
}

export interface WorkerStatus {
  state: System["device"]["state"];
  report: WorkerReport | null;
}

interface CurrentJob {
  id: string;
  onMessage(message: JobMessage): void;
  end(outcome: WorkerOutcome): void;
  /** True when the worker has the job; before that, the job waits for a worker to be ready. */
  sent: boolean;
  /** Repeats until the cancelled job has ended. */
  killTimer?: NodeJS.Timeout;
}

/** The request to a job to wait between two steps. */
interface Hold {
  state: "asked" | "holding" | "ending";
  readonly resolve: (holds: boolean) => void;
}

export class WorkerProcess {
  readonly lane: Lane;
  readonly #options: WorkerProcessOptions;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #ready: Resolver<void> = withResolver();
  /** By id. If there are two, one of them waits between two steps until the other has ended. */
  readonly #jobs = new Map<string, CurrentJob>();
  #stderr: string[] = [];
  /** Workers in a row that died before they were ready. */
  #stillborn = 0;
  #respawning: NodeJS.Timeout | undefined;
  #closed = false;
  /** Requests to end a job, also of a job that has not reached the worker yet. */
  readonly #asked = new Map<string, "stop" | "interrupt" | "cancel">();
  /** Requests to wait between two steps, also to a job that has not reached the worker yet. */
  readonly #holds = new Map<string, Hold>();

  constructor(options: WorkerProcessOptions) {
    this.lane = options.start.lane;
    this.#options = options;
    this.#log = createWriteStream(options.logPath, { flags: "a" });
    // An error of the log file must never end the server.
    this.#log.on("error", () => undefined);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts a process if none runs or is about to start. */
  start(): void {
    if (this.#child === undefined && this.#respawning === undefined && !this.#closed) this.#spawn("starting");
  }

  /**
   * Runs a job and resolves with its outcome; never rejects. The caller gives it only when the other jobs here wait. A job waits for a worker
   * that is being replaced. A worker that dies before it is ready loses the job, like a worker that dies while it runs the job.
   */
  run(message: RunMessage, onMessage: CurrentJob["onMessage"]): Promise<WorkerOutcome> {
    return this.#runNow(message, onMessage).finally(() => this.#asked.delete(message.jobId));
  }

  /** Asks a job to wait between two steps. Resolves with true when it waits, with false if it ends first or `goOn` is called first. */
  hold(jobId: string): Promise<boolean> {
    if (this.#asked.has(jobId)) return Promise.resolve(false);
    const { promise: answer, resolve } = withResolver<boolean>();
    this.#holds.set(jobId, { state: "asked", resolve });
    if (this.#jobs.get(jobId)?.sent === true) this.#send({ type: "hold", jobId });
    return answer;
  }

  /** Whether the job still waits between two steps, and other jobs can be run. */
  isHolding(jobId: string): boolean {
    return this.#holds.get(jobId)?.state === "holding";
  }

  /** Lets a job that was asked to wait make its next step. */
  goOn(jobId: string): void {
    const hold = this.#holds.get(jobId);
    if (hold === undefined) return;
    this.#holds.delete(jobId);
    hold.resolve(false);
    if (this.#jobs.get(jobId)?.sent === true) this.#send({ type: "go-on", jobId });
  }

  /** Asks the job to finish its step, save and end. A txt2img job finishes its batch, except after an interrupt. */
  stop(jobId: string, how: "stop" | "interrupt" = "stop"): void {
    this.#ask(jobId, how);
    if (this.#jobs.get(jobId)?.sent === true) this.#send({ type: how, jobId });
  }

  /** Asks the job to end its batch unfinished and to continue with the next batch. */
  skip(jobId: string): void {
    if (this.#jobs.get(jobId)?.sent === true) this.#send({ type: "skip", jobId });
  }

  /** Replaces the process with a fresh process that holds no checkpoint. Does nothing while it has a job. */
  renew(): void {
    if (this.#jobs.size === 0) this.#kill();
  }

  /** Asks the job to end now. If it does not end in time, the process is killed, unless it also has a job that was not cancelled. */
  cancel(jobId: string): void {
    this.#ask(jobId, "cancel");
    const job = this.#jobs.get(jobId);
    if (job === undefined || job.killTimer !== undefined) return undefined;
    if (!job.sent) return this.#end({ type: "cancelled", jobId });
    this.#send({ type: "cancel", jobId });
    job.killTimer = setInterval(() => {
      if ([...this.#jobs.values()].every(({ killTimer }) => killTimer !== undefined)) this.#kill();
    }, CANCEL_ANSWER_MS);
    return undefined;
  }

  /** Ends the process without replacing it. A job in it is lost. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#respawning);
    const child = this.#child;
    if (child !== undefined) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    }
    this.#ready.resolve();
    this.#log.end();
  }

  async #runNow(message: RunMessage, onMessage: CurrentJob["onMessage"]): Promise<WorkerOutcome> {
    const { jobId } = message;
    if (this.#asked.get(jobId) === "cancel") return { type: "cancelled", jobId };
    const { promise: ended, resolve: end } = withResolver<WorkerOutcome>();
    const job: CurrentJob = { id: jobId, onMessage, end, sent: false };
    this.#jobs.set(jobId, job);
    this.start();
    await Promise.race([this.#ready.promise, ended]);
    // The worker died, or the job was cancelled, before the worker was ready.
    if (this.#jobs.get(jobId) !== job) return ended;
    if (this.#closed) this.#end({ type: "lost", jobId, error: this.#exitError("closed") });
    else {
      job.sent = true;
      this.#send(message);
      const asked = this.#asked.get(jobId);
      if (asked === "stop" || asked === "interrupt") this.#send({ type: asked, jobId });
      else if (this.#holds.has(jobId)) this.#send({ type: "hold", jobId });
    }
    return ended;
  }

  /** Notes a request to end the job. From now on, no other job may begin while this one waits. */
  #ask(jobId: string, how: "stop" | "interrupt" | "cancel"): void {
    this.#asked.set(jobId, how);
    const hold = this.#holds.get(jobId);
    if (hold !== undefined) hold.state = "ending";
  }

  #spawn(state: "starting" | "restarting"): void {
    const { modulePath, execArgv, start } = this.#options;
    this.#stderr = [];
    this.#options.onStatus({ state, report: null });
    const child = fork(modulePath, [], { execArgv, stdio: ["ignore", "pipe", "pipe", "ipc"] });
    this.#child = child;
    child.stdout?.on("data", (bytes: Buffer) => this.#log.write(bytes));
    child.stderr?.on("data", (bytes: Buffer) => this.#noteStderr(bytes));
    child.on("message", (message) => {
      if (this.#child === child) this.#receive(message as WorkerToServer);
    });
    // A failed send shows as an exit. An "error" event without a listener would end the server.
    child.on("error", (error) => this.#noteStderr(Buffer.from(`${error.message}\n`)));
    // "close" comes when all error output was read. If another process holds the pipe open, "exit" reports the loss after a short wait.
    child.on("close", (code, signal) => this.#lost(child, signal ?? `code ${code ?? "unknown"}`));
    child.on("exit", (code, signal) =>
      setTimeout(() => this.#lost(child, signal ?? `code ${code ?? "unknown"}`), LAST_WORDS_MS),
    );
    this.#send(start);
  }

  /** Kills the process and counts it as lost at once, because a process with gigabytes of weights is slow to die. */
  #kill(): void {
    const child = this.#child;
    if (child === undefined) return;
    child.kill("SIGKILL");
    this.#lost(child, "SIGKILL");
  }

  #send(message: ServerToWorker): void {
    if (this.#child?.connected === true) this.#child.send(message, () => undefined);
  }

  #receive(message: WorkerToServer): void {
    if (message.type === "ready") {
      this.#stillborn = 0;
      this.#options.onStatus({ state: "ready", report: message.report });
      this.#ready.resolve();
      return;
    }
    const job = this.#jobs.get(message.jobId);
    // Messages about a job that was given up are ignored.
    if (job === undefined) return;
    switch (message.type) {
      case "done":
      case "cancelled":
      case "failed":
        return this.#end(message);
      case "holding":
        return this.#noteHolding(job.id);
      default:
        return job.onMessage(message);
    }
  }

  #noteHolding(jobId: string): void {
    const hold = this.#holds.get(jobId);
    if (hold?.state !== "asked") return;
    hold.state = "holding";
    hold.resolve(true);
  }

  #end(outcome: WorkerOutcome): void {
    const job = this.#jobs.get(outcome.jobId);
    this.#jobs.delete(outcome.jobId);
    this.goOn(outcome.jobId);
    clearInterval(job?.killTimer);
    job?.end(outcome);
  }

  #lost(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#ready = withResolver();
    const error = this.#exitError(how);
    for (const jobId of this.#jobs.keys()) this.#end({ type: "lost", jobId, error });
    if (this.#closed) return;
    const pause = RESPAWN_MS[Math.min(this.#stillborn++, RESPAWN_MS.length - 1)];
    this.#options.onStatus({ state: "restarting", report: null });
    this.#respawning = setTimeout(() => {
      this.#respawning = undefined;
      this.#spawn("restarting");
    }, pause);
  }

  #exitError(how: string): WireError {
    const stderr = this.#stderr.join("\n");
    // Node prints its version after an uncaught error, so the line with the error is searched for.
    const because = this.#stderr.findLast((line) => /^(\w*Error\b|Fatal\b)/i.test(line)) ?? this.#stderr.at(-1);
    return {
      code: "WORKER_EXITED",
      kind: "environment",
      message: `The process that computes ended unexpectedly (${how})${because === undefined ? "" : `: ${because}`}`,
      ...(stderr === "" ? {} : { details: { stderr } }),
    };
  }

  #noteStderr(bytes: Buffer): void {
    this.#log.write(bytes);
    const lines = bytes
      .toString("utf8")
      .split("\n")
      .filter((line) => line.trim() !== "");
    this.#stderr = [...this.#stderr, ...lines].slice(-STDERR_LINES);
  }
}

interface Resolver<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
}

function withResolver<T = void>(): Resolver<T> {
  let resolve: Resolver<T>["resolve"] = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}
