/** @file A1111's API as requests: who may use it, what A1111's fields become, what is refused, what it tells of jobs. The worker is scripted. */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { writePngText } from "@lexeme/formats";
import type { Job, JobRequest } from "@lexeme/protocol";
import type { InjectOptions } from "fastify";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findSampler, listSamplers, listSchedules } from "../src/sdapi/sampler-table.ts";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 60_000);

const JSON_TYPE = { "content-type": "application/json" };

async function post(path: string, payload?: object | string) {
  return app.server.inject({
    method: "POST",
    url: path.startsWith("/") ? path : `/sdapi/v1/${path}`,
    headers: JSON_TYPE,
    ...(payload === undefined ? {} : { payload }),
  });
}

async function get(path: string) {
  return app.server.inject(`/sdapi/v1/${path}`);
}

type Txt2imgSettings = Extract<JobRequest, { kind: "txt2img" }>["settings"];

/** The job's settings that a request makes. The scripted worker is done at once and draws nothing. */
async function settingsOf(body: object): Promise<Txt2imgSettings> {
  const response = await post("txt2img", { prompt: "done", ...body });
  if (response.statusCode !== 200) throw new Error(response.body);
  const [job] = (await app.server.inject("/api/jobs")).json<Job[]>();
  if (job?.request.kind !== "txt2img") throw new Error("no picture was asked for");
  return job.request.settings;
}

async function infoOf(body: object): Promise<{ warnings: string[] } & Record<string, unknown>> {
  return JSON.parse((await post("txt2img", { prompt: "done", ...body })).json().info);
}

describe("who may use it", () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
  const ada = { user: "ada", password: "s3cret" };
  const bot = { user: "bot", password: "key" };

  async function statuses(guarded: TestApp, headers: InjectOptions["headers"] = {}) {
    const urls = [
      "/sdapi/v1/samplers",
      "/sdapi/v1/nothing",
      "/internal/pending-tasks",
      "/internal/ping",
      "/api/system",
    ];
    const answers = await Promise.all(urls.map((url) => guarded.server.inject({ url, headers })));
    return answers.map(({ statusCode }) => statusCode);
  }

  test("with --auth alone the API is no open door: Basic or the page's cookie, and ping says only that it is there", async () => {
    const guarded = await testApp({ config: { host: "0.0.0.0", auth: ada } });
    expect(await statuses(guarded)).toEqual([401, 401, 401, 200, 401]);
    const refused = await guarded.server.inject("/sdapi/v1/samplers");
    expect(refused.headers["www-authenticate"]).toContain("Basic");
    expect(refused.json()).toMatchObject({ error: "SIGN_IN_NEEDED", detail: "Sign in first", body: "" });
    expect(await statuses(guarded, basic("ada:s3cret"))).toEqual([200, 404, 200, 200, 200]);
    const signedIn = await guarded.server.inject({
      method: "POST",
      url: "/api/session",
      payload: { user: "ada", password: "s3cret" },
    });
    const [cookie] = signedIn.cookies;
    expect(await statuses(guarded, { cookie: `${cookie?.name}=${cookie?.value}` })).toEqual([200, 404, 200, 200, 200]);
    await guarded.end();
  }, 60_000);

  test("--api-auth lets its users into A1111's API and nowhere else; who may use the page may use it too", async () => {
    const guarded = await testApp({ config: { host: "0.0.0.0", auth: ada, apiAuth: [bot, { ...bot, user: "bat" }] } });
    expect(await statuses(guarded)).toEqual([401, 401, 401, 200, 401]);
    expect(await statuses(guarded, basic("bot:key"))).toEqual([200, 404, 200, 200, 401]);
    expect(await statuses(guarded, basic("bat:key"))).toEqual([200, 404, 200, 200, 401]);
    expect(await statuses(guarded, basic("ada:s3cret"))).toEqual([200, 404, 200, 200, 200]);
    expect((await statuses(guarded, basic("bot:s3cret")))[0]).toBe(401);
    await guarded.end();
  }, 60_000);

  test("without --auth it guards the API all the same, and passwords cannot be tried without end", async () => {
    const guarded = await testApp({ config: { apiAuth: [bot] } });
    expect(await statuses(guarded)).toEqual([401, 401, 401, 200, 200]);
    const tries = [];
    for (let i = 0; i < 12; i++) tries.push((await statuses(guarded, basic(`bot:${i}`)))[0]);
    expect(tries[0]).toBe(401);
    expect(tries.at(-1)).toBe(429);
    expect((await statuses(guarded, basic("bot:key")))[0]).toBe(429);
    await guarded.end();
  }, 60_000);

  test("another site's page may not even read; a program without an Origin may", async () => {
    for (const headers of [{ origin: "http://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
      const host = { host: "127.0.0.1:7860" };
      const read = await app.server.inject({ url: "/sdapi/v1/progress", headers: { ...host, ...headers } });
      expect(read.statusCode).toBe(403);
      const written = { method: "POST", url: "/sdapi/v1/interrupt", headers: { ...host, ...headers } } as const;
      expect((await app.server.inject(written)).statusCode).toBe(403);
    }
    expect((await get("progress")).statusCode).toBe(200);
  });

  test("--cors-allow-origins lets a site's page into A1111's API and nowhere else, with its password", async () => {
    const origin = "https://tool.example";
    const guarded = await testApp({ config: { apiAuth: [bot], corsAllowOrigins: [origin] } });
    const headers = { host: "127.0.0.1:7860", origin, "sec-fetch-site": "cross-site" };
    const ask = async (options: Omit<InjectOptions, "method">, method: "GET" | "OPTIONS" = "GET") =>
      guarded.server.inject({ ...options, method });
    const wanted = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
    const preflight = await ask({ url: "/sdapi/v1/txt2img", headers: { ...headers, ...wanted } }, "OPTIONS");
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-headers": "authorization",
      "access-control-allow-credentials": "true",
    });
    const url = "/sdapi/v1/samplers";
    expect((await ask({ url, headers })).statusCode).toBe(401);
    const welcome = await ask({ url, headers: { ...headers, ...basic("bot:key") } });
    expect(welcome.statusCode).toBe(200);
    expect(welcome.headers["access-control-allow-origin"]).toBe(origin);
    // Neither our own API, nor another site, nor another port of it, nor a rebound name.
    expect((await ask({ url: "/api/system", headers })).statusCode).toBe(403);
    for (const other of ["https://evil.example", `${origin}:444`, "null"]) {
      const refused = await ask({ url, headers: { ...headers, ...basic("bot:key"), origin: other } });
      expect(refused.statusCode).toBe(403);
      expect(refused.headers["access-control-allow-origin"]).toBeUndefined();
    }
    expect((await ask({ url, headers: { ...headers, host: "evil.example" } })).statusCode).toBe(403);
    await guarded.end();
  }, 60_000);

  test("--no-api takes it away", async () => {
    const without = await testApp({ config: { api: false } });
    expect(await statuses(without)).toEqual([404, 404, 404, 404, 200]);
    await without.end();
  }, 60_000);
});

