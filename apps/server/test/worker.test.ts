/** @file Jobs through the real worker, on the demo world: preprocess, train, draw; a kill in the middle, a cancel in the middle. */
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import type { JobKind, SettingsOf } from "@lexeme/domain/jobs";
import type { Embedding, Job } from "@lexeme/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { workerLaunch } from "../src/worker-launch.ts";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

/** The real worker. For it, the disk of a folder with a file ".disk-is-full" is full. */
const LAUNCH = {
  ...workerLaunch(),
  execArgv: [...workerLaunch().execArgv, "--import", new URL("full-disk.mjs", import.meta.url).href],
};
let app: TestApp;
let dataset: string;

beforeAll(async () => {
  app = await testApp({ worker: LAUNCH });
  await app.services.jobs.ready;
  dataset = join(app.services.folders.datasets, "mira");
}, 120_000);
afterAll(async () => {
  await app.end();
  await rm(app.dataDir, { recursive: true, force: true });
}, 60_000);

test("pictures are prepared in their own lane", async () => {
  const job = await create({
    kind: "preprocess",
    settings: { processSrc: DEMO_PHOTOS_DIR, processDst: dataset, processWidth: 128, processHeight: 128 },
  });
  expect(await ended(job.id)).toMatchObject({ state: "done", error: null, results: { written: 14 } });
  expect((await readdir(dataset)).filter((name) => name.endsWith(".png"))).toHaveLength(14);
}, 60_000);

test("a training survives its worker's death: it continues from the last copy and reaches its last step", async () => {
  await app.server.inject({ method: "POST", url: "/api/embeddings", payload: { name: "mira", initText: "woman" } });
  const job = await create({
    kind: "train-embedding",
    settings: { ...training(), steps: 40, saveEmbeddingEvery: 10, createImageEvery: 0 },
  });
  await waitFor(
    "a copy",
    async () => (await get(job.id)).results.artifacts.some(({ kind }) => kind === "copy"),
    60_000,
  );
  const { pid } = app.workers.device;
  expect(pid).toBeDefined();
  if (pid !== undefined) process.kill(pid, "SIGKILL");
  const done = await ended(job.id);
  expect(done).toMatchObject({ state: "done", attempt: 2, error: null });
  const [embedding] = (await app.server.inject("/api/embeddings")).json<Embedding[]>();
  expect(embedding).toMatchObject({ name: "mira", step: 40, misfitReason: null });
  const metrics = (await app.server.inject(`/api/jobs/${job.id}/metrics`)).json<{ step: number }[]>();
  expect(metrics.at(-1)?.step).toBe(40);
}, 180_000);

test("the embedding is busy during its training; a stop saves the progress", async () => {
  const job = await create({ kind: "train-embedding", settings: { ...training(), steps: 5000, createImageEvery: 0 } });
  await waitFor("steps", async () => ((await trainedSteps(job.id)) ?? 0) > 42, 60_000);
  expect((await app.server.inject({ method: "DELETE", url: "/api/embeddings/mira" })).json()).toMatchObject({
    code: "EMBEDDING_BUSY",
  });
  await app.server.inject({ method: "POST", url: `/api/jobs/${job.id}/stop` });
  const done = await ended(job.id);
  expect(done.state).toBe("done");
  const [embedding] = (await app.server.inject("/api/embeddings")).json<Embedding[]>();
  expect(embedding?.step).toBeGreaterThan(42);
}, 120_000);

test("a picture is drawn with the word, and is in the gallery with its settings", async () => {
  const job = await create({
    kind: "txt2img",
    settings: { prompt: "a photo of mira", width: 128, height: 128, steps: 8, seed: "5" },
  });
  const done = await ended(job.id);
  expect(done).toMatchObject({ state: "done", error: null });
  const [image] = done.results.artifacts;
  expect((await stat(image?.path ?? "")).size).toBeGreaterThan(1000);
  app.services.gallery.changed();
  const { images } = (await app.server.inject("/api/images")).json();
  expect(images[0]).toMatchObject({ path: image?.path, width: 128, height: 128 });
  expect(images[0].infotext).toContain("a photo of mira");
}, 60_000);

