/** @file A1111's API: running jobs, png-info, and the steps of a training. The worker is scripted. */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { writePngText } from "@lexeme/formats";
import {
  a1111Name,
  CreateEmbeddingSettingsSchema,
  PreprocessSettingsSchema,
  TrainSettingsSchema,
} from "@lexeme/domain/settings";
import type { Job } from "@lexeme/protocol";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePicture } from "./sample-files.ts";
import { JSON_TYPE, sdapiClient } from "./sdapi-client.ts";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 60_000);
const { get, post } = sdapiClient(() => app);

/** The job that was queued last, once it runs. */
async function newestJob(): Promise<Job> {
  return waitFor("the newest job runs", async () => {
    const [newest] = (await app.server.inject("/api/jobs")).json<Job[]>();
    return newest?.state === "running" && newest;
  });
}

describe("running jobs", () => {
  test("progress, task and preview of a picture; then no job runs", async () => {
    const idle = (await get("progress")).json();
    expect(idle).toMatchObject({ progress: 0, eta_relative: 0, current_image: null, state: { job_count: 0, job: "" } });
    const drawing = post("txt2img", { prompt: "fast", n_iter: 2, force_task_id: "task(mine)" });
    const task = { id_task: "task(mine)" };
    const seen = await waitFor("a preview", async () => {
      const progress = (await get("progress")).json();
      return progress.current_image !== null && progress;
    });
    expect(seen.progress).toBeGreaterThan(0);
    expect(seen.progress).toBeLessThanOrEqual(1);
    expect(seen).toMatchObject({
      current_image: expect.stringMatching(/^\d+$/u),
      state: {
        job: "scripts_txt2img",
        job_count: 2,
        interrupted: false,
        job_timestamp: expect.stringMatching(/^\d{14}$/u),
      },
      textinfo: "Drawing",
    });
    expect((await get("progress?skip_current_image=true")).json()).toMatchObject({ current_image: null });
    const inside = (await post("/internal/progress", task)).json();
    expect(inside).toMatchObject({ active: true, queued: false, completed: false });
    expect(inside.live_preview).toMatch(/^data:image/u);
    expect((await post("/internal/progress", { ...task, live_preview: false })).json().live_preview).toBeNull();
    const waiting = post("txt2img", { prompt: "done", force_task_id: "task(next)" });
    await waitFor("the next waits", async () => {
      const { tasks } = (await app.server.inject("/internal/pending-tasks")).json();
      return tasks.includes("task(next)");
    });
    expect((await post("/internal/progress", { id_task: "task(next)" })).json()).toMatchObject({ queued: true });
    expect((await drawing).statusCode).toBe(200);
    expect((await waiting).statusCode).toBe(200);
    expect((await post("/internal/progress", task)).json()).toMatchObject({ active: false, completed: true });
    expect((await post("/internal/progress", { id_task: "task(other)" })).json()).toMatchObject({ completed: false });
    expect((await get("progress")).json()).toMatchObject({ progress: 0, state: { job_count: 0 } });
  });

  test("interrupt ends the program's own job, even if it still waits, and not the job that runs before it", async () => {
    const others = (
      await app.server.inject({
        method: "POST",
        url: "/api/jobs",
        payload: { kind: "txt2img", settings: { prompt: "wait" } },
      })
    ).json<Job>();
    await stateOf(others.id, "running");
    const own = post("txt2img", { prompt: "wait too", force_task_id: "task(own)" });
    await waitFor("it waits", async () => (await app.server.inject("/internal/pending-tasks")).json().size === 1);
    expect((await post("interrupt?skipCurrentImage=false")).json()).toEqual({});
    const answer = await own;
    expect(answer.statusCode).toBe(409);
    expect(answer.json().detail).toContain("was cancelled");
    expect((await jobOf(others.id)).state).toBe("running");
    // If the program has no job left, interrupt means the running job, as in A1111.
    await post("interrupt");
    await stateOf(others.id, "done");
  });

  test("a program that hangs up ends a picture that nobody would see, and no other job", async () => {
    await app.server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = app.server.server.address() as AddressInfo;
    const begin = async (body: object): Promise<{ id: string; hangUp(): void }> => {
      const outgoing = httpRequest({ port, path: "/sdapi/v1/txt2img", method: "POST", headers: JSON_TYPE });
      outgoing.on("error", () => undefined);
      outgoing.end(JSON.stringify({ prompt: "wait", ...body }));
      const job = await waitFor("it runs", async () => {
        const [newest] = (await app.server.inject("/api/jobs")).json<Job[]>();
        return newest?.state === "running" && newest;
      });
      return { id: job.id, hangUp: () => outgoing.destroy() };
    };
    const unsaved = await begin({});
    unsaved.hangUp();
    await stateOf(unsaved.id, "cancelled");
    const saved = await begin({ save_images: true });
    saved.hangUp();
    await new Promise((wake) => setTimeout(wake, 300));
    expect((await jobOf(saved.id)).state).toBe("running");
    await post("interrupt");
    await stateOf(saved.id, "done");
  });

  test("a restarted server draws no pictures for programs of the earlier server", async () => {
    const first = await testApp();
    const { dataDir } = first;
    await first.services.jobs.ready;
    void first.server.inject({ method: "POST", url: "/sdapi/v1/txt2img", payload: { prompt: "wait" } });
    const job = await waitFor("it runs", async () => {
      const [newest] = (await first.server.inject("/api/jobs")).json<Job[]>();
      return newest?.state === "running" && newest;
    });
    await first.close();
    const unsaved = join(dataDir, ".lexeme", "cache", "sdapi");
    expect(await readdir(unsaved)).toEqual([job.id]);
    // A folder without a job is removed too.
    await mkdir(join(unsaved, "no-such-job"));
    const second = await testApp({ dataDir });
    await waitFor("it is cancelled", async () => {
      const [left] = (await second.server.inject("/api/jobs")).json<Job[]>();
      return left?.id === job.id && left.state === "cancelled";
    });
    await waitFor("nothing is left", async () => (await readdir(unsaved)).length === 0);
    await second.close();
    await rm(dataDir, { recursive: true, force: true });
  }, 60_000);

  test("a picture's own options survive a restart, and a retry uses them again", async () => {
    const first = await testApp();
    const { dataDir } = first;
    const { outputs, sent } = first.services.folders;
    await first.services.jobs.ready;
    const payload = { prompt: "hang", save_images: true, override_settings: { samples_format: "jpg", eta_ddim: 0.5 } };
    void first.server.inject({ method: "POST", url: "/sdapi/v1/txt2img", payload });
    const newest = async (on: TestApp, state: Job["state"]): Promise<Job> =>
      waitFor(`it is ${state}`, async () => {
        const [job] = (await on.server.inject("/api/jobs")).json<Job[]>();
        return job?.state === state && job;
      });
    const { id } = await newest(first, "running");
    await first.close();
    const second = await testApp({ dataDir });
    await newest(second, "running");
    await second.server.inject({ method: "POST", url: `/api/jobs/${id}/stop` });
    const done = await newest(second, "done");
    expect(done.id).toBe(id);
    const folder = join(sent, id);
    expect(JSON.parse(done.results.summary!)).toMatchObject({ format: "jpg", outputsDir: outputs, unsavedDir: folder });
    // The page's job keeps its pictures and has the options of the repeated job.
    await second.server.inject({ method: "POST", url: `/api/jobs/${id}/retry` });
    const again = await newest(second, "running");
    await second.server.inject({ method: "POST", url: `/api/jobs/${again.id}/stop` });
    const repeated = await newest(second, "done");
    expect(JSON.parse(repeated.results.summary!)).toMatchObject({
      format: "jpg",
      outputsDir: outputs,
      unsavedDir: null,
    });
    await second.close();
    await rm(dataDir, { recursive: true, force: true });
  }, 60_000);

  test("a page can neither choose where its pictures go nor change an option for one job", async () => {
    const settings = { prompt: "done" };
    const payload = { kind: "txt2img", settings, delivery: "send", options: { samples_format: "jpg" } };
    const { id } = (await app.server.inject({ method: "POST", url: "/api/jobs", payload })).json<Job>();
    await stateOf(id, "done");
    const summary = JSON.parse((await jobOf(id)).results.summary!);
    expect(summary).toMatchObject({ format: "png", outputsDir: app.services.folders.outputs, unsavedDir: null });
  });

  test("every answer has the time that it took", async () => {
    expect(Number((await get("samplers")).headers["x-process-time"])).toBeGreaterThanOrEqual(0);
  });

  async function jobOf(id: string): Promise<Job> {
    return (await app.server.inject(`/api/jobs/${id}`)).json();
  }

  async function stateOf(id: string, state: Job["state"]): Promise<void> {
    await waitFor(`job ${id} is ${state}`, async () => (await jobOf(id)).state === state);
  }
});

