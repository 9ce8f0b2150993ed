/** @file Measures the response times of the real server while its worker loads a checkpoint and trains at 256 x 256. */
import type { JobProgress, JobState } from "@lexeme/domain/jobs";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const PORT = 17_860;
const BASE = `http://127.0.0.1:${PORT}`;
/** The interval between requests, like that of a busy page. */
const POLL_MS = 50;
const STEPS = 6;
const START_LIMIT_MS = 120_000;
/** The fields of the server's answers that are read here. */
interface JobAnswer {
  id: string;
  state: JobState;
  progress: JobProgress | null;
  error: { message: string } | null;
}
interface SystemAnswer {
  device: { state: string };
  folders: { datasets: string };
}

const SERVER = fileURLToPath(new URL("../../../apps/server/src/main.ts", import.meta.url));

/** Starts a server with a new data folder, trains a few steps, and reports the latencies of its API during the training. */
export async function measureResponsiveness(checkpointPath: string): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "lexeme-bench-"));
  await mkdir(join(dataDir, "models", "Stable-diffusion"), { recursive: true });
  await symlink(checkpointPath, join(dataDir, "models", "Stable-diffusion", basename(checkpointPath)));
  const args = ["--import", "tsx", SERVER, "--port", String(PORT), "--data-dir", dataDir];
  const server = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  try {
    const system = await waitForServer();
    await call("PUT", "/api/checkpoint", { name: basename(checkpointPath) });
    await call("POST", "/api/embeddings", { name: "bench", initText: "face" });
    const dataRoot = join(system.folders.datasets, "bench");
    await writePictures(dataRoot);
    const job = await call<JobAnswer>("POST", "/api/jobs", {
      kind: "train-embedding",
      settings: trainSettings(dataRoot),
    });
    return report(await pollUntilFinished(job.id));
  } finally {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  }
}

function trainSettings(dataRoot: string): Record<string, unknown> {
  return {
    embeddingName: "bench",
    dataRoot,
    templateFilename: "subject.txt",
    trainingWidth: 256,
    trainingHeight: 256,
    steps: STEPS,
    createImageEvery: 0,
    saveEmbeddingEvery: 0,
    seed: 1,
  };
}

async function writePictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [i, background] of ["#a33", "#3a3"].entries()) {
    await sharp({ create: { width: 256, height: 256, channels: 3, background } }).toFile(join(folder, `${i}.png`));
  }
}

async function waitForServer(): Promise<SystemAnswer> {
  for (const start = performance.now(); performance.now() - start < START_LIMIT_MS; await sleep(200)) {
    const system = await call<SystemAnswer>("GET", "/api/system").catch(() => undefined);
    if (system?.device.state === "ready") return system;
  }
  throw new Error("The server did not become ready");
}

/** Latencies in ms of `GET /api/system`, grouped by the job's phase. */
async function pollUntilFinished(jobId: string): Promise<Map<string, number[]>> {
  const latencies = new Map<string, number[]>();
  const finished: readonly JobState[] = ["done", "failed", "cancelled"];
  for (;;) {
    const job = await call<JobAnswer>("GET", `/api/jobs/${jobId}`);
    if (finished.includes(job.state)) {
      if (job.state !== "done") throw new Error(`The training ${job.state}: ${job.error?.message ?? ""}`);
      return latencies;
    }
    const phase = job.progress?.phase === "training" ? "training steps" : "loading and preparing";
    const start = performance.now();
    await call("GET", "/api/system");
    latencies.set(phase, [...(latencies.get(phase) ?? []), performance.now() - start]);
    await sleep(POLL_MS);
  }
}

function report(latencies: ReadonlyMap<string, number[]>): string {
  return [...latencies]
    .map(([phase, values]) => {
      const sorted = values.toSorted((a, b) => a - b);
      const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!.toFixed(1);
      return `API while ${phase}: ${sorted.length} answers, median ${at(0.5)} ms, 99th percentile ${at(0.99)} ms, slowest ${at(1)} ms`;
    })
    .join("\n");
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${BASE}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer as T;
}
