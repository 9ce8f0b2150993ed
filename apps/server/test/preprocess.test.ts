/** @file Preprocess as a user meets it, with the real worker: ended in the middle, twice into one folder, with odd files, by a program. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import { isFinished } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { workerLaunch } from "../src/worker-launch.ts";
import { DEMO_PREPROCESS } from "./demo-preprocess.ts";
import { requestsTo } from "./requests.ts";
import { writePicture } from "./sample-files.ts";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
const { get, send } = requestsTo(() => app);

beforeAll(async () => {
  app = await testApp({ worker: workerLaunch() });
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 60_000);

const inDatasets = (name: string): string => join(app.services.folders.datasets, name);
const start = async (settings: object): Promise<Job> =>
  (await send("POST", "/api/jobs", { kind: "preprocess", settings })).json();
const job = (id: string): Promise<Job> => get(`/api/jobs/${id}`);
const plan = async (settings: object) => (await send("POST", "/api/preprocess/plan", settings)).json();

async function ended(id: string): Promise<Job> {
  return waitFor("the end", async () => [await job(id)].find(({ state }) => isFinished(state)), 60_000);
}

async function contents(folder: string): Promise<string[][]> {
  const names = (await readdir(folder)).toSorted();
  return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "hex")]));
}

test("a preprocess whose worker is killed twice goes on and equals one that was left alone", async () => {
  const alone = await ended((await start({ ...DEMO_PREPROCESS, processDst: inDatasets("alone") })).id);
  expect(alone).toMatchObject({ state: "done", results: { written: 28 } });

  const killed = { ...DEMO_PREPROCESS, processDst: inDatasets("killed") };
  const first = await start(killed);
  for (const [attempt, pictures] of [
    [1, 5],
    [2, 13],
  ] as const) {
    await waitFor("some pictures", async () => {
      const { attempt: now, results } = await job(first.id);
      return now === attempt && results.artifacts.length >= pictures;
    });
    process.kill(app.workers.pictures.pid!, "SIGKILL");
  }
  expect(await ended(first.id)).toMatchObject({ state: "failed", attempt: 2, error: { code: "WORKER_EXITED" } });
  const { done, destinationFault } = await plan(killed);
  expect([done >= 13, destinationFault]).toEqual([true, null]);
  const again = (await send("POST", `/api/jobs/${first.id}/retry`, {})).json();
  expect(await ended(again.id)).toMatchObject({ state: "done", results: { written: 28, skipped: [] } });
  expect(await contents(inDatasets("killed"))).toEqual(await contents(inDatasets("alone")));
}, 120_000);

test("what a second preprocess would do is known before, and corrected captions stay unless asked", async () => {
  const [processSrc, processDst] = [inDatasets("source"), inDatasets("twice")];
  await mkdir(processSrc);
  for (const name of ["a", "b"]) {
    await writePicture(join(processSrc, `${name}.png`));
    await writeFile(join(processSrc, `${name}.txt`), `words of ${name}`);
  }
  const settings = { processSrc, processDst, preprocessTxtAction: "copy" };
  expect(await plan(settings)).toMatchObject({ pictures: 2, done: 0, replaces: 0, destinationFault: null });
  await ended((await start(settings)).id);
  await writeFile(join(processDst, "00000-0-a.txt"), "corrected");

  const { destinationFault } = await plan(settings);
  expect(destinationFault).toContain("already holds 00000-0-a.png");
  expect(await start(settings)).toMatchObject({ code: "DESTINATION_HAS_FILES", message: destinationFault });
  const overwriting = { ...settings, overwriteDestination: true };
  expect(await plan(overwriting)).toMatchObject({
    replaces: 2,
    keepsCaptions: 2,
    replacesCaptions: 0,
    destinationFault: null,
  });
  const kept = await ended((await start(overwriting)).id);
  expect(kept.results.summary).toBe("2 pictures written; 2 captions were kept");
  expect(await readFile(join(processDst, "00000-0-a.txt"), "utf8")).toBe("corrected");

  const all = { ...overwriting, overwriteCaptions: true };
  expect(await plan(all)).toMatchObject({ keepsCaptions: 0, replacesCaptions: 2 });
  await ended((await start(all)).id);
  expect(await readFile(join(processDst, "00000-0-a.txt"), "utf8")).toBe("words of a");
}, 60_000);

test.each([
  ["a folder that does not exist", () => ({ processSrc: inDatasets("nowhere") }), "processSrc", "FILE_MISSING"],
  ["a folder without pictures", () => ({ processSrc: inDatasets("empty") }), "processSrc", "NO_PICTURES"],
  ["the source as destination", () => ({ processDst: DEMO_PHOTOS_DIR }), "processDst", "FOLDER_NOT_WRITABLE"],
  ["a folder outside", () => ({ processDst: "/etc/lexeme" }), "processDst", "PATH_OUTSIDE"],
])("the plan refuses %s beside its field", async (_, some, field, code) => {
  await mkdir(inDatasets("empty"), { recursive: true });
  const settings = { processSrc: DEMO_PHOTOS_DIR, processDst: inDatasets("planned"), ...some() };
  expect(await plan(settings)).toMatchObject({ code, details: { field } });
  expect(await readdir(app.services.folders.datasets)).not.toContain("planned");
});

test("a program is told which files were left out and why", async () => {
  const processSrc = inDatasets("odd");
  await mkdir(processSrc);
  await writePicture(join(processSrc, "good.png"));
  await writeFile(join(processSrc, "broken.png"), "no picture");
  await mkdir(join(processSrc, "good.txt"));
  await mkdir(join(inDatasets("odd-out"), "00001-0-good.txt"), { recursive: true });
  const body = { process_src: processSrc, process_dst: inDatasets("odd-out"), caption_from_filename: true };
  const { info } = (await send("POST", "/sdapi/v1/preprocess", body)).json();
  const [first, ...rest] = String(info).split("\n");
  expect(first).toBe("preprocess complete");
  expect(rest).toEqual([
    expect.stringMatching(/^Left out broken\.png: it is not a picture/u),
    expect.stringMatching(/^Left out 00001-0-good\.txt: Cannot write/u),
  ]);
  expect((await readdir(inDatasets("odd-out"))).toSorted()).toEqual(["00001-0-good.png", "00001-0-good.txt"]);
  const { pictures } = await get(`/api/dataset?path=${encodeURIComponent(processSrc)}`);
  expect(pictures).toMatchObject([{ file: "good.png", caption: "good", hasCaptionFile: false, captionFault: null }]);
  await rm(processSrc, { recursive: true });
}, 60_000);
