/** @file The table of options over HTTP: stored in Lexeme's file, imported from A1111's file, used as the defaults of jobs. */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DEMO_CHECKPOINT_PATH } from "@lexeme/demo";
import { DEFAULT_OPTIONS, type Options } from "@lexeme/domain/options";
import type { Job, OptionsState } from "@lexeme/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newDataDir, testApp, type TestApp } from "./test-app.ts";

let dataDir: string;
let app: TestApp;

beforeEach(async () => {
  dataDir = await newDataDir();
  app = await testApp({ dataDir });
}, 120_000);
afterEach(async () => {
  await app.close();
  await rm(dataDir, { recursive: true, force: true });
}, 30_000);

type Method = "GET" | "PUT" | "POST";

async function send(method: Method, url: string, payload?: object) {
  const answer = await app.server.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, body: answer.json<never>() };
}

async function options(): Promise<OptionsState> {
  return (await send("GET", "/api/options")).body;
}

async function change(values: object) {
  return send("PUT", "/api/options", values);
}

/** Starts the server again on the same folder. */
async function restart(): Promise<void> {
  await app.close();
  app = await testApp({ dataDir });
}

const settingsPath = () => join(dataDir, ".lexeme", "settings.json");
const readSettings = async () => JSON.parse(await readFile(settingsPath(), "utf8")) as Record<string, unknown>;

describe("the table", () => {
  test("has A1111's names with their defaults, and a change outlives the server", async () => {
    const { values, fault } = await options();
    expect(values).toEqual({ ...DEFAULT_OPTIONS, sd_model_checkpoint: "demo-world.safetensors" });
    expect(fault).toBeNull();
    const { status, body } = await change({ CLIP_stop_at_last_layers: 2, samples_format: "webp" });
    expect(status).toBe(200);
    expect((body as OptionsState).values).toMatchObject({ CLIP_stop_at_last_layers: 2, samples_format: "webp" });
    await restart();
    expect((await options()).values).toMatchObject({ CLIP_stop_at_last_layers: 2, samples_format: "webp" });
    expect(await readSettings()).toEqual({ CLIP_stop_at_last_layers: 2, samples_format: "webp" });
  });

  test("accepts a whole change or nothing of it, and names the faulty option", async () => {
    const wrong = await change({ jpeg_quality: 50, CLIP_stop_at_last_layers: 13 });
    expect(wrong).toMatchObject({
      status: 400,
      body: { code: "REQUEST_MALFORMED", details: { field: "CLIP_stop_at_last_layers" } },
    });
    const unknown = await change({ jpeg_quality: 50, no_such_option: [] });
    expect(unknown).toMatchObject({ status: 422, body: { code: "OPTION_UNKNOWN" } });
    expect(JSON.stringify(unknown.body)).toContain("no_such_option");
    expect((await options()).values).toMatchObject({ jpeg_quality: 80, CLIP_stop_at_last_layers: 1 });
  });

  test("can be reset to its defaults, one option or all of them", async () => {
    await change({ CLIP_stop_at_last_layers: 2, jpeg_quality: 50, n_rows: 2 });
    await send("POST", "/api/options/reset", { names: ["jpeg_quality"] });
    expect((await options()).values).toMatchObject({ CLIP_stop_at_last_layers: 2, jpeg_quality: 80, n_rows: 2 });
    await send("POST", "/api/options/reset", {});
    expect((await options()).values).toEqual({ ...DEFAULT_OPTIONS, sd_model_checkpoint: "demo-world.safetensors" });
    expect(await readSettings()).toEqual({});
  });

  test("changes made at the same moment are all kept", async () => {
    const changes = [{ n_rows: 1 }, { jpeg_quality: 70 }, { s_churn: 2 }, { eta_ddim: 0.5 }];
    await Promise.all(changes.map(change));
    expect(await readSettings()).toEqual(Object.assign({}, ...changes));
  });
});

