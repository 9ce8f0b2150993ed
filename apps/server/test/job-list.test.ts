/** @file Long lists of jobs, broken rows, and texts that a row cannot hold. The worker is scripted, everything else is real. */
import { cpSync, rmSync } from "node:fs";
import { cp, mkdir, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import type { Job, ServerEventBody, ServerMessage } from "@lexeme/protocol";
import { sql } from "drizzle-orm";
import { pino } from "pino";
import { afterEach, describe, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { dataFolders } from "../src/data-folder.ts";
import { openJobs } from "../src/jobs/open-jobs.ts";
import { openDatabase } from "../src/jobs/store/database.ts";
import { requestsTo } from "./requests.ts";
import { addRows, change, picture, rowId, rowsOf } from "./stored-jobs.ts";
import { newDataDir, testApp, waitFor, type TestApp, type TestAppOptions } from "./test-app.ts";

const FORMATS = fileURLToPath(new URL("../../../packages/formats/src/fixtures/", import.meta.url));

let app: TestApp;
const folders: string[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await app.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}, 60_000);
const { get, send } = requestsTo(() => app);

describe("jobs beyond the newest thousand", () => {
  const training = rowId(0);

  /** A running training, and 1,100 newer pictures in the queue after it. */
  async function openWithTraining(): Promise<string> {
    const dataDir = await newFolder();
    const { embeddings } = dataFolders(dataDir);
    await mkdir(embeddings, { recursive: true });
    await cp(join(FORMATS, "written.pt"), join(embeddings, "mira.pt"));
    const settings = { embeddingName: "mira", dataRoot: "/photos", previewPrompt: "hang" };
    await addRows(dataDir, { count: 1101 }, (i) => ({
      createdAt: i,
      request: i === 0 ? { kind: "train-embedding", settings } : picture("done"),
    }));
    await open({ dataDir });
    await stateOf(training, "running");
    return dataDir;
  }

  test("count among the running jobs, and a page sees the running jobs, those that come next and how many more wait", async () => {
    await openWithTraining();
    const newest = Array.from({ length: 100 }, (_, i) => rowId(1100 - i));
    const next = Array.from({ length: 400 }, (_, i) => rowId(i + 1));
    expect((await get("/api/jobs")).map(({ id }: Job) => id)).toEqual([...newest, training, ...next.slice(0, 100)]);
    const { jobs, unlisted } = await greeting();
    expect(jobs.map(({ id }) => id)).toEqual([...newest, training, ...next]);
    expect(unlisted).toBe(600);
    expect((await send("POST", "/api/embeddings/mira/rename", { name: "mara" })).statusCode).toBe(409);
    expect(await get("/sdapi/v1/progress")).toMatchObject({ state: { job: "train-embedding" } });
    await send("POST", "/sdapi/v1/interrupt", {});
    await stateOf(training, "done");
  }, 120_000);

  test.each(["stopped", "killed"])(
    "R1: a training before them does not continue by itself when the server was %s",
    async (how) => {
      const dataDir = await openWithTraining();
      // The copy is like the folder after a kill -9, because the synchronous copy lets no write happen in between.
      const killed = await newFolder();
      if (how === "killed") {
        cpSync(dataDir, killed, { recursive: true });
        rmSync(dataFolders(killed).lock, { recursive: true, force: true });
      }
      await app.close();
      await open({ dataDir: how === "killed" ? killed : dataDir });
      expect(await get(`/api/jobs/${training}`)).toMatchObject({ state: "failed", error: { code: "INTERRUPTED" } });
      expect((await send("POST", "/api/embeddings/mira/rename", { name: "mara" })).statusCode).toBe(200);
      await stateOf(rowId(1), "done");
    },
    120_000,
  );
});

describe("a long list", () => {
  test("keeps the thousand jobs that ended last and all unfinished jobs, while the server runs", async () => {
    const dataDir = await newFolder();
    await addRows(dataDir, { count: 1000 }, (i) => ({ state: "done", createdAt: i, finishedAt: i + 10 }));
    const [waiting] = await addRows(dataDir, { count: 1, firstId: 1000 }, () => ({
      request: picture("hang"),
      createdAt: 1,
    }));
    await open({ dataDir });
    const oldest = rowId(0);
    expect(await get(`/api/jobs/${oldest}`)).toMatchObject({ state: "done" });
    await stateOf(waiting!, "running");
    const { seen } = await greeting();
    await send("POST", `/api/jobs/${waiting}/stop`);
    await stateOf(waiting!, "done");
    await waitFor("pages are told", () => seen.some((event) => event.type === "job-removed" && event.jobId === oldest));
    expect((await app.server.inject(`/api/jobs/${oldest}`)).statusCode).toBe(404);
    expect(await get(`/api/jobs/${rowId(1)}`)).toMatchObject({ state: "done" });
    await app.close();
    expect(await rowsOf(dataDir)).toHaveLength(1000);
    await open({ dataDir });
    expect(await get(`/api/jobs/${waiting}`)).toMatchObject({ state: "done" });
  }, 120_000);

  test("of ten thousand waiting jobs is read once at the start; answers then need no row of the database and name few jobs", async () => {
    const dataDir = await newFolder();
    await addRows(dataDir, { count: 10_000 }, (i) => ({ request: picture(i === 0 ? "hang" : "done"), createdAt: i }));
    const queries = countedQueries();
    await open({ dataDir });
    await stateOf(rowId(0), "running");
    const ofJobs = () => queries().filter((text) => /"job"/.test(text));
    expect(ofJobs().filter((text) => text.startsWith("select"))).toHaveLength(1);
    // The state of the job that starts, and its progress; not one change a waiting job.
    expect(ofJobs().length).toBeLessThan(20);
    await app.services.jobs.ready;
    const before = ofJobs().filter((text) => text.startsWith("select")).length;
    for (let i = 0; i < 20; i++) {
      expect(await app.services.jobs.isTraining("mira")).toBe(false);
      expect(JSON.stringify(await get("/sdapi/v1/progress")).length).toBeLessThan(10_000);
      expect((await get("/api/jobs?limit=1")).length).toBeLessThanOrEqual(3);
    }
    expect(ofJobs().filter((text) => text.startsWith("select"))).toHaveLength(before);
  }, 120_000);
});

describe("a row that cannot be read", () => {
  test("is left out and reported, whatever its fault is; broken parts of readable rows are left out", async () => {
    const dataDir = await newFolder();
    const broken = await addRows(dataDir, { count: 3 }, (i) => ({
      state: i === 2 ? "asleep" : i === 1 ? "queued" : "done",
      request: [{ kind: "dance", settings: {} }, picture("done", { steps: 100_000 }), picture("done")][i],
    }));
    const [mended] = await addRows(dataDir, { count: 1, firstId: 10 }, () => ({
      state: "failed",
      progress: { step: "many" },
      error: "nothing of the kind",
      results: {
        artifacts: [{ kind: "sculpture" }, { kind: "image", path: "/a.png", seed: "x" }],
        warnings: [1, "one"],
      },
      logTail: [null, "a line"],
    }));
    const log: string[] = [];
    const stream = new Writable({
      write(line, _encoding, done) {
        log.push(String(line));
        done();
      },
    });
    await open({ dataDir, logger: pino({ level: "warn" }, stream) });
    await app.services.jobs.ready;
    const expected = {
      id: mended,
      progress: null,
      error: { code: "INTERNAL" },
      results: { artifacts: [{ kind: "image", path: "/a.png" }], warnings: ["one"] },
      logTail: ["a line"],
    };
    expect(await get("/api/jobs")).toMatchObject([expected]);
    expect((await greeting()).jobs).toMatchObject([expected]);
    for (const id of broken) {
      expect(log.join("")).toContain(id);
      expect((await app.server.inject(`/api/jobs/${id}`)).statusCode).toBe(404);
    }
    await app.close();
    expect((await rowsOf(dataDir)).map(({ id }) => id)).toEqual(expect.arrayContaining(broken));
  }, 120_000);
});

describe("a row whose columns hold JSON's null", () => {
  test("is in the list with its other values, and the list stays open", async () => {
    const dataDir = await newFolder();
    const [id] = await addRows(dataDir, { count: 1 }, () => ({ state: "done" }));
    await change(dataDir, sql`update job set options = 'null', results = 'null', log_tail = 'null', progress = 'null'`);
    await open({ dataDir });
    expect(await get("/api/jobs")).toMatchObject([{ id, results: { artifacts: [], warnings: [] }, logTail: [] }]);
    expect((await send("POST", `/api/jobs/${id}/retry`)).statusCode).toBe(200);
  }, 120_000);
});

describe("a list that cannot be opened", () => {
  test("is reported with its folder, and its database is closed", async () => {
    const dataDir = await newFolder();
    await change(dataDir, sql`alter table job rename column title to heading`);
    await open({ dataDir });
    const { database: folder } = dataFolders(dataDir);
    const answer = await send("POST", "/api/jobs", picture("done"));
    expect([answer.statusCode, answer.json()]).toMatchObject([503, { code: "DATABASE_UNUSABLE" }]);
    expect(answer.json().message).toContain(folder);
    await app.close();

    const database = await openDatabase(folder);
    let closed = 0;
    const opening = openJobs({
      openDatabase: async () => ({
        ...database,
        close() {
          closed++;
          return database.close();
        },
      }),
      dataDir,
      sentFolders: join(dataDir, "sent"),
      asked: { cancelling: new Set(), interrupted: new Set() },
      savedBy: async () => undefined,
      reachedBy: async () => undefined,
      run: async () => undefined,
      onPruned: () => undefined,
      onError: () => undefined,
    });
    await expect(opening).rejects.toMatchObject({ code: "DATABASE_UNUSABLE" });
    expect(closed).toBe(1);
  }, 120_000);
});

describe("a full disk under the list", () => {
  /** A database that refuses to write rows for which the condition holds, as PostgreSQL does on a full disk. */
  async function openWithFullDisk(condition: string, statement: "update" | "delete" = "update"): Promise<void> {
    const dataDir = await newFolder();
    await change(
      dataDir,
      sql.raw(`create function refuse() returns trigger language plpgsql as $$ begin
        raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`),
    );
    await change(
      dataDir,
      sql.raw(
        `create trigger full_disk before ${statement} on job for each row when (${condition}) execute function refuse()`,
      ),
    );
    await open({ dataDir });
  }

  test("does not keep a stop from the worker, and the job ends as done", async () => {
    await openWithFullDisk("new.stopping");
    const { id } = await create("txt2img", { prompt: "hang" });
    await stateOf(id, "running");
    const stopped = await send("POST", `/api/jobs/${id}/stop`);
    expect([stopped.statusCode, stopped.json()]).toMatchObject([200, { stopping: true }]);
    await stateOf(id, "done");
    const again = await create("txt2img", { prompt: "hang" });
    await stateOf(again.id, "running");
    expect((await send("POST", "/sdapi/v1/interrupt", {})).json()).toEqual({});
    await stateOf(again.id, "done");
  }, 120_000);

  test("is reported to a client that cancels or interrupts a waiting job; the job does not start", async () => {
    await openWithFullDisk("new.state = 'cancelled'");
    const first = await create("txt2img", { prompt: "hang" });
    await stateOf(first.id, "running");
    const second = await create("txt2img", { prompt: "done" });
    const cancelled = await send("POST", `/api/jobs/${second.id}/cancel`);
    expect([cancelled.statusCode, cancelled.json()]).toMatchObject([507, { code: "DISK_FULL" }]);
    const asked = send("POST", "/sdapi/v1/txt2img", { prompt: "done" });
    await waitFor("it waits", async () => (await get("/internal/pending-tasks")).size === 1);
    const interrupted = await send("POST", "/sdapi/v1/interrupt", {});
    expect([interrupted.statusCode, interrupted.json()]).toMatchObject([507, { error: "DISK_FULL" }]);
    expect((await asked).statusCode).toBe(409);
    await send("POST", `/api/jobs/${first.id}/stop`);
    await stateOf(first.id, "done");
    expect(await get(`/api/jobs/${second.id}`)).toMatchObject({ state: "cancelled", startedAt: null });
  }, 120_000);

  test("keeps ended jobs in the list: a job whose row stays would be there again after a restart", async () => {
    await openWithFullDisk("true", "delete");
    const { id } = await create("txt2img", { prompt: "done" });
    await stateOf(id, "done");
    const cleared = await send("POST", "/api/jobs/clear");
    expect([cleared.statusCode, cleared.json()]).toMatchObject([507, { code: "DISK_FULL" }]);
    expect((await send("DELETE", `/api/jobs/${id}`)).statusCode).toBe(507);
    expect(await get("/api/jobs")).toMatchObject([{ id, state: "done" }]);
  }, 120_000);
});

describe("a text that no row can hold", () => {
  const TEXT = "a b \uFFFD";

  test("is made storable in request, progress, artifact, log and results; a NaN is left out", async () => {
    const dataDir = await newFolder();
    await open({ dataDir });
    const { seen } = await greeting();
    const settings = { prompt: "hostile a\0 b \uD83D", negativePrompt: "\0", styles: [] };
    const { id, request } = await create("txt2img", settings);
    expect(request.settings).toMatchObject({ prompt: `hostile ${TEXT}`, negativePrompt: "" });
    await stateOf(id, "done");
    const expected = {
      title: `hostile ${TEXT}`,
      error: null,
      progress: { prompt: TEXT },
      logTail: [`running hostile ${TEXT}`, TEXT],
      results: {
        artifacts: [{ kind: "image", path: "/pictures/a.png", infotext: TEXT }],
        warnings: [TEXT],
        skipped: [{ file: TEXT, reason: TEXT }],
        summary: TEXT,
      },
    };
    const done: Job = await get(`/api/jobs/${id}`);
    expect(done).toMatchObject(expected);
    expect(done.progress).not.toHaveProperty("loss");
    expect(await get("/api/jobs")).toHaveLength(1);
    expect(await get(`/api/jobs/${id}/metrics`)).toEqual([{ step: 2, loss: 2, learnRate: 1 }]);
    await waitFor("pages are told", () => seen.some((event) => event.type === "job" && event.job.state === "done"));
    expect(seen.filter(({ type }) => type === "artifact")).toHaveLength(1);
    expect(JSON.stringify(seen)).not.toMatch(/\\u0000|\\ud83d"/u);
    await app.close();
    await open({ dataDir });
    expect(await get(`/api/jobs/${id}`)).toEqual(done);
  }, 120_000);

  test("is made storable in an error", async () => {
    await open({ dataDir: await newFolder() });
    const { id } = await create("txt2img", { prompt: "hostile and fails" });
    await stateOf(id, "failed");
    expect(await get(`/api/jobs/${id}`)).toMatchObject({ error: { message: TEXT, details: { [TEXT]: [TEXT] } } });
  }, 120_000);

  test("causes no internal error in paths and names either", async () => {
    await open({ dataDir: await newFolder() });
    const requests = [
      { kind: "preprocess", settings: { processSrc: "/a\0", processDst: "/b\0" } },
      { kind: "txt2img", settings: { prompt: "done", styles: ["\0"], checkpoint: "\0", vae: "\0" } },
      { kind: "train-embedding", settings: { embeddingName: "a\0", dataRoot: "/a\0" } },
    ];
    for (const payload of requests) {
      const { statusCode } = await send("POST", "/api/jobs", payload);
      expect([payload.kind, statusCode >= 400 && statusCode < 500]).toEqual([payload.kind, true]);
    }
    expect((await send("POST", "/sdapi/v1/txt2img", { prompt: "done\0 \uD83D" })).statusCode).toBe(200);
  }, 120_000);
});

/** The texts of all queries from now on. */
function countedQueries(): () => string[] {
  const query = vi.spyOn(PGlite.prototype, "query");
  return () => query.mock.calls.map(([text]) => text);
}

async function newFolder(): Promise<string> {
  const folder = await newDataDir();
  folders.push(folder);
  return folder;
}

async function open(options: TestAppOptions): Promise<void> {
  app = await testApp(options);
}

async function create(kind: string, settings: object): Promise<Job> {
  const response = await send("POST", "/api/jobs", { kind, settings });
  if (response.statusCode !== 200) throw new Error(response.body);
  return response.json();
}

async function stateOf(id: string, state: Job["state"]): Promise<void> {
  await waitFor(`job ${id} is ${state}`, async () => (await get(`/api/jobs/${id}`)).state === state, 60_000);
}

/** The jobs in the first message to a new page, and the events that it gets afterwards. */
async function greeting(): Promise<{ jobs: Job[]; unlisted: number; seen: ServerEventBody[] }> {
  if (!app.server.server.listening) await app.server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/events`);
  const seen: ServerEventBody[] = [];
  const hello = await new Promise<Extract<ServerMessage, { type: "hello" }>>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString("utf8")) as ServerMessage;
      if (message.type === "hello") resolve(message);
      else seen.push(...message.events.map(({ event }) => event));
    });
  });
  return { jobs: hello.jobs, unlisted: hello.unlisted, seen };
}
