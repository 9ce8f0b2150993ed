/** @file "Draw now": a picture before the next step of a training, on a scripted worker. The rules are numbered in SPEC.md. */
import { rm } from "node:fs/promises";
import type { Job } from "@lexeme/protocol";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  cancelAll,
  createPicture,
  createTraining,
  ended,
  getJob,
  killDeviceWorker,
  listJobs,
  post,
  running,
} from "./job-client.ts";
import { newDataDir, testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
let training: Job;

beforeAll(async () => {
  app = await testApp();
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 30_000);
afterEach(() => cancelAll(app), 20_000);

/** A training that makes steps until it is stopped. */
async function startTraining(on = app): Promise<void> {
  training = await createTraining(on, "hang");
  await waitFor("the training makes steps", async () => (await getJob(on, training.id)).progress !== null);
}

/** A picture with that script, which goes before the training's next step. */
async function drawNow(prompt: string, on = app): Promise<Job> {
  const { id } = await createPicture(on, prompt);
  return (await post(on, `/api/jobs/${id}/go-first`)) as unknown as Job;
}

const phaseOfTraining = async () => (await getJob(app, training.id)).progress?.phase;
const sdapiProgress = async () => (await app.server.inject("/sdapi/v1/progress")).json();

test("S2: the picture is drawn while the training waits, other jobs keep waiting, and the training goes on", async () => {
  await startTraining();
  const other = await createPicture(app, "done");
  const picture = await drawNow("hang");
  expect(picture).toMatchObject({ state: "queued", first: true });
  await running(app, picture.id);
  expect(await phaseOfTraining()).toBe("giving-way");
  // Programs see the job that computes.
  expect(await sdapiProgress()).toMatchObject({ state: { job: "scripts_txt2img" } });
  const second = await drawNow("done");
  await post(app, `/api/jobs/${picture.id}/stop`);
  expect((await ended(app, picture.id)).state).toBe("done");
  expect((await ended(app, second.id)).state).toBe("done");
  await waitFor("the training goes on", async () => (await phaseOfTraining()) === "training");
  expect(await getJob(app, training.id)).toMatchObject({ state: "running", attempt: 1, stopping: false });
  expect(await sdapiProgress()).toMatchObject({ state: { job: "train-embedding" } });
  expect((await getJob(app, other.id)).state).toBe("queued");
});

test("a training whose worker still starts lets the picture go first too; a job that never begins keeps no other job waiting", async () => {
  app.workers.device.renew();
  training = await createTraining(app, "hang");
  await running(app, training.id);
  const picture = await drawNow("done");
  expect((await ended(app, picture.id)).state).toBe("done");
  await waitFor("the training goes on", async () => (await phaseOfTraining()) === "training");
  const never = app.workers.device.hold("a job that fails before its worker has it");
  app.workers.device.goOn("a job that fails before its worker has it");
  expect(await never).toBe(false);
});

test("A1111's interrupt ends the picture that its program asked for, and not the training that waits", async () => {
  await startTraining();
  const answer = app.server.inject({ method: "POST", url: "/sdapi/v1/txt2img", payload: { prompt: "hang" } });
  const waiting = await waitFor("the picture waits", async () =>
    (await listJobs(app)).find(({ state }) => state === "queued"),
  );
  await post(app, `/api/jobs/${waiting.id}/go-first`);
  await running(app, waiting.id);
  await app.server.inject({ method: "POST", url: "/sdapi/v1/interrupt" });
  expect((await ended(app, waiting.id)).state).toBe("done");
  expect((await answer).statusCode).toBe(200);
  expect(await getJob(app, training.id)).toMatchObject({ state: "running", stopping: false });
});

test("a program that waits for its own training reads that it waits, and for how far it has come", async () => {
  await post(app, "/api/embeddings", { name: "mira", initText: "woman", overwriteOld: true });
  const payload = {
    embedding_name: "mira",
    data_root: app.services.roots.list.find(({ name }) => name === "Demo photos")?.path,
    template_filename: "subject.txt",
    preview_prompt: "hang",
  };
  const answer = app.server.inject({ method: "POST", url: "/sdapi/v1/train/embedding", payload });
  const own = await waitFor("the training makes steps", async () =>
    (await listJobs(app)).find(({ state, progress }) => state === "running" && progress !== null),
  );
  const picture = await drawNow("hang");
  await running(app, picture.id);
  expect(await sdapiProgress()).toMatchObject({
    textinfo: "Waits while a picture is drawn",
    state: { job: "train-embedding", job_no: 5 },
  });
  await post(app, `/api/jobs/${picture.id}/stop`);
  await ended(app, picture.id);
  await post(app, `/api/jobs/${own.id}/stop`);
  expect((await answer).statusCode).toBe(200);
});

test("A2: a cancel of the picture touches only the picture, however late the worker answers", async () => {
  await startTraining();
  const { pid } = app.workers.device;
  const picture = await drawNow("deaf");
  await running(app, picture.id);
  await post(app, `/api/jobs/${picture.id}/cancel`);
  expect((await ended(app, picture.id)).state).toBe("cancelled");
  await waitFor("the training goes on", async () => (await phaseOfTraining()) === "training");
  expect(await getJob(app, training.id)).toMatchObject({ state: "running", attempt: 1 });
  expect(app.workers.device.pid).toBe(pid);
});

test("A1: a picture that is cancelled before the training waits is not drawn", async () => {
  await startTraining();
  const { id } = await drawNow("done");
  await post(app, `/api/jobs/${id}/cancel`);
  expect(["cancelled", "done"]).toContain((await ended(app, id)).state);
  await waitFor("the training goes on", async () => (await phaseOfTraining()) !== "giving-way");
  expect(await getJob(app, training.id)).toMatchObject({ state: "running", attempt: 1 });
});

test.each([
  ["cancel", "cancelled"],
  ["stop", "done"],
])(
  "a %s of the training ends it at once; the picture is drawn to its end, and the lane waits for it",
  async (how, state) => {
    await startTraining();
    const { pid } = app.workers.device;
    const next = await createPicture(app, "done");
    const picture = await drawNow("hang");
    await running(app, picture.id);
    const askedAt = Date.now();
    await post(app, `/api/jobs/${training.id}/${how}`);
    expect((await ended(app, training.id)).state).toBe(state);
    expect(Date.now() - askedAt).toBeLessThan(1000);
    expect([(await getJob(app, picture.id)).state, (await getJob(app, next.id)).state]).toEqual(["running", "queued"]);
    await post(app, `/api/jobs/${picture.id}/stop`);
    expect(await ended(app, picture.id)).toMatchObject({ state: "done", attempt: 1 });
    expect((await ended(app, next.id)).state).toBe("done");
    expect(app.workers.device.pid).toBe(pid);
  },
);

test("L2: kill -9 costs both jobs an attempt; the picture comes first again, then the training", async () => {
  await startTraining();
  const picture = await drawNow("hang");
  await waitFor("the picture is drawn", async () => (await getJob(app, picture.id)).progress !== null);
  killDeviceWorker(app);
  const again = async () => {
    const job = await getJob(app, picture.id);
    return job.state === "running" && job.attempt === 2 && job.progress !== null;
  };
  await waitFor("the picture is drawn again", again, 20_000);
  expect(await getJob(app, training.id)).toMatchObject({ state: "queued", attempt: 2 });
  await post(app, `/api/jobs/${picture.id}/stop`);
  await ended(app, picture.id);
  await running(app, training.id);
}, 40_000);

test("E5: a picture that finds no memory beside the training says so, and waits until the training has ended", async () => {
  await startTraining();
  const { id } = await drawNow("fail");
  const waiting = await waitFor("the refusal", async () => {
    const job = await getJob(app, id);
    return job.error !== null && job;
  });
  expect(waiting).toMatchObject({ state: "queued", first: false, attempt: 1, finishedAt: null });
  expect(waiting.error?.message).toBe(
    'There is not enough memory for this job beside Train "mira": it waits until that job has ended',
  );
  await waitFor("the training goes on", async () => (await phaseOfTraining()) === "training");
  await post(app, `/api/jobs/${training.id}/stop`);
  expect((await ended(app, id)).error?.message).toBe("Not enough memory: make the picture smaller");
});

test("S2: behind a job that cannot pause, the picture is the next; a training and an ended job cannot go first", async () => {
  const drawing = await createPicture(app, "hang");
  await running(app, drawing.id);
  const older = await createPicture(app, "done");
  const picture = await drawNow("slow");
  expect(picture).toMatchObject({ state: "queued", first: true });
  expect(await post(app, `/api/jobs/${drawing.id}/go-first`)).toMatchObject({ state: "running", first: false });
  await post(app, `/api/jobs/${drawing.id}/stop`);
  const [done, later] = [await ended(app, picture.id), await ended(app, older.id)];
  expect(later.startedAt).toBeGreaterThanOrEqual(done.finishedAt ?? Infinity);

  const refusal = async (id: string) =>
    (await app.server.inject({ method: "POST", url: `/api/jobs/${id}/go-first` })).json();
  expect(await refusal(done.id)).toMatchObject({ code: "JOB_NOT_RUNNING", kind: "conflict" });
  await startTraining();
  expect(await refusal(training.id)).toMatchObject({
    code: "JOB_CANNOT_GO_FIRST",
    message: '"Train "mira"" takes long, so it cannot go between two steps of a job',
  });
});

test("R1, R2: after a restart the picture is the first in line, and the training can be continued", async () => {
  const dataDir = await newDataDir();
  let server = await testApp({ dataDir });
  await startTraining(server);
  const older = await createPicture(server, "done older");
  const picture = await drawNow("hang", server);
  await running(server, picture.id);
  const second = await drawNow("slow", server);
  await server.close();

  server = await testApp({ dataDir });
  await running(server, picture.id);
  expect(await getJob(server, picture.id)).toMatchObject({ attempt: 1, first: true });
  expect(await getJob(server, training.id)).toMatchObject({ state: "failed", error: { code: "INTERRUPTED" } });
  await post(server, `/api/jobs/${picture.id}/stop`);
  const [done, later] = [await ended(server, second.id), await ended(server, older.id)];
  expect(later.startedAt).toBeGreaterThanOrEqual(done.finishedAt ?? Infinity);
  await server.end();
  await rm(dataDir, { recursive: true, force: true });
}, 60_000);
