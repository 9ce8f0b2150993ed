/** @file The history of an embedding over HTTP: runs in a training's form, copies that replace the embedding and come back, a kill before a report. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { RunRecord } from "@lexeme/data-folder";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import type { NumberedEvent } from "@lexeme/protocol";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { requestsTo } from "./requests.ts";
import { writePicture } from "./sample-files.ts";
import { newDataDir, testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
let dataDir: string;
beforeAll(async () => {
  dataDir = await newDataDir();
  app = await testApp({ dataDir });
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 30_000);
beforeEach(async () => {
  await send("POST", "/api/embeddings", { name: "mira", initText: "woman", overwriteOld: true });
});
const { get, send } = requestsTo(() => app);

/** Writes a run's folder like a training of that job, with copies whose vectors differ by step. */
async function writeRun(name: string, { job, steps }: { job: string; steps: number[] }) {
  const now = new Date();
  const folder = await app.services.runs.open({ embeddingName: name, resumedFolder: undefined, initialStep: 0, now });
  const record = await RunRecord.open(folder.path);
  await record.begin({ at: now.getTime(), embedding: name, step: 0, steps: 900, job, from: null });
  for (const [i, step] of steps.entries()) {
    const word = ["man", "cat", "green", "red"][i]!;
    const made = await send("POST", "/api/embeddings", { name: "made", initText: word, overwriteOld: true });
    await writeFile(folder.copyPath(step, "pt"), await readFile(made.json().path));
    await record.fixedLoss({ step, value: [0.5, 0.3, 0.4][i] ?? 1, measuredOn: "these" });
  }
  await writePicture(folder.previewPath(steps[0]!));
  return { folder, record };
}

async function train(): Promise<{ id: string }> {
  const settings = {
    embeddingName: "mira",
    dataRoot: DEMO_PHOTOS_DIR,
    previewPrompt: "hang",
    templateFilename: "subject.txt",
  };
  return (await send("POST", "/api/jobs", { kind: "train-embedding", settings })).json();
}

const state = async (id: string) => (await get(`/api/jobs/${id}`)).state;

test("the history has every copy with its picture and loss, the best copy and the copy in use; a replaced embedding becomes a copy and can be used again", async () => {
  const { folder, record } = await writeRun("mira", { job: "gone", steps: [100, 200, 300] });
  await record.end({ at: 7, how: "finished", step: 300, message: null, replaced: null });
  const before = await get("/api/embeddings/mira/history");
  expect(before).toMatchObject({
    currentCopy: null,
    bestCopy: folder.copyPath(200, "pt"),
    runs: [
      {
        folder: folder.path,
        state: "finished",
        endedAt: 7,
        lastStep: 300,
        steps: 900,
        copies: [
          { step: 100, previewPath: folder.previewPath(100), fixedLoss: { value: 0.5, isComparable: true } },
          { step: 200, previewPath: null },
          { step: 300 },
        ],
      },
    ],
  });

  const path = (await get("/api/embeddings")).find(({ name }: { name: string }) => name === "mira").path;
  const made = await readFile(path);
  const used = (await send("POST", "/api/embeddings/mira/use-copy", { path: folder.copyPath(200, "pt") })).json();
  const after = await get("/api/embeddings/mira/history");
  expect(after.currentCopy).toBe(folder.copyPath(200, "pt"));
  expect(after.runs.map((run: { state: string }) => run.state)).toEqual(["finished", "kept"]);
  expect(after.runs[1].copies.map((copy: { path: string }) => copy.path)).toEqual([used.replacedCopy]);

  const undone = (await send("POST", "/api/embeddings/mira/use-copy", { path: used.replacedCopy })).json();
  expect(undone.replacedCopy).toBe(folder.copyPath(200, "pt"));
  expect(await readFile(path)).toEqual(made);
  expect((await get("/api/embeddings/mira/history")).runs).toHaveLength(2);
}, 60_000);

test("an embedding without runs, and one that does not exist, have an empty history", async () => {
  const nothing = { ownSince: expect.any(Number), copiedFrom: null, runs: [], currentCopy: null, bestCopy: null };
  await send("POST", "/api/embeddings", { name: "fresh", initText: "woman", overwriteOld: true });
  expect(await get("/api/embeddings/fresh/history")).toEqual(nothing);
  expect(await get("/api/embeddings/nobody/history")).toEqual(nothing);
}, 60_000);

test("a lost training continues from the newest copy on the disk, although the copy was not reported; pages are told of its run", async () => {
  const heard: string[] = [];
  const events = app.services.events.listen((batch: readonly NumberedEvent[]) => {
    for (const { event } of batch) if (event.type === "library") heard.push(event.changed);
  });
  const job = await train();
  await waitFor("it runs", async () => (await state(job.id)) === "running");
  const { folder } = await writeRun("mira", { job: job.id, steps: [100, 200] });
  const runsOf = async () => (await get("/api/embeddings/mira/history")).runs;
  expect((await runsOf()).at(-1)).toMatchObject({ folder: folder.path, state: "running", jobs: [job.id] });

  process.kill(app.workers.device.pid!, "SIGKILL");
  await waitFor("the second attempt", async () => (await get(`/api/jobs/${job.id}`)).attempt === 2);
  await waitFor("it runs", async () => (await state(job.id)) === "running");
  await send("POST", `/api/jobs/${job.id}/stop`);
  await waitFor("it ends", async () => (await state(job.id)) === "done");
  expect(JSON.parse((await get(`/api/jobs/${job.id}`)).results.summary)).toMatchObject({
    resumeFrom: folder.copyPath(200, "pt"),
  });
  await waitFor("the page hears", () => heard.includes("runs"));
  events();
}, 60_000);

test("a server that ended before a report finds the copy at its next start, and offers to continue from it", async () => {
  const job = await train();
  await waitFor("it runs", async () => (await state(job.id)) === "running");
  const { folder } = await writeRun("mira", { job: job.id, steps: [100] });
  await app.close();
  app = await testApp({ dataDir });
  await app.services.jobs.ready;
  const interrupted = await get(`/api/jobs/${job.id}`);
  expect(interrupted).toMatchObject({ state: "failed", error: { code: "INTERRUPTED" } });
  expect(interrupted.error.message).toContain("step 100 is saved");
  expect((await get("/api/embeddings/mira/history")).runs.at(-1)).toMatchObject({ state: "interrupted" });
  const again = (await send("POST", `/api/jobs/${job.id}/retry`)).json();
  expect(again.request.settings.resumeFrom).toBe(folder.copyPath(100, "pt"));
  await send("POST", `/api/jobs/${again.id}/cancel`);
}, 60_000);

test("a trained embedding is kept when another is created in its place; an untrained embedding leaves nothing behind", async () => {
  const { folder } = await writeRun("mira", { job: "gone", steps: [301] });
  await send("POST", "/api/embeddings/mira/use-copy", { path: folder.copyPath(301, "pt") });
  await rm(folder.path, { recursive: true });
  const create = () => send("POST", "/api/embeddings", { name: "mira", initText: "cat", overwriteOld: true });
  const keptSteps = async () =>
    (await get("/api/embeddings/mira/history")).runs
      .flatMap(({ copies }: { copies: { step: number }[] }) => copies)
      .filter(({ step }: { step: number }) => step === 301 || step === 0).length;
  const before = await keptSteps();
  await create();
  expect(await keptSteps()).toBe(before + 1);
  await create();
  expect(await keptSteps()).toBe(before + 1);
});