describe("the file", () => {
  test("keeps unknown entries, entries that a person wrote meanwhile, and a value that does not fit", async () => {
    await writeFile(settingsPath(), JSON.stringify({ theirs: { a: 1 }, jpeg_quality: "high", n_rows: 3 }));
    await change({ s_noise: 1.05 });
    expect(await readSettings()).toEqual({ theirs: { a: 1 }, jpeg_quality: "high", n_rows: 3, s_noise: 1.05 });
    expect((await options()).values).toMatchObject({ jpeg_quality: 80, n_rows: 3, s_noise: 1.05 });
  });

  test("is reported and not touched when it is broken, and no option can be changed until it is corrected", async () => {
    await writeFile(settingsPath(), '{ "n_rows": 3, ');
    await restart();
    expect((await options()).fault).toContain(settingsPath());
    const refused = await change({ n_rows: 4 });
    expect(refused).toMatchObject({ status: 409, body: { code: "SETTINGS_UNREADABLE" } });
    expect(await readFile(settingsPath(), "utf8")).toBe('{ "n_rows": 3, ');
    await writeFile(settingsPath(), '{ "n_rows": 3 }');
    expect((await change({ jpeg_quality: 50 })).status).toBe(200);
    expect(await readSettings()).toEqual({ n_rows: 3, jpeg_quality: 50 });
  });

  test("of an earlier version can be read", async () => {
    await addCheckpoint("mine.safetensors");
    await writeFile(settingsPath(), JSON.stringify({ checkpoint: "mine.safetensors", vae: "None" }));
    await restart();
    expect((await options()).values).toMatchObject({ sd_model_checkpoint: "mine.safetensors", sd_vae: "None" });
  });
});

describe("A1111's config.json", () => {
  test("gives the defaults of the options that its user has changed, and is not written", async () => {
    await addCheckpoint("sub/mine.safetensors");
    const theirs = {
      sd_model_checkpoint: "sub/mine.safetensors [6ce0161689]",
      CLIP_stop_at_last_layers: 2,
      // A1111's defaults, so not a choice of the user; Lexeme's defaults differ.
      randn_source: "GPU",
      save_optimizer_state: false,
      samples_format: "avif",
      something_else: [1],
    };
    const text = JSON.stringify(theirs, null, 4);
    await writeFile(join(dataDir, "config.json"), text);
    await restart();
    const { values, defaults, imported, notTaken } = await options();
    expect(notTaken).toEqual([
      { name: "samples_format", value: '"avif"', reason: "must be one of png, jpg, jpeg, webp" },
    ]);
    expect(values).toMatchObject({
      sd_model_checkpoint: "sub/mine.safetensors",
      CLIP_stop_at_last_layers: 2,
      randn_source: "CPU",
      save_optimizer_state: true,
      samples_format: "png",
    });
    expect(imported.toSorted()).toEqual(["CLIP_stop_at_last_layers", "sd_model_checkpoint"]);
    await change({ CLIP_stop_at_last_layers: 1 });
    expect((await options()).values.CLIP_stop_at_last_layers).toBe(1);
    await send("POST", "/api/options/reset", {});
    expect((await options()).values).toEqual(defaults);
    expect(await readFile(join(dataDir, "config.json"), "utf8")).toBe(text);
  });

  test("is read as it is clearly meant: numbers and truth values as text, names in capitals", async () => {
    await writeConfig({
      CLIP_stop_at_last_layers: "2",
      eta_ancestral: " 0.5 ",
      save_txt: "True",
      grid_save: "false",
      enable_pnginfo: 0,
      samples_format: "WEBP",
      samples_filename_pattern: 7,
    });
    const { values, notTaken, importFault } = await options();
    expect(values).toMatchObject({
      CLIP_stop_at_last_layers: 2,
      eta_ancestral: 0.5,
      save_txt: true,
      grid_save: false,
      enable_pnginfo: false,
      samples_format: "webp",
      samples_filename_pattern: "7",
    });
    expect([notTaken, importFault]).toEqual([[], null]);
  });

  test("reports each unusable value with the reason, and uses the others", async () => {
    await writeConfig({
      dataset_filename_word_regex: "(?P<word>[a-z]+)",
      CLIP_stop_at_last_layers: "two",
      jpeg_quality: 0,
      save_txt: "maybe",
      n_rows: null,
      s_churn: 3,
      an_extension_of_theirs: "whatever",
    });
    const { values, notTaken } = await options();
    expect(values).toMatchObject({ s_churn: 3, CLIP_stop_at_last_layers: 1, jpeg_quality: 80, save_txt: false });
    expect(Object.fromEntries(notTaken.map(({ name, value, reason }) => [name, [value, reason]]))).toEqual({
      dataset_filename_word_regex: ['"(?P<word>[a-z]+)"', expect.stringContaining("regular expression")],
      CLIP_stop_at_last_layers: ['"two"', "must be a number"],
      jpeg_quality: ["0", "must be at least 1"],
      save_txt: ['"maybe"', "must be a boolean"],
    });
  });

  test("that is not JSON is reported with the place of the fault, and read again when it is corrected", async () => {
    const path = join(dataDir, "config.json");
    await writeFile(path, '{\n  "s_churn": 3,\n}\n');
    await restart();
    const broken = await options();
    expect(broken.values.s_churn).toBe(0);
    expect(broken.importFault).toContain(`"${path}"`);
    expect(broken.importFault).toContain("line 3, column 1");
    expect(broken.fault).toBeNull();
    await writeFile(path, '{\n  "s_churn": 3');
    expect((await options()).importFault).toContain("ends in the middle");
    await writeFile(path, '{ "s_churn": 3 }');
    expect(await options()).toMatchObject({ importFault: null, values: { s_churn: 3 } });
  });

  async function writeConfig(content: object): Promise<void> {
    await writeFile(join(dataDir, "config.json"), JSON.stringify(content));
    await restart();
  }
});