// Other tests share the cores: a second try distinguishes a real fault from a busy moment.
test(
  "cancelling takes at most a second, and the next picture is still drawn",
  { retry: 2, timeout: 120_000 },
  async () => {
    const job = await create({ kind: "txt2img", settings: { prompt: "a man", width: 512, height: 512, steps: 150 } });
    await waitFor("steps", async () => ((await get(job.id)).progress?.step ?? 0) > 0, 60_000);
    const clickedAt = Date.now();
    await app.server.inject({ method: "POST", url: `/api/jobs/${job.id}/cancel` });
    await waitFor("cancelled", async () => (await get(job.id)).state === "cancelled");
    expect(Date.now() - clickedAt).toBeLessThan(1000);
    const next = await create({ kind: "txt2img", settings: { prompt: "a man", width: 128, height: 128, steps: 4 } });
    expect(await ended(next.id)).toMatchObject({ state: "done" });
  },
);

test("E4, R1: a server that is stopped in the middle of a training saves it, and trying again continues from there", async () => {
  const job = await create({ kind: "train-embedding", settings: { ...training(), steps: 5000, createImageEvery: 0 } });
  const before = (await embeddingStep()) ?? 0;
  await waitFor("steps", async () => ((await trainedSteps(job.id)) ?? 0) > before + 5, 60_000);
  await app.close();
  app = await testApp({ worker: LAUNCH, dataDir: app.dataDir });
  const interrupted = await get(job.id);
  expect(interrupted).toMatchObject({ state: "failed", error: { code: "INTERRUPTED" } });
  const saved = (await embeddingStep()) ?? 0;
  expect(saved).toBeGreaterThan(before + 5);
  const again = (await app.server.inject({ method: "POST", url: `/api/jobs/${job.id}/retry` })).json<Job>();
  const step = await waitFor("a step of the second run", () => trainedSteps(again.id), 60_000);
  expect(step).toBeGreaterThanOrEqual(saved);
  await app.server.inject({ method: "POST", url: `/api/jobs/${again.id}/cancel` });
  expect((await ended(again.id)).state).toBe("cancelled");
}, 180_000);

test("a full disk: the old embedding stays, the progress is kept as a copy, no picture is half written, and free space solves it", async () => {
  const { embeddings, outputs } = app.services.folders;
  const path = join(embeddings, "mira.pt");
  const before = await readFile(path);
  const step = ((await embeddingStep()) ?? 0) + 2;
  const today = (await readdir(outputs)).at(-1) ?? "";
  const pictures = await readdir(join(outputs, today));
  const full = [join(embeddings, ".disk-is-full"), join(outputs, today, ".disk-is-full")];
  for (const marker of full) await writeFile(marker, "");

  const job = await create({ kind: "train-embedding", settings: { ...training(), steps: step, createImageEvery: 0 } });
  await waitsForSpace(job.id);
  await app.server.inject({ method: "POST", url: `/api/jobs/${job.id}/stop` });
  const failed = await ended(job.id);
  expect(failed).toMatchObject({ state: "failed", error: { code: "DISK_FULL" } });
  expect(failed.error?.message).toContain(`the copy "mira-${step}.pt" of this run`);
  expect(await readFile(path)).toEqual(before);
  expect((await readdir(embeddings)).toSorted()).toEqual([".disk-is-full", "mira.pt"]);
  const picture = await create({ kind: "txt2img", settings: { prompt: "a man", width: 64, height: 64, steps: 2 } });
  expect(await ended(picture.id)).toMatchObject({ state: "failed", error: { code: "DISK_FULL" } });
  expect(await readdir(join(outputs, today))).toEqual([".disk-is-full", ...pictures]);

  for (const marker of full) await rm(marker);
  const copy = failed.results.artifacts.find(({ kind }) => kind === "copy");
  const payload = { path: copy?.path };
  const used = await app.server.inject({ method: "POST", url: "/api/embeddings/mira/use-copy", payload });
  expect(used.json()).toMatchObject({ name: "mira", step });
  const again = (await app.server.inject({ method: "POST", url: `/api/jobs/${picture.id}/retry` })).json<Job>();
  expect(await ended(again.id)).toMatchObject({ state: "done" });
}, 120_000);

