/** @file Tests the worker like the server uses it: as a forked process with messages. */
import { PreprocessSettingsSchema, Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import type { Device, JobRequest, Lane } from "@lexeme/domain/jobs";
import { testContext, type TestContext } from "@lexeme/domain/testing";
import type { ServerToWorker, WorkerToServer } from "@lexeme/protocol";
import { fork, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

const DEMO_CHECKPOINT = fileURLToPath(new URL("../../../packages/demo/demo-world.safetensors", import.meta.url));
const DEMO_PHOTOS = fileURLToPath(new URL("../../../packages/demo/photos", import.meta.url));

let root: string;
let context: TestContext;
let child: ChildProcess | undefined;
let messages: WorkerToServer[] = [];
let listeners: ((message: WorkerToServer) => void)[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-worker-"));
  context = testContext(root, { name: "demo-world.safetensors", path: DEMO_CHECKPOINT, shortHash: null });
});
afterEach(() => {
  child?.kill("SIGKILL");
  child = undefined;
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Starts a worker and waits until it is ready. */
async function start(lane: Lane, device: Device = "cpu") {
  messages = [];
  listeners = [];
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  child = fork(main, { execArgv: ["--import", "tsx"], serialization: "advanced" });
  child.on("message", (message: WorkerToServer) => {
    messages.push(message);
    for (const listener of listeners) listener(message);
  });
  send({ type: "start", lane, device, threads: 2, memoryBytes: 4e9, demoCheckpoint: DEMO_CHECKPOINT });
  return waitFor("ready");
}

function send(message: ServerToWorker): void {
  child!.send(message);
}

/** The first message of a type, received already or later. */
function waitFor<T extends WorkerToServer["type"]>(type: T, where: (message: WorkerToServer) => boolean = () => true) {
  type Found = Extract<WorkerToServer, { type: T }>;
  const isWanted = (message: WorkerToServer) => message.type === type && where(message);
  const past = messages.find(isWanted);
  if (past) return Promise.resolve(past as Found);
  return new Promise<Found>((resolve) => {
    listeners.push((message) => isWanted(message) && resolve(message as Found));
  });
}

function run(jobId: string, request: JobRequest, some: Partial<TestContext> = {}): void {
  send({ type: "run", jobId, work: { ...request, context: { ...context, ...some } } });
}

const picture = (some: object): JobRequest => ({
  kind: "txt2img",
  settings: Txt2imgSettingsSchema.parse({ prompt: "a photo", width: 64, height: 64, steps: 4, seed: 1, ...some }),
});

test("the pictures lane prepares pictures and never loads ONNX Runtime", async () => {
  const { report, pid } = await start("pictures");
  expect(report.used).toBe("cpu");
  const settings = { processSrc: DEMO_PHOTOS, processDst: join(root, "prepared"), processWidth: 64, processHeight: 64 };
  run("p", { kind: "preprocess", settings: PreprocessSettingsSchema.parse(settings) });
  const { results } = await waitFor("done");
  expect(results.written).toBe(14);
  expect(messages.filter(({ type }) => type === "artifact")).toHaveLength(14);
  if (process.platform === "linux") {
    expect(await readFile(`/proc/${pid}/maps`, "utf8")).not.toContain("onnxruntime");
  }
});

test("the device lane draws, reports a failure, cancels inside a job, stops, and takes the next job after each", async () => {
  const { report } = await start("device");
  expect(report).toMatchObject({ asked: "cpu", used: "cpu", fallbackReason: null, selfTest: null });

  run("failing", picture({}), { checkpoint: { name: "gone.safetensors", path: join(root, "gone"), shortHash: null } });
  expect((await waitFor("failed")).error).toMatchObject({ code: "FILE_MISSING", kind: "missing" });

  run("good", picture({ steps: 8 }));
  const { results } = await waitFor("done");
  expect(results.artifacts).toHaveLength(1);
  const progress = messages.flatMap((m) => (m.type === "progress" && m.jobId === "good" ? [m.progress] : []));
  expect(progress[0]!.phase).toBe("loading-checkpoint");
  expect(progress.at(-1)).toMatchObject({ step: 8, steps: 8 });

  run("endless", picture({ steps: 150, nIter: 50 }));
  await waitFor("preview", (message) => "jobId" in message && message.jobId === "endless");
  const askedAt = performance.now();
  send({ type: "cancel", jobId: "endless" });
  await waitFor("cancelled");
  expect(performance.now() - askedAt).toBeLessThan(2000);

  run("stopped", picture({ nIter: 50 }));
  await waitFor("artifact", (message) => "jobId" in message && message.jobId === "stopped");
  send({ type: "stop", jobId: "stopped" });
  const done = await waitFor("done", (message) => "jobId" in message && message.jobId === "stopped");
  expect(done.results.summary).toMatch(/^Stopped after \d+ of 50/);
});

test("a missing device is replaced by the CPU, and the report says why", async () => {
  const missing = process.platform === "darwin" ? "dml" : "coreml";
  const { report } = await start("device", missing);
  expect(report).toMatchObject({ asked: missing, used: "cpu" });
  expect(report.fallbackReason).toContain(`${missing} is not available here`);
});

test("Ctrl+C, a closed terminal and systemd reach every process of the group: the worker ignores them and leaves its end to the server", async () => {
  await start("pictures");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) child!.kill(signal);
  const settings = { processSrc: DEMO_PHOTOS, processDst: join(root, "after"), processWidth: 64, processHeight: 64 };
  run("after", { kind: "preprocess", settings: PreprocessSettingsSchema.parse(settings) });
  expect((await waitFor("done")).results.written).toBe(14);
});

test("a worker whose server is gone ends", async () => {
  await start("device");
  const ended = new Promise<number | null>((resolve) => void child!.once("exit", resolve));
  child!.disconnect();
  expect(await ended).toBe(0);
});