describe("the checkpoint", () => {
  test("is the same, whether chosen in the picker or as an option", async () => {
    await addCheckpoint("mine.safetensors");
    await change({ sd_model_checkpoint: "demo-world.safetensors" });
    expect((await send("GET", "/api/system")).body).toMatchObject({ checkpoint: "demo-world.safetensors" });
    await send("PUT", "/api/checkpoint", { name: "mine.safetensors" });
    expect((await options()).values.sd_model_checkpoint).toBe("mine.safetensors");
    const missing = await change({ sd_model_checkpoint: "gone.safetensors", n_rows: 2 });
    expect(missing).toMatchObject({
      status: 404,
      body: { code: "CHECKPOINT_MISSING", details: { field: "sd_model_checkpoint" } },
    });
    expect((await options()).values).toMatchObject({ sd_model_checkpoint: "mine.safetensors", n_rows: -1 });
    expect(await change({ sd_vae: "gone.pt" })).toMatchObject({ status: 404, body: { code: "VAE_MISSING" } });
  });
});

describe("a job", () => {
  async function settingsOf(settings: object): Promise<Record<string, unknown>> {
    const { status, body } = await send("POST", "/api/jobs", { kind: "txt2img", settings });
    expect(status).toBe(200);
    const job = body as Job;
    await send("POST", `/api/jobs/${job.id}/cancel`);
    return job.request.settings;
  }

  test("takes missing settings from the options, and nothing else", async () => {
    await app.services.jobs.ready;
    const chosen: Partial<Options> = {
      CLIP_stop_at_last_layers: 2,
      randn_source: "NV",
      emphasis: "No norm",
      eta_ancestral: 0.5,
      sd_vae: "None",
    };
    await change(chosen);
    expect(await settingsOf({ prompt: "done" })).toMatchObject({
      clipSkip: 2,
      randnSource: "NV",
      emphasis: "No norm",
      eta: 0.5,
      vae: "None",
      steps: 20,
    });
    expect(await settingsOf({ prompt: "done", clipSkip: 1, emphasis: "Original", samplerName: "DDIM" })).toMatchObject({
      clipSkip: 1,
      emphasis: "Original",
      randnSource: "NV",
      eta: null,
    });
  });

  test("with a setting that its kind does not have is refused with that name and the name that is meant", async () => {
    const refused = await send("POST", "/api/jobs", { kind: "txt2img", settings: { prompt: "done", cfg_scale: 9 } });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: "SETTING_UNKNOWN",
        message: 'A txt2img job has no setting "cfg_scale": use "cfgScale"',
        details: { field: "cfg_scale" },
      },
    });
    const other = await send("POST", "/api/jobs", { kind: "preprocess", settings: { use_blip: true } });
    expect(other).toMatchObject({ status: 422, body: { code: "SETTING_UNKNOWN" } });
    expect(await send("GET", "/api/jobs")).toMatchObject({ body: [] });
  });
});

/** Adds a real checkpoint under that name to the models folder. */
async function addCheckpoint(name: string): Promise<void> {
  const path = join(dataDir, "models", "Stable-diffusion", name);
  await mkdir(join(path, ".."), { recursive: true });
  await copyFile(DEMO_CHECKPOINT_PATH, path);
}