describe("A1111's fields become settings", () => {
  test("what is left out has A1111's defaults, null counts as left out, and unknown fields are accepted", async () => {
    const standard = {
      steps: 50,
      samplerName: "Euler",
      scheduler: "Automatic",
      width: 512,
      height: 512,
      cfgScale: 7,
      nIter: 1,
      batchSize: 1,
      subseedStrength: 0,
      seedResizeFromW: -1,
      denoisingStrength: 0.75,
      enableHr: false,
      clipSkip: 1,
      eta: null,
      checkpoint: null,
    };
    expect(await settingsOf({})).toMatchObject(standard);
    expect(await settingsOf({ steps: null, sampler_name: null, styles: null, override_settings: null })).toMatchObject(
      standard,
    );
    expect(
      await settingsOf({ no_such_field: [1], alwayson_scripts: {}, script_args: [], script_name: "" }),
    ).toMatchObject(standard);
    expect((await settingsOf({})).seed).toBeGreaterThanOrEqual(0);
  });

  test.each<[string, object, Partial<Txt2imgSettings>]>([
    ["numbers and switches as text", { steps: "12", enable_hr: "true", width: "64" }, { steps: 12, enableHr: true }],
    ["batches and seeds", { n_iter: 2, batch_size: 3, seed: 5 }, { nIter: 2, batchSize: 3, seed: 5 }],
    ["variation", { subseed: 7, subseed_strength: 0.3 }, { subseed: 7, subseedStrength: 0.3 }],
    ["sampler_name before sampler_index", { sampler_name: "Heun", sampler_index: "LMS" }, { samplerName: "Heun" }],
    ["an older joined name", { sampler_index: "DPM++ 2M Karras" }, { samplerName: "DPM++ 2M", scheduler: "Karras" }],
    ["a schedule by its key", { scheduler: "sgm_uniform" }, { samplerName: "Euler", scheduler: "SGM Uniform" }],
    [
      "sampling parameters",
      { eta: 0.5, s_churn: 2, s_tmin: 1, s_tmax: 9, s_noise: 1.05, s_min_uncond: 1.5 },
      { eta: 0.5, sChurn: 2, sTmin: 1, sTmax: 9, sNoise: 1.05, sMinUncond: 1.5 },
    ],
    [
      "override_settings",
      {
        override_settings: {
          CLIP_stop_at_last_layers: 2,
          eta_noise_seed_delta: 31337,
          sd_model_checkpoint: "demo-world",
          sd_vae: "None",
          emphasis: "No norm",
        },
      },
      { clipSkip: 2, etaNoiseSeedDelta: 31337, checkpoint: "demo-world.safetensors", vae: "None", emphasis: "No norm" },
    ],
    [
      "hires fix",
      {
        enable_hr: true,
        width: 64,
        height: 64,
        hr_scale: 1.5,
        hr_upscaler: "Lanczos",
        hr_second_pass_steps: 9,
        denoising_strength: 0.4,
        hr_sampler_name: "DPM++ 2M Karras",
        hr_prompt: "done too",
        hr_checkpoint_name: "Use same checkpoint",
      },
      {
        enableHr: true,
        hrScale: 1.5,
        hrUpscaler: "Lanczos",
        hrSecondPassSteps: 9,
        denoisingStrength: 0.4,
        hrSamplerName: "DPM++ 2M",
        hrScheduler: "Karras",
        hrPrompt: "done too",
      },
    ],
    [
      "hires fix as before 1.0",
      { enable_hr: true, width: 128, height: 96, firstphase_width: 64, firstphase_height: 48 + 16 },
      { width: 64, height: 64, hrResizeX: 128, hrResizeY: 96 },
    ],
  ])("%s", async (_what, body, settings) => {
    expect(await settingsOf(body)).toMatchObject(settings);
  });

  test("an infotext fills what the request leaves out, and is beaten by what it says", async () => {
    const infotext =
      "done with it\nNegative prompt: blurry\nSteps: 11, Sampler: DPM++ SDE Karras, CFG scale: 4, Seed: 99, Size: 128x64, Clip skip: 2, ENSD: 31337, Variation seed: 3, Variation seed strength: 0.2, Version: v1.6.0";
    const filled = await post("txt2img", { infotext, steps: 3, override_settings: { CLIP_stop_at_last_layers: 3 } });
    expect(filled.statusCode).toBe(200);
    const [job] = (await app.server.inject("/api/jobs")).json<Job[]>();
    expect(job?.request.settings).toMatchObject({
      prompt: "done with it",
      negativePrompt: "blurry",
      steps: 3,
      samplerName: "DPM++ SDE",
      scheduler: "Karras",
      cfgScale: 4,
      seed: 99,
      width: 128,
      height: 64,
      clipSkip: 3,
      etaNoiseSeedDelta: 31337,
      subseed: 3,
      subseedStrength: 0.2,
      randnSource: "GPU",
    });
  });

  test("styles by name; one that is not there is passed over as in A1111, and said", async () => {
    await writeFile(app.services.folders.styles, "name,prompt,negative_prompt\ncharcoal,charcoal of {prompt},colour\n");
    expect((await get("prompt-styles")).json()).toEqual([
      { name: "charcoal", prompt: "charcoal of {prompt}", negative_prompt: "colour" },
    ]);
    expect((await settingsOf({ styles: [] })).styles).toEqual([]);
    // The style's prompt is not one that the scripted worker knows, so this job is stopped.
    const drawing = post("txt2img", { prompt: "wait", styles: ["charcoal", "oil"] });
    await running("charcoal");
    await post("interrupt");
    const { info } = (await drawing).json();
    expect(JSON.parse(info)).toMatchObject({
      styles: ["charcoal", "oil"],
      warnings: [expect.stringContaining('There is no style "oil"')],
    });

    async function running(style: string): Promise<void> {
      await waitFor("the job runs", async () => {
        const [job] = (await app.server.inject("/api/jobs")).json<Job[]>();
        const { request } = job ?? {};
        return job?.state === "running" && request?.kind === "txt2img" && request.settings.styles[0] === style;
      });
    }
  });

  test("what A1111 passes over in silence is told: an unknown sampler, an option that is not here", async () => {
    const info = await infoOf({ sampler_name: "Sampler X", override_settings: { filter_nsfw: true } });
    expect(info["sampler_name"]).toBe("DPM++ 2M");
    expect(info.warnings).toEqual([
      'override_settings: there is no option "filter_nsfw" here',
      'There is no sampler "Sampler X" here: DPM++ 2M was used, as A1111 does',
    ]);
  });

  test("the answer repeats the request with its defaults, and info has every key that A1111's has", async () => {
    const answer = (await post("txt2img", { prompt: "done", cfg_scale: 5, seed: 7, subseed: 8, other: [1] })).json();
    expect(Object.keys(answer).toSorted()).toEqual(["images", "info", "parameters"]);
    expect(answer.parameters).toMatchObject({
      prompt: "done",
      cfg_scale: 5,
      steps: 50,
      sampler_name: null,
      sampler_index: "Euler",
      denoising_strength: 0.75,
      save_images: false,
      other: [1],
    });
    const { warnings, ...info } = JSON.parse(answer.info);
    expect(warnings).toEqual([]);
    expect(info).toEqual({
      prompt: "done",
      all_prompts: [],
      negative_prompt: "",
      all_negative_prompts: [],
      seed: 7,
      all_seeds: [],
      subseed: 8,
      all_subseeds: [],
      subseed_strength: 0,
      width: 512,
      height: 512,
      sampler_name: "Euler",
      cfg_scale: 5,
      steps: 50,
      batch_size: 1,
      restore_faces: false,
      face_restoration_model: null,
      sd_model_name: null,
      sd_model_hash: null,
      sd_vae_name: null,
      sd_vae_hash: null,
      seed_resize_from_w: -1,
      seed_resize_from_h: -1,
      denoising_strength: null,
      extra_generation_params: {},
      index_of_first_image: 0,
      infotexts: [],
      styles: [],
      job_timestamp: expect.stringMatching(/^\d{14}$/u),
      clip_skip: 1,
      is_using_inpainting_conditioning: false,
      version: expect.stringMatching(/^Lexeme \d/u),
    });
  });

  test.each(listSamplers())("$name is listed with a schedule that is listed too", ({ name, options }) => {
    expect(findSampler(name, undefined)).toEqual({ samplerName: name, scheduler: "Automatic", warnings: [] });
    const { scheduler = "automatic" } = options;
    expect(listSchedules().map((one) => one.name)).toContain(scheduler);
  });

  test.each(listSchedules())("$label can stand behind a sampler, by label and by key", ({ label, name }) => {
    for (const suffix of [label, name]) {
      expect(findSampler(`Euler a ${suffix}`, undefined)).toMatchObject({ samplerName: "Euler a", scheduler: label });
    }
  });
});

