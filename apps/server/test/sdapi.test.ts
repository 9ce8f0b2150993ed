/** @file Requests to A1111's API: the settings from A1111's fields, refused fields, options and lists. The worker is scripted. */
import { writeFile } from "node:fs/promises";
import type { Job } from "@lexeme/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findSampler, listSamplers, listSchedules } from "../src/sdapi/sampler-table.ts";
import { sdapiClient, type Txt2imgSettings } from "./sdapi-client.ts";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 60_000);
const { get, infoOf, post, settingsOf } = sdapiClient(() => app);

describe("A1111's fields become settings", () => {
  test("missing fields have A1111's defaults, null counts as missing, and unknown fields are accepted", async () => {
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
    expect(Number((await settingsOf({})).seed)).toBeGreaterThanOrEqual(0);
  });

  test.each<[string, object, Partial<Txt2imgSettings>]>([
    ["numbers and switches as text", { steps: "12", enable_hr: "true", width: "64" }, { steps: 12, enableHr: true }],
    ["batches and seeds", { n_iter: 2, batch_size: 3, seed: 5 }, { nIter: 2, batchSize: 3, seed: "5" }],
    ["tiling", { tiling: true }, { tiling: true }],
    ["a negative seed", { seed: -5 }, { seed: "-5" }],
    ["a seed as text", { seed: "12345678901234567890" }, { seed: "12345678901234567890" }],
    ["variation", { subseed: 7, subseed_strength: 0.3 }, { subseed: "7", subseedStrength: 0.3 }],
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
      {
        clipSkip: 2,
        etaNoiseSeedDelta: "31337",
        checkpoint: "demo-world.safetensors",
        vae: "None",
        emphasis: "No norm",
      },
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

  test("an infotext fills missing fields of the request; the request's own fields win", async () => {
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
      seed: "99",
      width: 128,
      height: 64,
      clipSkip: 3,
      etaNoiseSeedDelta: "31337",
      subseed: "3",
      subseedStrength: 0.2,
      randnSource: "GPU",
    });
  });

  test("styles are found by name; a missing style is ignored as in A1111, with a warning", async () => {
    await writeFile(app.services.folders.styles, "name,prompt,negative_prompt\ncharcoal,charcoal of {prompt},colour\n");
    expect((await get("prompt-styles")).json()).toEqual([
      { name: "charcoal", prompt: "charcoal of {prompt}", negative_prompt: "colour" },
    ]);
    expect((await settingsOf({ styles: [] })).styles).toEqual([]);
    // The scripted worker does not know the style's prompt, so this job is stopped.
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

  test("values that A1111 silently ignores give a warning: an unknown sampler, an option that Lexeme does not have", async () => {
    const info = await infoOf({ sampler_name: "Sampler X", override_settings: { filter_nsfw: true } });
    expect(info["sampler_name"]).toBe("DPM++ 2M");
    expect(info.warnings).toEqual([
      'override_settings: there is no option "filter_nsfw" here',
      'There is no sampler "Sampler X" here: DPM++ 2M was used, as A1111 does',
    ]);
  });

  test("the answer repeats the request with its defaults, and info has every key of A1111's info", async () => {
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
      denoising_strength: 0.75,
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

  test.each(listSamplers())("the schedule of $name is listed too", ({ name, options }) => {
    expect(findSampler(name, undefined)).toEqual({ samplerName: name, scheduler: "Automatic", warnings: [] });
    const { scheduler = "automatic" } = options;
    expect(listSchedules().map((one) => one.name)).toContain(scheduler);
  });

  test.each(listSchedules())("$label can follow a sampler's name, by label and by key", ({ label, name }) => {
    for (const suffix of [label, name]) {
      expect(findSampler(`Euler a ${suffix}`, undefined)).toMatchObject({ samplerName: "Euler a", scheduler: label });
    }
  });
});

describe("a missing function", () => {
  test.each<[string, object]>([
    ["script_name", { script_name: "X/Y/Z plot" }],
    ["ControlNet", { alwayson_scripts: { ControlNet: { args: [{ image: "abc", module: "canny" }] } } }],
    ["adetailer", { alwayson_scripts: { adetailer: { args: [true, { ad_model: "face" }] } } }],
    ["controlnet_units", { controlnet_units: [{ module: "canny" }] }],
    ["init_images", { init_images: ["abc"] }],
    ["restore_faces", { restore_faces: true }],
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

  test("an invalid body is answered with FastAPI's list, with A1111's names", async () => {
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
  test("are the page's own table, and a set option is stored; an unknown option is a 4xx that names it", async () => {
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

  test("can all be sent back as they were received", async () => {
    expect((await post("options", (await get("options")).json())).statusCode).toBe(200);
  });

  test("the checkpoint is found by title, model name or hash, and returned as it was sent", async () => {
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

  test("override_settings apply to the picture, or stay if the request says so", async () => {
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

  test("have A1111's names", async () => {
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