describe("png-info", () => {
  const infotext = "a café\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 512x384";

  async function picture(side: number): Promise<Buffer> {
    const raw = { width: side, height: side, channels: 3 } as const;
    const png = await sharp(randomBytes(side * side * 3), { raw })
      .png({ compressionLevel: 0 })
      .toBuffer();
    return Buffer.from(writePngText(png, { keyword: "parameters", text: infotext }));
  }

  test("reads base64 and data URIs, of many megabytes", async () => {
    const large = await picture(1800);
    expect(large.length).toBeGreaterThan(8 << 20);
    for (const head of ["", "data:image/png;base64,"]) {
      const response = await post("png-info", { image: head + large.toString("base64") });
      expect(response.json()).toMatchObject({
        info: infotext,
        items: { parameters: infotext },
        parameters: { Prompt: "a café", "Negative prompt": "blurry", Steps: "20", "Size-1": "512" },
      });
    }
  });

  test("a picture without settings gives none", async () => {
    const bare = await sharp(await picture(8))
      .png()
      .toBuffer();
    expect((await post("png-info", { image: bare.toString("base64") })).json()).toMatchObject({
      info: "",
      parameters: {},
    });
  });

  test("a file that is not a picture and an address are refused", async () => {
    const noPicture = await post("png-info", { image: Buffer.from("nothing of the kind").toString("base64") });
    expect(noPicture.json()).toMatchObject({ error: "NOT_A_PICTURE" });
    const address = await post("png-info", { image: "http://127.0.0.1:1/a.png" });
    expect(address.json()).toMatchObject({ error: "SDAPI_UNSUPPORTED" });
    expect((await post("png-info")).statusCode).toBe(422);
  });
});

