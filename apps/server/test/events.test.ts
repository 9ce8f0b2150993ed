/** @file The WebSocket over a real connection: greeting, resuming, rate, and who may connect. */
import type { AddressInfo } from "node:net";
import { JOB_KINDS, type JobKind } from "@lexeme/domain/jobs";
import { PROTOCOL_VERSION, type Job, type NumberedEvent, type ServerMessage } from "@lexeme/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import WebSocket from "ws";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
let base: string;

beforeAll(async () => {
  app = await testApp();
  await app.server.listen({ host: "127.0.0.1", port: 0 });
  base = `127.0.0.1:${(app.server.server.address() as AddressInfo).port}`;
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 30_000);

test("a page first gets the protocol's version, the epoch and all jobs", async () => {
  const job = await createJob("done");
  const page = await Page.open();
  expect(page.hello).toMatchObject({
    type: "hello",
    protocolVersion: PROTOCOL_VERSION,
    epoch: app.services.events.epoch,
    resumed: false,
  });
  expect(page.hello.jobs.map(({ id }) => id)).toContain(job.id);
  page.close();
});

test("a page that lost its connection continues where it was, without a lost or repeated event", async () => {
  const first = await Page.open();
  const job = await createJob("fast");
  await waitFor("some events", () => first.events.length > 5);
  first.close();
  const lastSeq = first.events.at(-1)?.seq ?? 0;
  await waitFor("the job ended meanwhile", async () => (await getJob(job.id)).state === "done");
  const second = await Page.open(`?epoch=${first.hello.epoch}&seq=${lastSeq}`);
  // All that the page knows is still true, so nothing is sent twice.
  expect(second.hello).toMatchObject({ resumed: true, seq: lastSeq, jobs: [] });
  await waitFor("the final state", () =>
    second.events.some(({ event }) => event.type === "job" && event.job.state === "done"),
  );
  const all = [...first.events, ...second.events];
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, i) => (all[0]?.seq ?? 0) + i));
  const steps = all.flatMap(({ event }) =>
    event.type === "metrics" && event.jobId === job.id ? event.points.map((point) => point.step) : [],
  );
  expect(steps).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  second.close();
}, 30_000);

test("no page gets the preview of a job that has ended again", async () => {
  const job = await createJob("fast");
  const watching = await Page.open();
  await waitFor("it ended", async () => (await getJob(job.id)).state === "done");
  await waitFor("the page knows", () =>
    watching.events.some(({ event }) => event.type === "job" && event.job.state === "done"),
  );
  expect(watching.events.some(({ event }) => event.type === "preview")).toBe(true);
  watching.close();
  const page = await Page.open();
  const next = await createJob("done");
  await waitFor("what was said before the next job", () =>
    page.events.some(({ event }) => event.type === "job" && event.job.id === next.id),
  );
  expect(page.events.filter(({ event }) => event.type === "preview")).toEqual([]);
  page.close();
}, 30_000);

test("the first message is small even with large jobs, and each job can be fetched whole", async () => {
  const prompt = `many ${"a cat, 🐈 ".repeat(18_000)}`;
  const made = [await createJob(prompt), await createJob(`done ${prompt}`), await createJob("done and short")];
  for (const { id } of made) await waitFor("it ended", async () => (await getJob(id)).state === "done");
  const page = await Page.open();
  const listed = (await app.server.inject("/api/jobs")).json<Job[]>();
  expect(page.hello.jobs).toEqual(listed);
  expect(JSON.stringify(page.hello).length).toBeLessThan(200_000);
  const [short, long, many] = listed;
  expect(many).toMatchObject({ id: made[0]!.id, isShortened: true, imageCount: 300 });
  expect(many?.results.artifacts.at(-1)).toEqual({ kind: "image", path: "/pictures/299.png", seed: "299" });
  expect(long?.request.settings).toMatchObject({ prompt: expect.stringMatching(/^done many a cat.{400,}…$/u) });
  expect(JSON.stringify(listed)).not.toContain("\\ud8");
  expect(short).toEqual(await getJob(made[2]!.id));
  expect(short).not.toHaveProperty("isShortened");
  const whole = await getJob(made[0]!.id);
  expect(whole).not.toHaveProperty("isShortened");
  expect(whole.request.settings).toMatchObject({ prompt });
  expect(whole.results.artifacts).toHaveLength(300);
  expect(whole.results.artifacts[0]?.infotext).toBe(prompt.slice(0, 2000));
  page.close();
}, 60_000);

test("a page of another run of the server gets a snapshot", async () => {
  const page = await Page.open("?epoch=another&seq=3");
  expect(page.hello).toMatchObject({ resumed: false, seq: app.services.events.seq });
  page.close();
});

