/** @file What the server says about a training that was interrupted: the step from which it goes on, or that nothing was saved; and one number of steps. */
import { writeFile } from "node:fs/promises";
import { LossLog, RunFolders, RunRecord } from "@lexeme/data-folder";
import { TrainSettingsSchema } from "@lexeme/domain/settings";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataFolders } from "../src/data-folder.ts";
import { requestsTo } from "./requests.ts";
import { addRows, rowId } from "./stored-jobs.ts";
import { newDataDir, testApp, type TestApp } from "./test-app.ts";

/** The trainings of a killed server: the steps of their copies, the last reported step, and the steps in their loss logs. */
const KILLED = [
  { name: "saved", copies: [0, 1300], reported: 1344, done: 1347 },
  { name: "unsaved", copies: [0], reported: 22, done: 25 },
  { name: "quiet", copies: [0], reported: 22, done: 0 },
] as const;

let app: TestApp;
beforeAll(async () => {
  const dataDir = await newDataDir();
  const runs = new RunFolders(dataFolders(dataDir).runs);
  for (const [i, { name, copies, done }] of KILLED.entries()) {
    const now = new Date();
    const run = await runs.open({ embeddingName: name, resumedFolder: undefined, initialStep: 0, now });
    const record = await RunRecord.open(run.path);
    await record.begin({ at: now.getTime(), embedding: name, step: 0, steps: 9000, job: rowId(i), from: null });
    for (const step of copies) await writeFile(run.copyPath(step, "pt"), "vectors");
    const log = await LossLog.open(run.lossLogPath, { initialStep: 0, every: 1 });
    for (let step = 1; step <= done; step++)
      await log.add({ step, epoch: 0, epochStep: step, loss: 0.5, learnRate: 0.005 });
    await log.flush();
  }
  await addRows(dataDir, { count: KILLED.length }, (i) => ({
    state: "running",
    request: {
      kind: "train-embedding",
      settings: TrainSettingsSchema.parse({ embeddingName: KILLED[i]!.name, dataRoot: dataDir }),
    },
    progress: { phase: "training", step: KILLED[i]!.reported, steps: 9000, secondsPerStep: null, etaSeconds: null },
  }));
  app = await testApp({ dataDir });
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 30_000);
const { get } = requestsTo(() => app);

test("the step of the newest copy is named; a step that is on the disk and was not reported counts", async () => {
  expect(await get(`/api/jobs/${rowId(0)}`)).toMatchObject({
    state: "failed",
    error: { code: "INTERRUPTED", message: expect.stringContaining("step 1,300 is saved, and trying again continues") },
    progress: { step: 1347 },
  });
});

test("without a copy after the beginning nothing was saved, and the message says so", async () => {
  expect(await get(`/api/jobs/${rowId(1)}`)).toMatchObject({
    error: {
      message: expect.stringContaining("before anything was saved: trying again begins where this training began"),
    },
    progress: { step: 25 },
  });
});

test("without a loss log the reported step counts", async () => {
  expect((await get(`/api/jobs/${rowId(2)}`)).progress.step).toBe(22);
});
