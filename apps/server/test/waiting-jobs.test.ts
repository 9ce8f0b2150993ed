/** @file The order of waiting jobs, clearing the list, and cancelling all that wait. The worker is scripted, everything else is real. */
import { cpSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerEventBody } from "@lexeme/protocol";
import type { Job } from "@lexeme/protocol";
import { afterEach, expect, test } from "vitest";
import { dataFolders } from "../src/data-folder.ts";
import { requestsTo } from "./requests.ts";
import { addRows, picture, rowId } from "./stored-jobs.ts";
import { newDataDir, testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
const folders: string[] = [];
const { get, send } = requestsTo(() => app);

afterEach(async () => {
  await app.end();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}, 60_000);

async function queue(prompt: string): Promise<Job> {
  return (await send("POST", "/api/jobs", picture(prompt))).json();
}

const jobOf = (id: string): Promise<Job> => get(`/api/jobs/${id}`);
const move = (job: Job, before: Job | null) => send("POST", `/api/jobs/${job.id}/move`, { before: before?.id ?? null });

/** Letters of the jobs in the order in which they ran. */
async function ranInOrder(jobs: readonly Job[]): Promise<string> {
  const ended = await waitFor("all jobs to end", async () => {
    const now = await Promise.all(jobs.map(({ id }) => jobOf(id)));
    return now.every(({ state }) => state === "done") && now;
  });
  return ended
    .toSorted((a, b) => a.startedAt! - b.startedAt!)
    .map(({ title }) => title.at(-1))
    .join("");
}

async function startWith(letters: string): Promise<{ first: Job; jobs: Job[] }> {
  const first = await queue("hang");
  const jobs: Job[] = [];
  for (const letter of letters) jobs.push(await queue(`done ${letter}`));
  await waitFor("the first job to run", async () => (await jobOf(first.id)).state === "running");
  return { first, jobs };
}

test("moved jobs run in their new order, a new job after them, and pages hear of each move", async () => {
  app = await testApp();
  const { first, jobs } = await startWith("abcd");
  const [a, b, c, d] = jobs as [Job, Job, Job, Job];
  const events: ServerEventBody[] = [];
  app.services.events.listen((batch) => events.push(...batch.map(({ event }) => event)));
  expect((await move(d, a)).statusCode).toBe(200);
  await move(b, null);
  await move(c, a);
  const late = await queue("done e");
  const { jobs: shown } = (await app.services.jobs.snapshot())();
  const waiting = shown.filter(({ state }) => state === "queued").toSorted((x, y) => x.position - y.position);
  expect(waiting.map(({ title }) => title.at(-1)).join("")).toBe("dcabe");
  await waitFor("the events", () => events.filter(({ type }) => type === "job").length >= 3);
  await send("POST", `/api/jobs/${first.id}/stop`, {});
  expect(await ranInOrder([...jobs, late])).toBe("dcabe");
}, 60_000);

test("the order survives a kill of the server, and the job that ran comes first", async () => {
  const dataDir = await newDataDir();
  folders.push(dataDir);
  app = await testApp({ dataDir });
  const first = await queue("hang");
  const jobs: Job[] = [];
  for (const letter of "abc") jobs.push(await queue(`done ${letter}`));
  await waitFor("the first job to run", async () => (await jobOf(first.id)).state === "running");
  await move(jobs[2]!, jobs[0]!);
  const killed = await mkdtemp(join(tmpdir(), "lexeme-killed-"));
  folders.push(killed);
  cpSync(dataDir, killed, { recursive: true });
  rmSync(dataFolders(killed).lock, { recursive: true, force: true });
  await app.end();
  app = await testApp({ dataDir: killed });
  const { jobs: shown } = (await app.services.jobs.snapshot())();
  const [next] = shown.filter(({ state }) => state !== "done").toSorted((x, y) => x.position - y.position);
  expect(next?.id).toBe(first.id);
  await waitFor("the interrupted job to run again", async () => (await jobOf(first.id)).state === "running");
  await send("POST", `/api/jobs/${first.id}/stop`, {});
  expect(await ranInOrder(jobs)).toBe("cab");
}, 60_000);

test("a job that started meanwhile is not moved, and whatever was put before it comes next", async () => {
  app = await testApp();
  const { first, jobs } = await startWith("ab");
  const refused = await move(first, jobs[0]!);
  expect(refused.statusCode).toBe(409);
  expect(refused.json()).toMatchObject({ code: "JOB_NOT_WAITING" });
  expect((await move(jobs[1]!, first)).statusCode).toBe(200);
  expect((await send("POST", `/api/jobs/${jobs[0]!.id}/move`, { before: rowId(9) })).statusCode).toBe(404);
  await send("POST", `/api/jobs/${first.id}/stop`, {});
  expect(await ranInOrder(jobs)).toBe("ba");
}, 60_000);

test("a list of 1,200 waiting jobs is reordered and cancelled in seconds; clearing takes only ended jobs off", async () => {
  const dataDir = await newDataDir();
  folders.push(dataDir);
  await addRows(dataDir, { count: 1200, firstId: 1 }, (i) => ({
    createdAt: i,
    request: picture(i === 0 ? "hang" : "done"),
  }));
  await addRows(dataDir, { count: 5, firstId: 5000 }, (i) => ({ createdAt: i, state: "done", finishedAt: 1 }));
  app = await testApp({ dataDir });
  await waitFor("the first job to run", async () => (await jobOf(rowId(1))).state === "running", 60_000);
  const begin = performance.now();
  expect((await send("POST", `/api/jobs/${rowId(1200)}/move`, { before: rowId(2) })).statusCode).toBe(200);
  const { jobs, unlisted } = (await app.services.jobs.snapshot())();
  expect(unlisted + jobs.filter(({ state }) => state === "queued").length).toBe(1199);
  expect((await send("POST", "/api/jobs/cancel-waiting", {})).json()).toEqual({ cancelled: 1199 });
  expect(performance.now() - begin).toBeLessThan(30_000);
  expect((await jobOf(rowId(1))).state).toBe("running");
  // The list keeps the thousand jobs that ended last.
  expect((await send("POST", "/api/jobs/clear", {})).json()).toEqual({ removed: 1000 });
  expect((await get("/api/jobs")).map(({ id }: Job) => id)).toEqual([rowId(1)]);
  await send("POST", `/api/jobs/${rowId(1)}/stop`, {});
  await waitFor("the last job to end", async () => (await jobOf(rowId(1))).state === "done");
}, 180_000);

test("R3: a plot that was running when the server was killed gets the cells that it drew", async () => {
  const dataDir = await newDataDir();
  folders.push(dataDir);
  const cell = { kind: "image", path: "/outputs/1.png", seed: "5", cell: { x: 0, y: 0, z: 0 } };
  const grid = { kind: "grid", path: "/outputs/grid.png" };
  await addRows(dataDir, { count: 1, firstId: 1 }, () => ({
    state: "running",
    request: { kind: "xyz-plot", settings: { prompt: "done", xType: "Steps", xValues: "1, 2" } },
    results: { artifacts: [cell, grid], warnings: [] },
  }));
  app = await testApp({ dataDir });
  const done = await waitFor("the plot to end", async () => {
    const job = await jobOf(rowId(1));
    return job.state === "done" && job;
  });
  expect(JSON.parse(done.results.summary ?? "")).toMatchObject({ drawn: [cell.path] });
}, 60_000);
