/** @file The data folder is moved while no server runs: jobs, their pictures and runs are found in the new place. */
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RunRecord } from "@lexeme/data-folder";
import { expect, test } from "vitest";
import { dataFolders } from "../src/data-folder.ts";
import { requestsTo } from "./requests.ts";
import { writePicture } from "./sample-files.ts";
import { addRows, picture } from "./stored-jobs.ts";
import { newDataDir, testApp, waitFor, type TestApp } from "./test-app.ts";

test("a moved data folder shows the pictures of its jobs, its runs and histories; absolute paths of earlier versions are still read", async () => {
  const before = await newDataDir();
  const after = `${before}-moved`;
  let app: TestApp | undefined;
  const { get, send } = requestsTo(() => app!);
  try {
    // Earlier versions stored absolute paths.
    const old = { artifacts: [{ kind: "image", path: "/elsewhere/old.png", seed: "1" }], warnings: [] };
    const [oldId] = await addRows(before, { count: 1 }, () => ({ state: "done", finishedAt: 1, results: old }));
    app = await testApp({ dataDir: before });
    const folders = dataFolders(before);
    const path = join(folders.outputs, "2026-01-02", "00000-1.png");
    await mkdir(dirname(path));
    await writePicture(path, "a cat");
    await mkdir(join(folders.datasets, "mira"));
    await writePicture(join(folders.datasets, "mira", "1.png"));
    const prompt = `picture ${path}`;
    const { id } = (await send("POST", "/api/jobs", picture(prompt))).json();
    await waitFor("the picture", async () => (await get(`/api/jobs/${id}`)).state === "done");
    await send("POST", "/api/embeddings", { name: "mira" });
    const dataRoot = join(folders.datasets, "mira");
    const settings = { embeddingName: "mira", dataRoot, previewPrompt: "done", templateFilename: "subject.txt" };
    const training = (await send("POST", "/api/jobs", { kind: "train-embedding", settings })).json().id;
    await waitFor("the training", async () => (await get(`/api/jobs/${training}`)).state === "done");
    const now = new Date();
    const run = await app.services.runs.open({ embeddingName: "mira", resumedFolder: undefined, initialStep: 0, now });
    await (
      await RunRecord.open(run.path)
    ).begin({ at: 1, embedding: "mira", step: 0, steps: 9, job: training, from: null });
    await writePicture(run.previewPath(0));
    await app.end();

    await rename(before, after);
    app = await testApp({ dataDir: after });
    const moved = (one: string) => after + one.slice(before.length);
    const job = await get(`/api/jobs/${id}`);
    expect(job.results.artifacts).toMatchObject([{ kind: "image", path: moved(path) }]);
    expect(job.request.settings.prompt).toBe(prompt);
    const file = await app.server.inject(`/api/file?path=${encodeURIComponent(job.results.artifacts[0].path)}`);
    expect(file.statusCode).toBe(200);
    expect((await get(`/api/jobs/${training}`)).request.settings.dataRoot).toBe(moved(dataRoot));
    const { runs } = await get("/api/embeddings/mira/history");
    expect(runs).toMatchObject([{ folder: moved(run.path), previews: [{ path: moved(run.previewPath(0)) }] }]);
    expect((await get(`/api/jobs/${oldId}`)).results.artifacts).toMatchObject([{ path: "/elsewhere/old.png" }]);
    const { images } = await get("/api/images?limit=5");
    expect(images).toMatchObject([{ path: moved(path) }]);
  } finally {
    await app?.end();
    for (const folder of [before, after]) await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