describe("what is asked for and not there", () => {
  test.each<[string, object]>([
    ["script_name", { script_name: "X/Y/Z plot" }],
    ["ControlNet", { alwayson_scripts: { ControlNet: { args: [{ image: "abc", module: "canny" }] } } }],
    ["adetailer", { alwayson_scripts: { adetailer: { args: [true, { ad_model: "face" }] } } }],
    ["controlnet_units", { controlnet_units: [{ module: "canny" }] }],
    ["init_images", { init_images: ["abc"] }],
    ["restore_faces", { restore_faces: true }],
    ["tiling", { tiling: true }],
    ["refiner_checkpoint", { refiner_checkpoint: "other", refiner_switch_at: 0.8 }],
    ["hr_checkpoint_name", { enable_hr: true, hr_checkpoint_name: "other" }],
    ["firstpass_image", { firstpass_image: "abc" }],
  ])("%s is refused by name", async (name, body) => {
    const response = await post("txt2img", { prompt: "done", ...body });
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ error: "SDAPI_UNSUPPORTED", body: "" });
    expect(response.json().detail).toContain(name);
    expect(response.json().errors).toBe(response.json().detail);
  });

  test.each<[string, object]>([
    ["empty arguments", { alwayson_scripts: { ControlNet: { args: [] } } }],
    ["a script that is off", { alwayson_scripts: { ADetailer: { args: [false] }, Roop: { args: [false, "0"] } } }],
    ["a unit that is off", { alwayson_scripts: { controlnet: { args: [{ enabled: false, module: "canny" }] } } }],
    ["switches that are off", { restore_faces: false, tiling: false, refiner_checkpoint: "", script_name: "None" }],
  ])("%s is accepted", async (_what, body) => {
    expect((await post("txt2img", { prompt: "done", ...body })).statusCode).toBe(200);
  });

  test.each(["img2img", "interrogate", "extra-single-image", "train/hypernetwork", "server-kill"])(
    "POST %s says what is missing",
    async (path) => {
      const response = await post(path, { image: "abc" });
      expect(response.statusCode).toBe(422);
      expect(response.json().detail).toMatch(/^Lexeme /u);
    },
  );

  test("other addresses are 404 in A1111's shape, not the page", async () => {
    const response = await get("no-such-thing");
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ error: "ROUTE_MISSING", body: "" });
    expect((await app.server.inject("/controlnet/model_list")).statusCode).toBe(404);
  });

  test("a body that does not fit is answered with FastAPI's list, by A1111's names", async () => {
    const wrong = await post("txt2img", { steps: "many" });
    expect(wrong.statusCode).toBe(422);
    expect(wrong.json()).toMatchObject({ detail: [{ loc: ["body", "steps"], msg: "steps must be a number" }] });
    const large = await post("txt2img", { batch_size: 99 });
    expect(large.json()).toMatchObject({
      detail: [{ loc: ["body", "batch_size"] }],
      errors: expect.stringContaining("8"),
    });
    expect((await post("txt2img", "{")).statusCode).toBe(400);
    for (const type of ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]) {
      const form = { url: "/sdapi/v1/txt2img", payload: "{}", headers: { "content-type": type } } as const;
      const refused = await app.server.inject({ method: "POST", ...form });
      expect(refused.json().errors).toContain("Content-Type: application/json");
    }
    expect((await post("txt2img", { override_settings: { sd_model_checkpoint: "nowhere" } })).json()).toMatchObject({
      error: "CHECKPOINT_MISSING",
    });
  });

  test("a job that fails is an error with its own sentence", async () => {
    const response = await post("txt2img", { prompt: "fail" });
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ error: "OUT_OF_MEMORY", errors: expect.stringContaining("smaller") });
  });
});