test("a hundred steps a second arrive as at most ten messages in any second", async () => {
  const page = await Page.open();
  const job = await createJob("fast");
  await waitFor("the final state", () =>
    page.events.some(({ event }) => event.type === "job" && event.job.id === job.id && event.job.state === "done"),
  );
  const times = page.arrivals;
  expect(times.length).toBeGreaterThan(5);
  const busiest = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));
  // Messages that are sent 105 ms apart may arrive closer together, because the scheduler delays some of them.
  expect(busiest).toBeLessThanOrEqual(11);
  expect(times.length / ((times.at(-1)! - times[0]!) / 1000)).toBeLessThanOrEqual(10.5);
  page.close();
}, 30_000);

test.each([
  ["another site's page", { origin: "http://evil.example" }, 403],
  ["a rebound name", { host: "evil.example" }, 403],
  ["no other path", {}, 404],
])("%s is refused", async (what, headers, status) => {
  const socket = new WebSocket(`ws://${base}${what === "no other path" ? "/api/other" : "/api/events"}`, { headers });
  const refused = await new Promise<number>((resolve, reject) => {
    socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.on("open", () => reject(new Error("was let in")));
    socket.on("error", () => undefined);
  });
  expect(refused).toBe(status);
});

class Page {
  readonly events: NumberedEvent[] = [];
  readonly arrivals: number[] = [];
  hello!: Extract<ServerMessage, { type: "hello" }>;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async open(query = ""): Promise<Page> {
    const socket = new WebSocket(`ws://${base}/api/events${query}`, { origin: `http://${base}` });
    const page = new Page(socket);
    await new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.on("message", (data: Buffer) => {
        const message = JSON.parse(data.toString("utf8")) as ServerMessage;
        if (message.type === "hello") {
          page.hello = message;
          resolve();
        } else {
          page.arrivals.push(performance.now());
          page.events.push(...message.events);
        }
      });
    });
    return page;
  }

  close(): void {
    this.#socket.terminate();
  }
}

test("the first message is small even with a hundred jobs that have only long texts", async () => {
  const long = (limit: number) => "a long name, ".repeat(limit / 10).slice(0, limit);
  const axes = { xValues: long(10_000), yValues: long(10_000), zValues: long(10_000) };
  const prompts = { prompt: `many ${long(3_000)}`, negativePrompt: long(3_000), hrPrompt: long(3_000) };
  const before = (await app.server.inject("/api/jobs?limit=500")).json<Job[]>().length;
  for (let i = 0; i < 120; i++) {
    const settings = { ...prompts, hrUpscaler: long(4_000), ...(i % 2 === 0 && axes) };
    const payload = { kind: i % 2 === 0 ? "xyz-plot" : "txt2img", settings };
    const response = await app.server.inject({ method: "POST", url: "/api/jobs", payload });
    expect([response.statusCode, response.body.slice(0, 200)]).toEqual([200, expect.any(String)]);
  }
  const page = await Page.open();
  expect(page.hello.jobs.length).toBeGreaterThanOrEqual(100);
  expect(JSON.stringify(page.hello).length).toBeLessThan(1_000_000);
  page.close();
  const all = await app.server.inject("/api/jobs?limit=500");
  expect(all.json<Job[]>()).toHaveLength(before + 120);
  expect(all.body.length).toBeLessThan(1_100_000);
  const [newest] = all.json<Job[]>();
  expect(newest).toMatchObject({
    isShortened: true,
    request: { settings: { hrUpscaler: expect.stringMatching(/^a long name.*…$/u) } },
  });
  expect((await getJob(newest!.id)).request.settings).toMatchObject(prompts);
  for (const job of all.json<Job[]>()) await app.server.inject({ method: "POST", url: `/api/jobs/${job.id}/cancel` });
}, 120_000);

test.each([
  ["txt2img", "hrUpscaler", 4_096],
  ["txt2img", "vae", 4_096],
  ["txt2img", "checkpoint", 4_096],
  ["train-embedding", "clipGradValue", 10_000],
  ["train-embedding", "templateFilename", 4_096],
  ["preprocess", "processSrc", 4_096],
  ["notebook", "embeddingName", 4_096],
])("a %s job with a %s of a megabyte is refused at its field", async (kind, field, most) => {
  const needed = { embeddingName: "mira", dataRoot: "/a", processSrc: "/a", processDst: "/b", prompt: "done" };
  const known = Object.keys(JOB_KINDS[kind as JobKind].settings.shape);
  const settings = Object.fromEntries(Object.entries(needed).filter(([name]) => known.includes(name)));
  const payload = { kind, settings: { ...settings, [field]: "x".repeat(1_000_000) } };
  const response = await app.server.inject({ method: "POST", url: "/api/jobs", payload });
  expect([response.statusCode, response.json()]).toMatchObject([
    400,
    { message: `${field} must have at most ${most} characters`, details: { field } },
  ]);
});

async function createJob(prompt: string): Promise<Job> {
  return (
    await app.server.inject({ method: "POST", url: "/api/jobs", payload: { kind: "txt2img", settings: { prompt } } })
  ).json();
}

async function getJob(id: string): Promise<Job> {
  return (await app.server.inject(`/api/jobs/${id}`)).json();
}