describe("create, preprocess and train", () => {
  test("create drops the same characters from a name as A1111, and answers failures with 200 as A1111 does", async () => {
    const create = async (body: object): Promise<string> => (await post("create/embedding", body)).json().info;
    const path = join(app.services.folders.embeddings, "mira 1.pt");
    const body = { name: "mi/ra 1!", num_vectors_per_token: 2, overwrite_old: false, init_text: "woman" };
    expect(await create(body)).toBe(`create embedding filename: ${path}`);
    expect(await create(body)).toMatch(/^create embedding error: There is already an embedding "mira 1.pt"/u);
    expect(await create({ ...body, overwrite_old: true })).toBe(`create embedding filename: ${path}`);
    // A1111 drops the vowel signs too, which leaves another word.
    const hindi = join(app.services.folders.embeddings, "हिन्दी.pt");
    expect(await create({ ...body, name: "हिन्दी!" })).toBe(`create embedding filename: ${hindi}`);
    expect(await create({ name: "con" })).toMatch(/^create embedding error: Windows keeps "con" for a device/u);
    expect(await create({ name: "!!" })).toMatch(/^create embedding error: Give the embedding a name/u);
    expect((await get("embeddings")).json().loaded["mira 1"]).toMatchObject({ step: 0, shape: 128, vectors: 2 });
  });

  test.each([
    ["create/embedding", CreateEmbeddingSettingsSchema],
    ["preprocess", PreprocessSettingsSchema],
    ["train/embedding", TrainSettingsSchema],
  ])("%s takes every setting that Lexeme has, and documents it", async (path, { shape }) => {
    const { paths } = (await app.server.inject("/api/openapi.json")).json();
    const { schema } = paths[`/sdapi/v1/${path}`].post.requestBody.content["application/json"];
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(shape).map(a1111Name)));
  });

  test("settings that A1111 lacks reach the job, and a fault in them is told by name", async () => {
    const source = join(app.dataDir, "datasets", "named");
    await mkdir(source, { recursive: true });
    await writePicture(join(source, "1-a red square.png"));
    const preparing = post("preprocess", {
      process_src: "datasets/named",
      process_dst: "datasets/prepared",
      caption_from_filename: true,
    });
    const prepare = await newestJob();
    expect(prepare.request.settings).toMatchObject({ captionFromFilename: true, overwriteDestination: true });
    await post("interrupt");
    await preparing;

    const body = {
      embedding_name: "mira 1",
      data_root: "datasets/named",
      preview_from_txt2img: true,
      preview_prompt: "wait",
      preview_sampler_name: "DPM++ 2M",
    };
    const training = post("train/embedding", {
      ...body,
      seed: 7,
      file_format: "safetensors",
      preview_scheduler: "Karras",
    });
    const train = await newestJob();
    expect(train.request.settings).toMatchObject({
      seed: "7",
      fileFormat: "safetensors",
      previewScheduler: "Karras",
      previewSeed: "-1",
    });
    await post("interrupt");
    await training;
    const refused = await post("train/embedding", { ...body, file_format: "zip" });
    expect(refused.json().info).toContain("file_format");
  });

  test.each<[string, string, object]>([
    ["preprocess", "process_caption", { process_src: "a", process_dst: "b", process_caption: true }],
    ["preprocess", "process_multicrop", { process_src: "a", process_dst: "b", process_multicrop: true }],
    ["train/embedding", "varsize", { embedding_name: "mira 1", data_root: "a", varsize: true }],
    ["train/embedding", "use_weight", { embedding_name: "mira 1", data_root: "a", use_weight: true }],
    ["train/embedding", "log_directory", { embedding_name: "mira 1", data_root: "a", log_directory: "elsewhere" }],
  ])("%s refuses %s by name", async (path, name, body) => {
    const response = await post(path, body);
    expect(response.statusCode).toBe(422);
    expect(response.json().detail).toContain(name);
  });

  test("failures that A1111 has too have A1111's form; a folder out of reach is an HTTP error", async () => {
    const training = await post("train/embedding", { embedding_name: "nobody", data_root: "datasets" });
    expect(training.statusCode).toBe(200);
    expect(training.json().info).toMatch(
      /^train embedding complete: filename: {2}error: There is no embedding "nobody"/u,
    );
    const preparing = await post("preprocess", { process_src: "datasets", process_dst: "datasets/b" });
    expect(preparing.json().info).toMatch(/^preprocess error: There are no pictures/u);
    const outside = await post("preprocess", { process_src: "/etc", process_dst: "datasets/b" });
    expect(outside.statusCode).toBe(403);
    expect(outside.json().detail).toContain("--allow-dir");
  });
});