describe("options", () => {
  test("are the page's own table, and what is set is kept; an unknown one is a 4xx that names it", async () => {
    expect((await get("options")).json()).toMatchObject({ CLIP_stop_at_last_layers: 1, samples_format: "png" });
    expect((await post("options", { CLIP_stop_at_last_layers: 2 })).json()).toBeNull();
    expect((await app.server.inject("/api/options")).json().values).toMatchObject({ CLIP_stop_at_last_layers: 2 });
    expect((await settingsOf({})).clipSkip).toBe(2);
    await post("options", { CLIP_stop_at_last_layers: 1 });
    const unknown = await post("options", { no_such_option: 1, CLIP_stop_at_last_layers: 3 });
    expect(unknown.statusCode).toBeLessThan(500);
    expect(unknown.statusCode).toBeGreaterThanOrEqual(400);
    expect(unknown.json().detail).toContain("no_such_option");
    expect((await get("options")).json()).toMatchObject({ CLIP_stop_at_last_layers: 1 });
  });

  test("all that was got can be sent back", async () => {
    expect((await post("options", (await get("options")).json())).statusCode).toBe(200);
  });

  test("the checkpoint is taken by title, model name or hash, and given back as it was sent", async () => {
    const [model] = await waitFor("its hash", async () => {
      const models = (await get("sd-models")).json<{ title: string; hash: string | null; sha256: string }[]>();
      return models[0]?.hash !== null && models;
    });
    expect(model).toMatchObject({ model_name: "demo-world", filename: expect.stringContaining("demo-world") });
    expect(model?.title).toBe(`demo-world.safetensors [${model?.hash}]`);
    for (const name of [model?.title, "demo-world", "demo-world.safetensors", model?.hash, model?.sha256, "DEMO"]) {
      expect((await post("options", { sd_model_checkpoint: name })).statusCode).toBe(200);
      expect((await get("options")).json().sd_model_checkpoint).toBe(name);
    }
    const missing = await post("options", { sd_model_checkpoint: "nowhere.ckpt" });
    expect(missing.statusCode).toBe(404);
    expect(missing.json().detail).toContain('"nowhere.ckpt"');
  });

  test("override_settings last for the picture, or stay where the request says so", async () => {
    expect((await settingsOf({ override_settings: { CLIP_stop_at_last_layers: 4 } })).clipSkip).toBe(4);
    expect((await settingsOf({})).clipSkip).toBe(1);
    await settingsOf({ override_settings: { emphasis: "Ignore" }, override_settings_restore_afterwards: false });
    expect((await get("options")).json().emphasis).toBe("Ignore");
    await post("options", { emphasis: "Original" });
  });
});

