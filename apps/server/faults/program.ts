/** @file The real server in a process of its own that a trial may kill, with short functions for its API. Linux only: it reads `/proc`. */
import { spawn, type ChildProcess } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isFinished, type JobKind, type SettingsOf } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { TYPESCRIPT_LOADER } from "../src/worker-launch.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** A slow machine needs several seconds to open the database. */
const START_LIMIT_MS = 90_000;
const ANSWER_LIMIT_MS = 60_000;

export interface StartOptions {
  args?: readonly string[];
  /** Modules that the server loads before its own. */
  preload?: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** The page's request that a started server answers; the job list is not open while the disk is full. */
  answers?: "/api/jobs" | "/api/system";
}

export interface Answer<T = unknown> {
  status: number;
  body: T;
}

export class Program {
  static readonly #children = new Set<ChildProcess>();
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
    this.#ended = new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once("exit", () => resolve());
    });
  }

  /** Starts a server on the folder and waits until it answers. Throws an Error with the server's output if it does not start. */
  static async start(dataDir: string, options: StartOptions = {}): Promise<Program> {
    const { args = [], preload = [], env = {}, answers = "/api/jobs" } = options;
    const loaders = [TYPESCRIPT_LOADER, ...preload].flatMap((module) => ["--import", module]);
    const child = spawn(process.execPath, [...loaders, MAIN, "--port", "0", "--data-dir", dataDir, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    Program.#children.add(child);
    child.once("exit", () => Program.#children.delete(child));
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (bytes: Buffer) => (text = (text + bytes.toString("utf8")).slice(-20_000)));
    const end = Date.now() + START_LIMIT_MS;
    for (;;) {
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
      if (url !== undefined) {
        const program = new Program(child, url);
        if ((await program.get(answers))?.status === 200) return program;
      }
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > end) {
        child.kill("SIGKILL");
        throw new Error(`the server did not start: ${text.trim().slice(-600)}`);
      }
      await wait(50);
    }
  }

  /** Kills all servers that are still there, such as the server of a trial that failed. */
  static killAll(): void {
    for (const child of Program.#children) child.kill("SIGKILL");
  }

  get<T = unknown>(path: string): Promise<Answer<T> | null> {
    return this.send<T>("GET", path);
  }

  /** The answer; null if the connection ended without one, because the server was killed. */
  async send<T = unknown>(method: string, path: string, payload?: object): Promise<Answer<T> | null> {
    try {
      const response = await fetch(`${this.url}${path}`, {
        method,
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
        ...(payload === undefined
          ? {}
          : { headers: { "content-type": "application/json" }, body: JSON.stringify(payload) }),
      });
      return { status: response.status, body: (await response.json()) as T };
    } catch {
      return null;
    }
  }

  /** The body of an answer with status 200. Throws an Error for any other. */
  async demand<T>(method: string, path: string, payload?: object): Promise<T> {
    const answer = await this.send<T>(method, path, payload);
    if (answer?.status !== 200)
      throw new Error(`${method} ${path}: ${answer === null ? "no answer" : JSON.stringify(answer).slice(0, 300)}`);
    return answer.body;
  }

  create<K extends JobKind>(kind: K, settings: Partial<SettingsOf<K>>): Promise<Job> {
    return this.demand<Job>("POST", "/api/jobs", { kind, settings });
  }

  /** The job when it has ended. Throws an Error after the limit. */
  async ended(id: string, limitMs = 180_000): Promise<Job> {
    const end = Date.now() + limitMs;
    for (;;) {
      const job = await this.demand<Job>("GET", `/api/jobs/${id}`);
      if (isFinished(job.state)) return job;
      if (Date.now() > end)
        throw new Error(
          `job ${job.request.kind} is still ${job.state} after ${limitMs / 1000} s: ${JSON.stringify(job.progress)}`,
        );
      await wait(50);
    }
  }

  /** Kills the server as `kill -9` does; its workers notice the closed channel. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** Kills all workers of the server with -9. */
  async killWorkers(): Promise<void> {
    for (const pid of await this.workerPids()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // The worker has ended already.
      }
    }
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }

  async workerPids(): Promise<number[]> {
    const { pid } = this.#child;
    const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
    const lists = await Promise.all(
      threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "")),
    );
    return lists.flatMap((list) => list.trim().split(" ")).flatMap((text) => (text === "" ? [] : [Number(text)]));
  }

  /** The most memory that the server's process has had, in bytes. */
  async peakBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  }
}
