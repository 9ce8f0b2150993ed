/** @file kill -9 of the worker and of the server while a picture is drawn between two steps of a training: real processes on the demo checkpoint. */
import { spawn, type ChildProcess } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import type { Embedding, Job } from "@lexeme/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { workerLaunch } from "../src/worker-launch.ts";
import { newDataDir, testApp, waitFor, type TestApp } from "./test-app.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const STEPS = 150;

/** Asks the server; the response's JSON. */
type Ask = (method: "GET" | "POST", url: string, body?: object) => Promise<unknown>;

let dataDir: string;
let app: TestApp | undefined;
let server: ChildProcess | undefined;

beforeEach(async () => {
  dataDir = await newDataDir();
}, 60_000);
afterEach(async () => {
  server?.kill("SIGKILL");
  await app?.close();
  [server, app] = [undefined, undefined];
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
}, 60_000);

test("kill -9 of the worker: the picture is drawn again first, then the training continues from its copy to its last step", async () => {
  app = await testApp({ dataDir, worker: workerLaunch() });
  const { server: injected, workers } = app;
  const ask: Ask = async (method, url, payload) =>
    (await injected.inject({ method, url, ...(payload && { payload }) })).json();
  const { training, picture } = await drawInTraining(ask);
  process.kill(workers.device.pid!, "SIGKILL");
  const [drawn, trained] = [await ended(ask, picture.id), await ended(ask, training.id)];
  expect(drawn).toMatchObject({ state: "done", attempt: 2, error: null });
  expect(trained).toMatchObject({ state: "done", attempt: 2, error: null });
  expect(trained.startedAt).toBeGreaterThanOrEqual(drawn.finishedAt ?? Infinity);
  expect(trained.logTail.join("\n")).toMatch(/^\d+ steps in/m);
  expect(await stepOfWord(ask)).toBe(STEPS);
}, 300_000);

test("kill -9 of the server: the picture is drawn at the next start, and trying again continues the training", async () => {
  const before = await startServer();
  const { training, picture } = await drawInTraining(before.ask);
  before.child.kill("SIGKILL");
  await before.exit;

  const { ask } = await startServer();
  expect(await ended(ask, picture.id)).toMatchObject({ state: "done", attempt: 2, error: null });
  const interrupted = await ask("GET", `/api/jobs/${training.id}`);
  expect(interrupted).toMatchObject({ state: "failed", error: { code: "INTERRUPTED" } });
  const again = (await ask("POST", `/api/jobs/${training.id}/retry`)) as Job;
  expect(again.request.settings).toMatchObject({ resumeFrom: expect.stringMatching(/mira-\d+\.pt$/) });
  expect((await ended(ask, again.id)).state).toBe("done");
  expect(await stepOfWord(ask)).toBe(STEPS);
}, 300_000);

/** Starts a training, lets a picture go before one of its steps after the first copy, and resolves when the picture has steps. */
async function drawInTraining(ask: Ask): Promise<{ training: Job; picture: Job }> {
  await ask("POST", "/api/embeddings", { name: "mira", initText: "woman" });
  const size = { trainingWidth: 64, trainingHeight: 64 };
  const often = { steps: STEPS, saveEmbeddingEvery: 10, createImageEvery: 0 };
  const settings = {
    embeddingName: "mira",
    dataRoot: DEMO_PHOTOS_DIR,
    templateFilename: "subject.txt",
    ...size,
    ...often,
  };
  const training = (await ask("POST", "/api/jobs", { kind: "train-embedding", settings })) as Job;
  const large = { prompt: "a photo of mira", width: 128, height: 128, steps: 60 };
  const picture = (await ask("POST", "/api/jobs", { kind: "txt2img", settings: large })) as Job;
  const jobOf = async ({ id }: Job) => (await ask("GET", `/api/jobs/${id}`)) as Job;
  await waitFor(
    "a copy",
    async () => (await jobOf(training)).results.artifacts.some(({ kind }) => kind === "copy"),
    90_000,
  );
  await ask("POST", `/api/jobs/${picture.id}/go-first`);
  await waitFor("the picture has steps", async () => ((await jobOf(picture)).progress?.step ?? 0) > 1, 60_000);
  expect(await jobOf(training)).toMatchObject({ state: "running", progress: { phase: "giving-way" } });
  return { training, picture };
}

async function ended(ask: Ask, id: string): Promise<Job> {
  const isOver = async () => {
    const job = (await ask("GET", `/api/jobs/${id}`)) as Job;
    return job.finishedAt !== null && job;
  };
  return waitFor(`job ${id} ends`, isOver, 200_000);
}

async function stepOfWord(ask: Ask): Promise<number | null | undefined> {
  return ((await ask("GET", "/api/embeddings")) as Embedding[]).find(({ name }) => name === "mira")?.step;
}

/** The program itself, as a process. */
async function startServer() {
  const args = ["--import", import.meta.resolve("tsx"), MAIN, "--port", "0", "--data-dir", dataDir];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  server = child;
  let text = "";
  child.stdout.on("data", (bytes: Buffer) => (text += bytes.toString("utf8")));
  const exit = new Promise((resolve) => child.on("close", resolve));
  const origin = await waitFor("the address", () => /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0], 60_000);
  const ask: Ask = async (method, url, body) => {
    const headers = { "content-type": "application/json" };
    return (await fetch(`${origin}${url}`, { method, ...(body && { headers, body: JSON.stringify(body) }) })).json();
  };
  return { child, exit, ask };
}