describe("lists", () => {
  test.each(["hypernetworks", "face-restorers", "realesrgan-models", "loras", "extensions", "script-info", "sd-vae"])(
    "%s is empty",
    async (path) => expect((await get(path)).json()).toEqual([]),
  );

  test("names as A1111 has them", async () => {
    expect((await get("samplers")).json()[6]).toEqual({
      name: "Euler a",
      aliases: ["k_euler_a", "k_euler_ancestral"],
      options: { uses_ensd: "True" },
    });
    expect((await get("schedulers")).json()[2]).toMatchObject({ name: "karras", label: "Karras", default_rho: 7 });
    expect((await get("upscalers")).json().map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(["None", "Lanczos", "Nearest"]),
    );
    expect((await get("latent-upscale-modes")).json()[0]).toEqual({ name: "Latent" });
    expect((await get("scripts")).json()).toEqual({ txt2img: [], img2img: [] });
    expect((await get("cmd-flags")).json()).toMatchObject({ api: true, api_auth: null });
    const { ram } = (await get("memory")).json();
    expect(ram.used + ram.free).toBe(ram.total);
  });

  test.each(["refresh-checkpoints", "refresh-vae", "refresh-embeddings"])("%s answers null", async (path) => {
    expect((await post(path)).json()).toBeNull();
  });
});