test("a disk that is full from step 20 to the end: the training waits for space with all that it learned, and finishes when there is room", async () => {
  const { embeddings } = app.services.folders;
  const before = (await embeddingStep()) ?? 0;
  const step = before + 80;
  const settings = { ...training(), steps: step, saveEmbeddingEvery: 20, createImageEvery: 0 };
  const job = await create({ kind: "train-embedding", settings });
  const isCopy = ({ kind }: { kind: string }) => kind === "copy";
  const copy = await waitFor("a copy", async () => (await get(job.id)).results.artifacts.find(isCopy), 60_000);
  const full = [embeddings, dirname(copy.path)].map((folder) => join(folder, ".disk-is-full"));
  for (const marker of full) await writeFile(marker, "");
  await waitsForSpace(job.id);
  expect(await embeddingStep()).toBe(before);
  for (const marker of full) await rm(marker);
  const done = await ended(job.id);
  expect(done).toMatchObject({ state: "done", error: null });
  expect(await embeddingStep()).toBe(step);
  expect(await readdir(dirname(copy.path))).toContain(`mira-${step}.pt`);
  // The parts that found no room are counted in one sentence.
  expect(done.results.warnings.filter((warning) => warning.includes("disk")).length).toBeLessThanOrEqual(1);
}, 120_000);

test("a broken picture among good pictures is reported, left out and counted, in a training and in a preprocess", async () => {
  await writeFile(join(dataset, "broken.png"), "not a picture");
  const skipped = [{ file: "broken.png", reason: "it is not a picture, or of a kind that cannot be read" }];
  const steps = ((await embeddingStep()) ?? 0) + 2;
  const job = await create({ kind: "train-embedding", settings: { ...training(), steps, createImageEvery: 0 } });
  const trained = await ended(job.id);
  expect(trained).toMatchObject({ state: "done", results: { skipped } });
  expect(trained.results.warnings.join()).toContain("broken.png");
  const processDst = join(app.services.folders.datasets, "again");
  const prepare = await create({ kind: "preprocess", settings: { processSrc: dataset, processDst } });
  const prepared = await ended(prepare.id);
  expect(prepared).toMatchObject({ state: "done", results: { written: 14, skipped } });
  expect(prepared.results.summary).toBe("14 pictures written; 1 file was left out");
}, 120_000);

async function trainedSteps(id: string): Promise<number | undefined> {
  const { progress } = await get(id);
  return progress?.phase === "training" ? progress.step : undefined;
}

async function embeddingStep(): Promise<number | null | undefined> {
  return (await app.server.inject("/api/embeddings")).json<Embedding[]>().find(({ name }) => name === "mira")?.step;
}

type Settings<K extends JobKind> = Partial<SettingsOf<K>>;

function training(): Settings<"train-embedding"> {
  return {
    embeddingName: "mira",
    dataRoot: dataset,
    templateFilename: "subject.txt",
    trainingWidth: 128,
    trainingHeight: 128,
    learnRate: "0.005",
    seed: "3",
  };
}

async function create<K extends JobKind>(payload: { kind: K; settings: Settings<K> }): Promise<Job> {
  const response = await app.server.inject({ method: "POST", url: "/api/jobs", payload });
  if (response.statusCode !== 200) throw new Error(response.body);
  return response.json();
}

async function get(id: string): Promise<Job> {
  return (await app.server.inject(`/api/jobs/${id}`)).json();
}

async function ended(id: string): Promise<Job> {
  return waitFor(
    `job ${id} ends`,
    async () => {
      const job = await get(id);
      return job.finishedAt !== null && job;
    },
    120_000,
  );
}

async function waitsForSpace(id: string): Promise<void> {
  await waitFor("the wait for space", async () => (await get(id)).progress?.phase === "waiting-for-space", 60_000);
}
