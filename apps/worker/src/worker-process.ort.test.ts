/** @file Tests the worker like the server uses it: as a forked process with messages. */
import {
  PreprocessSettingsSchema,
  TrainSettingsSchema,
  Txt2imgSettingsSchema,
  type TrainSettings,
} from "@lexeme/domain/settings";
import type { Device, JobRequest, Lane } from "@lexeme/domain/jobs";
import { testContext, type TestContext } from "@lexeme/domain/testing";
import type { ServerToWorker, WorkerToServer } from "@lexeme/protocol";
import { fork, type ChildProcess } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

const DEMO_CHECKPOINT = fileURLToPath(new URL("../../../packages/demo/demo-world.safetensors", import.meta.url));
const DEMO_PHOTOS = fileURLToPath(new URL("../../../packages/demo/photos", import.meta.url));

const WORD_FILE = "mira.safetensors";

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

test("a picture between two steps of a training changes neither; a cancel of the picture leaves the training alone", async () => {
  const training: JobRequest = { kind: "train-embedding", settings: await trainingOf({ steps: 40 }) };
  await start("device");
  await newWord();
  run("alone", picture({ prompt: "a photo of mira" }));
  const drawn = await firstPicture("alone");
  run("plain", training);
  await waitFor("done", ofJob("plain"));
  const learned = await readFile(join(context.embeddingsDir, WORD_FILE));

  await newWord();
  run("training", training);
  send({ type: "hold", jobId: "training" });
  await waitFor("holding");
  run("first", picture({ prompt: "a photo of mira" }));
  expect((await firstPicture("first")).equals(drawn)).toBe(true);
  run("second", picture({ steps: 150, nIter: 50 }));
  await waitFor("preview", ofJob("second"));
  send({ type: "cancel", jobId: "second" });
  await waitFor("cancelled", ofJob("second"));
  const waiting = messages.findLast((m) => m.type === "progress" && m.jobId === "training");
  expect(waiting).toMatchObject({ progress: { phase: "giving-way" } });
  send({ type: "go-on", jobId: "training" });
  await waitFor("done", ofJob("training"));
  expect((await readFile(join(context.embeddingsDir, WORD_FILE))).equals(learned)).toBe(true);
}, 60_000);

test("a training that waits for a picture is saved by a stop and ended by a cancel at once; the picture is drawn to its end", async () => {
  const settings = await trainingOf({ steps: 90_000 });
  await start("device");
  await newWord();
  for (const [how, last] of [
    ["stop", "done"],
    ["cancel", "cancelled"],
  ] as const) {
    run(how, { kind: "train-embedding", settings });
    await waitFor("metrics", ofJob(how));
    send({ type: "hold", jobId: how });
    await waitFor("holding", ofJob(how));
    // Enough pictures that the training ends first on a busy machine too.
    run(`${how} picture`, picture({ nIter: 12 }));
    await waitFor("artifact", ofJob(`${how} picture`));
    send({ type: how, jobId: how });
    await waitFor(last, ofJob(how));
    expect(messages.some((message) => message.type === "done" && message.jobId === `${how} picture`)).toBe(false);
    expect((await waitFor("done", ofJob(`${how} picture`))).results.artifacts).toHaveLength(13);
  }
}, 60_000);

/** Settings of a training on two photos that a checkpoint of any size can make in seconds, in which random numbers matter. */
async function trainingOf(some: Partial<TrainSettings>): Promise<TrainSettings> {
  const dataRoot = join(root, "few");
  for (const folder of [dataRoot, context.templatesDir]) await mkdir(folder, { recursive: true });
  for (const name of ["01.jpg", "02.jpg"]) await cp(join(DEMO_PHOTOS, name), join(dataRoot, name));
  await writeFile(join(context.templatesDir, "subject.txt"), "a photo of a [name]\n");
  const names = { embeddingName: "mira", dataRoot, templateFilename: "subject.txt", learnRate: "5e-2", seed: "3" };
  const size = { trainingWidth: 64, trainingHeight: 64 };
  const random = { latentSamplingMethod: "random", createImageEvery: 0, saveEmbeddingEvery: 0 };
  return TrainSettingsSchema.parse({ ...names, ...size, ...random, ...some });
}

/** A word of one vector that has learned nothing and has no runs. */
async function newWord(): Promise<void> {
  await rm(context.logDir, { recursive: true, force: true });
  await mkdir(context.embeddingsDir, { recursive: true });
  const vectors = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i) / 50);
  const header = JSON.stringify({
    emb_params: { dtype: "F32", shape: [1, 128], data_offsets: [0, vectors.byteLength] },
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = Buffer.concat([length, Buffer.from(header), Buffer.from(vectors.buffer)]);
  await writeFile(join(context.embeddingsDir, WORD_FILE), file);
}

function ofJob(jobId: string): (message: WorkerToServer) => boolean {
  return (message) => "jobId" in message && message.jobId === jobId;
}

async function firstPicture(jobId: string): Promise<Buffer> {
  const { results } = await waitFor("done", ofJob(jobId));
  return readFile(results.artifacts[0]!.path);
}

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