describe("jobs that run", () => {
  test("progress, task and preview of a picture; then nothing runs", async () => {
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
      textinfo: "Working",
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

  test("interrupt ends what the program began, be it still waiting, and not what runs before it", async () => {
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
    // With nothing of its own left it means whatever runs, as in A1111.
    await post("interrupt");
    await stateOf(others.id, "done");
  });

  test("a program that hangs up ends a picture that nobody would see, and no other", async () => {
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

  test("a server that starts again draws no pictures for programs of the one before", async () => {
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
    // A folder whose job is gone, too.
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

  test("every answer says how long it took", async () => {
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

  test("a picture without settings has none; no picture at all has none either", async () => {
    const bare = await sharp(await picture(8))
      .png()
      .toBuffer();
    expect((await post("png-info", { image: bare.toString("base64") })).json()).toMatchObject({
      info: "",
      parameters: {},
    });
    expect((await post("png-info", { image: "" })).json()).toEqual({ info: "", items: {}, parameters: {} });
  });

  test("what is no picture, and an address, are refused", async () => {
    const noPicture = await post("png-info", { image: Buffer.from("nothing of the kind").toString("base64") });
    expect(noPicture.json()).toMatchObject({ error: "NOT_A_PICTURE" });
    const address = await post("png-info", { image: "http://127.0.0.1:1/a.png" });
    expect(address.json()).toMatchObject({ error: "SDAPI_UNSUPPORTED" });
    expect((await post("png-info")).statusCode).toBe(422);
  });
});

describe("create, preprocess and train", () => {
  test("create drops from a name what A1111 drops, and answers its failures with 200 as there", async () => {
    const create = async (body: object): Promise<string> => (await post("create/embedding", body)).json().info;
    const path = join(app.services.folders.embeddings, "mira 1.pt");
    const body = { name: "mi/ra 1!", num_vectors_per_token: 2, overwrite_old: false, init_text: "woman" };
    expect(await create(body)).toBe(`create embedding filename: ${path}`);
    expect(await create(body)).toMatch(/^create embedding error: There is already an embedding "mira 1.pt"/u);
    expect(await create({ ...body, overwrite_old: true })).toBe(`create embedding filename: ${path}`);
    expect(await create({ name: "!!" })).toMatch(/^create embedding error: Give the embedding a name/u);
    expect((await get("embeddings")).json().loaded["mira 1"]).toMatchObject({ step: 0, shape: 128, vectors: 2 });
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

  test("failures that A1111 has too come in its words; folders out of reach do not", async () => {
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
