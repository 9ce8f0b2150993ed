/** @file A1111's API driven by programs that were written for it: all steps over HTTP, two npm clients, and a Python client if Python is installed. */
import { execFile } from "node:child_process";
import { readdir, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import { readPngParameters } from "@lexeme/formats";
import { Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { StableDiffusionApi } from "a1111-webui-api";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workerLaunch } from "../src/worker-launch.ts";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
let port: number;
let base: string;
beforeAll(async () => {
  app = await testApp({ worker: workerLaunch() });
  await app.services.jobs.ready;
  await app.server.listen({ host: "127.0.0.1", port: 0 });
  ({ port } = app.server.server.address() as AddressInfo);
  base = `http://127.0.0.1:${port}`;
}, 120_000);
afterAll(() => app.end(), 60_000);

/** The smallest pictures of the demo checkpoint, because only the API is tested. */
const TINY = { width: 64, height: 64, steps: 4 };

async function post<T = { info: string }>(path: string, body: object): Promise<T> {
  const response = await fetch(`${base}/sdapi/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (response.status !== 200) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  return answer as T;
}

async function get<T>(path: string): Promise<T> {
  return (await fetch(`${base}/sdapi/v1/${path}`)).json() as Promise<T>;
}

/** `state` of the progress. */
async function stateNow(): Promise<{ sampling_step: number; job_no: number }> {
  return (await get<{ state: { sampling_step: number; job_no: number } }>("progress")).state;
}

interface Drawn {
  images: Buffer[];
  info: { all_seeds: number[]; infotexts: string[]; index_of_first_image: number } & Record<string, unknown>;
}

async function draw(body: object): Promise<Drawn> {
  const { images, info } = await post<{ images: string[]; info: string }>("txt2img", {
    prompt: "a photo of a man",
    ...TINY,
    ...body,
  });
  return { images: images.map((image) => Buffer.from(image, "base64")), info: JSON.parse(info) };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe("a script for A1111 1.6", () => {
  test("creates, preprocesses, trains with all of 1.6's arguments, and draws with the new word", async () => {
    const created = await post("create/embedding", {
      name: "mira",
      num_vectors_per_token: 2,
      overwrite_old: false,
      init_text: "woman",
    });
    const path = join(app.services.folders.embeddings, "mira.pt");
    expect(created).toEqual({ info: `create embedding filename: ${path}` });

    const prepared = await post("preprocess", {
      id_task: "task(prepare)",
      process_src: DEMO_PHOTOS_DIR,
      process_dst: "datasets/mira",
      process_width: 64,
      process_height: 64,
      preprocess_txt_action: "copy",
      process_keep_original_size: false,
      process_flip: true,
      process_split: false,
      process_caption: false,
      process_caption_deepbooru: false,
      split_threshold: 0.5,
      overlap_ratio: 0.2,
      process_focal_crop: false,
      process_focal_crop_face_weight: 0.9,
      process_focal_crop_entropy_weight: 0.3,
      process_focal_crop_edges_weight: 0.5,
      process_focal_crop_debug: false,
    });
    expect(prepared).toEqual({ info: "preprocess complete" });
    expect((await filesIn(join(app.dataDir, "datasets", "mira"))).filter((name) => name.endsWith(".png"))).toHaveLength(
      28,
    );

    const trained = await post("train/embedding", {
      id_task: "task(train)",
      embedding_name: "mira",
      learn_rate: "0.01:6, 0.005",
      batch_size: 1,
      gradient_step: 1,
      data_root: "datasets/mira",
      log_directory: "textual_inversion",
      training_width: 64,
      training_height: 64,
      varsize: false,
      steps: 12,
      clip_grad_mode: "disabled",
      clip_grad_value: "0.1",
      shuffle_tags: false,
      tag_drop_out: 0,
      latent_sampling_method: "once",
      use_weight: false,
      create_image_every: 12,
      save_embedding_every: 6,
      template_filename: "subject.txt",
      save_image_with_stored_embedding: true,
      preview_from_txt2img: true,
      preview_prompt: "a photo of mira",
      preview_negative_prompt: "",
      preview_steps: 3,
      preview_sampler_index: 0,
      preview_cfg_scale: 4,
      preview_seed: 1,
      preview_width: 64,
      preview_height: 64,
    });
    expect(trained).toEqual({ info: `train embedding complete: filename: ${path} error: None` });
    expect(await get("embeddings")).toMatchObject({ loaded: { mira: { step: 12, vectors: 2, shape: 128 } } });
    const run = await filesIn(app.services.folders.runs);
    expect(run).toEqual(expect.arrayContaining(["mira-6.pt", "mira-12.pt"]));
    // The preview, and the preview with the embedding inside.
    expect(run.filter((name) => name === "mira-12.png")).toHaveLength(2);

    // Interrupt ends a training, which saves its progress.
    const endless = post("train/embedding", {
      embedding_name: "mira",
      data_root: "datasets/mira",
      template_filename: "subject.txt",
      training_width: 64,
      training_height: 64,
      create_image_every: 0,
    });
    await waitFor("it trains", async () => (await stateNow()).job_no > 14, 60_000);
    await post("interrupt", {});
    expect(await endless).toEqual(trained);
    const { loaded } = await get<{ loaded: { mira: { step: number } } }>("embeddings");
    expect(loaded.mira.step).toBeGreaterThan(14);

    const body = { prompt: "a photo of mira", seed: 5, ...TINY };
    const [first, second] = [await draw(body), await draw(body)];
    expect(first.images).toHaveLength(1);
    expect(first.images[0]).toEqual(second.images[0]);
    expect(readPngParameters(first.images[0]!)).toBe(first.info.infotexts[0]);
    expect(first.info.infotexts[0]).toMatch(/TI hashes: "mira: [0-9a-f]{12}"/u);
    expect(first.info).toMatchObject({
      sd_model_name: "demo-world",
      sd_model_hash: expect.stringMatching(/^[0-9a-f]{10}$/u),
      extra_generation_params: { "Schedule type": "Automatic", "TI hashes": expect.stringContaining("mira: ") },
    });
    const other = await draw({ ...body, prompt: "a photo of a woman" });
    expect(other.images[0]).not.toEqual(first.images[0]);
  }, 240_000);
});

describe("pictures", () => {
  test("no picture is kept unless requested, not even in the job list; requested pictures are kept, and the grid comes first", async () => {
    const { outputs, grids, cache } = app.services.folders;
    const before = await filesIn(outputs);
    expect((await draw({ n_iter: 2, seed: 1 })).images).toHaveLength(2);
    expect(await filesIn(outputs)).toEqual(before);
    expect(await filesIn(grids)).toEqual([]);
    expect(await readdir(join(cache, "sdapi"))).toEqual([]);
    const [job] = await app.services.jobs.list(1);
    expect(job).toMatchObject({
      state: "done",
      results: { artifacts: [], summary: "2 pictures drawn; sent to the program that asked, and not kept" },
    });

    const kept = await draw({ n_iter: 2, batch_size: 2, seed: 1, save_images: true });
    expect(kept.images).toHaveLength(5);
    expect(kept.info).toMatchObject({ index_of_first_image: 1, all_seeds: [1, 2, 3, 4] });
    expect(kept.info.infotexts).toHaveLength(5);
    expect(await sharp(kept.images[0]).metadata()).toMatchObject({ width: 128, height: 128 });
    expect(await sharp(kept.images[1]).metadata()).toMatchObject({ width: 64, height: 64 });
    expect(await filesIn(outputs)).toHaveLength(before.length + 4);
    expect(await filesIn(grids)).toHaveLength(1);
    expect((await draw({ n_iter: 2, save_images: true, do_not_save_grid: true })).images).toHaveLength(2);
    expect((await draw({ send_images: false })).images).toEqual([]);
  }, 120_000);

  test("the page's settings give the program's picture", async () => {
    const { images } = await draw({
      prompt: "a photo of a (man:1.2)",
      negative_prompt: "blurry",
      seed: 8,
      cfg_scale: 5,
    });
    const settings = { prompt: "a photo of a (man:1.2)", negativePrompt: "blurry", seed: 8, cfgScale: 5, ...TINY };
    const job = await app.services.jobs.create({
      kind: "txt2img",
      settings: Txt2imgSettingsSchema.parse({ ...settings, samplerName: "Euler" }),
    });
    const [picture] = (await app.services.jobs.ended(job.id)).results.artifacts;
    const pixels = (of: Buffer | string) => sharp(of).raw().toBuffer();
    expect(await pixels(images[0]!)).toEqual(await pixels(picture!.path));
  }, 60_000);

  test("formats, variation and clip skip are as requested", async () => {
    const jpeg = await draw({ seed: 3, override_settings: { samples_format: "jpg" } });
    expect((await sharp(jpeg.images[0]).metadata()).format).toBe("jpeg");
    const told = await post("png-info", { image: jpeg.images[0]!.toString("base64") });
    expect(told.info).toBe(jpeg.info.infotexts[0]);
    const varied = await draw({ n_iter: 2, seed: 3, subseed: 9, subseed_strength: 0.2 });
    expect(varied.info).toMatchObject({ all_seeds: [3, 3], all_subseeds: [9, 10], subseed_strength: 0.2 });
    const said = await draw({
      seed: 3,
      infotext: "a photo of a man\nSteps: 4, Sampler: Euler, Seed: 9, Size: 64x64, Clip skip: 2",
    });
    expect(said.info).toMatchObject({ seed: 3, clip_skip: 2, sampler_name: "Euler" });
  }, 120_000);

  test("styles are added to the prompt", async () => {
    await writeFile(app.services.folders.styles, "name,prompt,negative_prompt\r\nfaded,faded,bright\r\n");
    const { info } = await draw({ prompt: "a man", styles: ["faded"] });
    expect(info).toMatchObject({ prompt: "a man, faded", negative_prompt: "bright", styles: ["faded"] });
  }, 60_000);

  test("skip ends the current batch and continues, interrupt ends the job; unfinished pictures are sent and not kept", async () => {
    const { outputs, cache } = app.services.folders;
    const large = { seed: 10, steps: 60, width: 128, height: 128 };
    const skipped = draw({ ...large, n_iter: 3 });
    await waitFor("it draws", async () => (await stateNow()).sampling_step > 1, 60_000);
    await post("skip", {});
    expect((await skipped).info.all_seeds).toEqual([10, 11, 12]);

    const before = await filesIn(outputs);
    const interrupted = draw({ ...large, n_iter: 50, steps: 8, save_images: true });
    await waitFor("the second is drawn", async () => (await stateNow()).job_no > 0, 60_000);
    await post("interrupt", {});
    const { images, info } = await interrupted;
    const pictures = info.all_seeds.length;
    expect(pictures).toBeGreaterThan(1);
    expect(pictures).toBeLessThan(50);
    expect(info.all_seeds).toEqual(Array.from({ length: pictures }, (_, i) => 10 + i));
    expect(images).toHaveLength(pictures + info.index_of_first_image);
    expect(await sharp(images.at(-1)).metadata()).toMatchObject({ width: 128, height: 128 });
    expect(await filesIn(outputs)).toHaveLength(before.length + pictures - 1);
    expect(await readdir(join(cache, "sdapi"))).toEqual([]);
    const [job] = await app.services.jobs.list(1);
    expect(job?.results.artifacts.filter(({ kind }) => kind === "image")).toHaveLength(pictures - 1);
    expect(job?.results.summary).toMatch(
      /1 unfinished; unfinished pictures were sent to the program that asked, and not kept$/u,
    );

    const single = draw({ ...large, steps: 150, width: 256, height: 256 });
    await waitFor("its second step is done", async () => (await stateNow()).sampling_step > 1, 60_000);
    await post("interrupt", {});
    expect((await single).images).toHaveLength(1);
    expect((await app.services.jobs.list(1))[0]?.results.summary).toContain(
      "Stopped after 0 of 1: 0 pictures drawn, 1 unfinished",
    );
  }, 180_000);

  test("unload frees the memory, and the next picture is still drawn", async () => {
    const { pid } = app.workers.device;
    await post("unload-checkpoint", {});
    expect((await draw({})).images).toHaveLength(1);
    expect(app.workers.device.pid).not.toBe(pid);
    expect(await post("reload-checkpoint", {})).toEqual({});
  }, 60_000);
});

interface NodeSdWebui {
  txt2img(options: object): Promise<{ images: string[]; info: string }>;
  img2img(options: object): Promise<unknown>;
  pngInfo(options: { imageData: string }): Promise<Record<string, unknown>>;
}

test("node-sd-webui draws, reads and gets errors for missing functions", async () => {
  // The package's own package.json does not lead to its types.
  const { default: sdwebui } = createRequire(import.meta.url)("node-sd-webui") as {
    default: (options: { apiUrl: string }) => NodeSdWebui;
  };
  const client = sdwebui({ apiUrl: base });
  const options = { prompt: "a photo of a man", negativePrompt: "blurry", seed: 4, samplingMethod: "Euler a", ...TINY };
  const { images } = await client.txt2img({ ...options, batchSize: 2, batchCount: 1 });
  expect(images).toHaveLength(2);
  expect(await client.pngInfo({ imageData: images[0]! })).toMatchObject({
    prompt: "a photo of a man",
    negativePrompt: "blurry",
    steps: 4,
    samplingMethod: "Euler a",
  });
  const hires = { upscaler: "Latent", upscaleBy: 2, steps: 2, denoisingStrength: 0.6 };
  const [large] = (await client.txt2img({ ...options, hires })).images;
  expect((await sharp(Buffer.from(large!, "base64")).metadata()).width).toBe(128);
  const script = { name: "x/y/z plot", args: [] };
  await expect(client.txt2img({ ...options, script })).rejects.toThrow("Unprocessable Entity");
  await expect(client.img2img({ ...options, imageData: images })).rejects.toThrow("Unprocessable Entity");
}, 120_000);

test("a1111-webui-api draws, reads, sets the model, lists and gets errors for missing functions", async () => {
  const client = new StableDiffusionApi({ host: "127.0.0.1", port, defaultSampler: "Euler a", defaultStepCount: 4 });
  const options = { prompt: "a photo of a man", seed: 4, width: 64, height: 64 };
  const drawn = await client.txt2img({ ...options, batch_size: 2 });
  expect(drawn.images).toHaveLength(2);
  expect(await drawn.image?.metadata()).toMatchObject({ width: 64, height: 64 });
  expect(drawn.parameters).toMatchObject({ steps: 4, sampler_name: "Euler a" });
  expect(JSON.parse(drawn.info as string)).toMatchObject({ all_seeds: [4, 5] });
  await client.setModel("demo-wrld");
  expect(await client.getCurrentModel()).toBe("demo-world");
  await client.setOptions({ CLIP_stop_at_last_layers: 1 });
  expect(await client.getOptions()).toMatchObject({ CLIP_stop_at_last_layers: 1 });
  expect(await client.getProgress(true)).toMatchObject({ progress: 0 });
  expect(await client.waitForReady(0.05)).toBe(true);
  const lists = [client.getSamplers(), client.getUpscalers(), client.getSdModels(), client.getCmdFlags()];
  for (const list of await Promise.all(lists)) expect(Object.keys(list).length).toBeGreaterThan(0);
  const empty = [client.getHypernetworks(), client.getFaceRestorers(), client.getRealesrganModels()];
  expect(await Promise.all(empty)).toEqual([[], [], []]);
  expect(await client.getPromptStyles()).toEqual(expect.any(Array));
  await client.refreshCheckpoints();
  const { data } = (await client.pngInfo(drawn.image)).response;
  // The client decodes pictures before it sends them, so that they no longer have an infotext.
  expect(data).toMatchObject({ info: "" });
  await expect(client.img2img({ prompt: "a man", init_images: [drawn.image] })).rejects.toMatchObject({
    response: { status: 422, data: { detail: expect.stringContaining("img2img") } },
  });
}, 120_000);

const run = promisify(execFile);
const WEBUIAPI = "0.9.17";

test("webuiapi, the Python client, uses all its functions", async ({ skip }) => {
  const python = await webuiapiPython().catch((error: unknown) => {
    const { stderr = "", stdout = "", message } = error as Error & { stderr?: string; stdout?: string };
    const [reason] = [stderr, stdout, message].map((text) => text.trim()).filter((text) => text !== "");
    process.stderr.write(`\nThe Python client of A1111's API was NOT tried: ${reason}\n\n`);
    return undefined;
  });
  if (python === undefined) return skip("no Python with venv and pip, or no way to PyPI");
  const { stdout } = await run(python, [fileURLToPath(new URL("webuiapi-program.py", import.meta.url)), String(port)]);
  expect(stdout).toMatch(/\bok\n$/u);
  return undefined;
}, 300_000);

/** A Python with the client, kept beside the installed packages. Rejects if there is no Python with `venv` and pip, or no network. */
async function webuiapiPython(): Promise<string> {
  const venv = fileURLToPath(new URL(`../node_modules/.cache/webuiapi-${WEBUIAPI}`, import.meta.url));
  const python = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const isReady = await stat(join(venv, "ready")).then(
    () => true,
    () => false,
  );
  if (isReady) return python;
  await run(process.platform === "win32" ? "python" : "python3", ["-m", "venv", "--clear", venv], { timeout: 120_000 });
  const options = ["--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "10"];
  await run(python, ["-m", "pip", "install", ...options, `webuiapi==${WEBUIAPI}`], { timeout: 120_000 });
  await writeFile(join(venv, "ready"), "");
  return python;
}
