/** @file An unchanged A1111 folder as the data folder: all its files are listed and used by the real worker, and none of them is changed. */
import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { DEMO_CHECKPOINT_PATH, DEMO_PHOTOS_DIR } from "@lexeme/demo";
import { PARAMETERS_KEYWORD, writePngText, writeTextualInversionPt } from "@lexeme/formats";
import type { JobRequest } from "@lexeme/domain/jobs";
import type { Checkpoint, Embedding, GalleryImage, Job, OptionsState, Run } from "@lexeme/protocol";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { workerLaunch } from "../src/worker-launch.ts";
import { newDataDir, testApp, waitFor, type TestApp } from "./test-app.ts";

const CHECKPOINTS = "models/Stable-diffusion";
const INFOTEXT = "an old picture\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 123, Size: 8x8, Version: v1.10.1";
/** A time long ago, so that a write shows even on coarse clocks. */
const THEN = new Date("2023-05-01T12:00:00Z");

let dataDir: string;
/** Another disk, to which parts of the folder are linked. */
let elsewhere: string;
let app: TestApp;
let before: Map<string, string>;

beforeAll(async () => {
  dataDir = await newDataDir();
  elsewhere = await mkdtemp(join(tmpdir(), "lexeme-a1111-"));
  await buildFolder();
  before = await fingerprints(dataDir, elsewhere);
  app = await testApp({ dataDir, worker: workerLaunch() });
  await app.services.jobs.ready;
}, 120_000);
afterAll(async () => {
  await app.close();
  for (const folder of [dataDir, elsewhere]) await rm(folder, { recursive: true, force: true });
}, 60_000);

test("all its contents are listed: checkpoints and VAEs behind links, embeddings, runs, templates, pictures, styles, options", async () => {
  expect((await get<Checkpoint[]>("/api/checkpoints")).map(({ name }) => name)).toEqual(
    expect.arrayContaining(["linked/mine.safetensors", "own.safetensors"]),
  );
  expect((await get<{ name: string }[]>("/api/vaes")).map(({ name }) => name)).toEqual(["kl.safetensors"]);
  const embeddings = await get<Embedding[]>("/api/embeddings");
  expect(embeddings.map(({ name }) => name)).toEqual(expect.arrayContaining(["old", "nested"]));
  expect(embeddings.every(({ misfitReason }) => misfitReason === null)).toBe(true);
  const [former] = await get<Run[]>("/api/runs?embedding=old");
  expect(former?.copies.map(({ step }) => step)).toEqual([500]);
  expect(former?.previews.map(({ step }) => step)).toEqual([500]);
  const templates = await get<{ filename: string; lines: string[] }[]>("/api/templates");
  expect(templates.find(({ filename }) => filename === "subject.txt")?.lines).toEqual(["changed by its user, [name]"]);
  const { images } = await get<{ images: GalleryImage[] }>("/api/images");
  expect(images.map(({ file }) => file).toSorted()).toEqual(["00000-123.png", "grid-0000.png"]);
  expect(images.every(({ infotext, day }) => infotext === INFOTEXT && day === "2023-05-01")).toBe(true);
  // A file behind a link can be downloaded too.
  const picture = images.find(({ file }) => file === "00000-123.png")!;
  expect((await app.server.inject(`/api/file?path=${encodeURIComponent(picture.path)}`)).statusCode).toBe(200);
  expect((await get<{ styles: { name: string }[] }>("/api/styles")).styles.map(({ name }) => name)).toEqual(["Oil"]);
  const { values, imported } = await get<OptionsState>("/api/options");
  expect(values).toMatchObject({ sd_model_checkpoint: "linked/mine.safetensors", CLIP_stop_at_last_layers: 2 });
  expect(imported.toSorted()).toEqual(["CLIP_stop_at_last_layers", "sd_model_checkpoint"]);
});

test("a picture is drawn with the folder's files, and its number continues those in its own folder", async () => {
  const settings = { prompt: "old photo", styles: ["Oil"], width: 64, height: 64, steps: 2, seed: 5 };
  const { results } = await run({ kind: "txt2img", settings });
  const [image] = results.artifacts;
  expect(relative(dataDir, image!.path)).toMatch(/^outputs\/txt2img-images\/\d{4}-\d\d-\d\d\/00000-5\.png$/);
  expect(image!.infotext).toMatch(/^oil painting of old photo\n.*Model: mine, .*Clip skip: 2, .*TI hashes: "old: /s);
}, 120_000);

test("an embedding is created and trained beside the existing embeddings", async () => {
  await app.server.inject({ method: "POST", url: "/api/embeddings", payload: { name: "fresh", initText: "woman" } });
  const prepared = join(app.services.folders.datasets, "photos");
  await run({
    kind: "preprocess",
    settings: { processSrc: DEMO_PHOTOS_DIR, processDst: prepared, processWidth: 64, processHeight: 64 },
  });
  const { results } = await run({
    kind: "train-embedding",
    settings: {
      embeddingName: "fresh",
      dataRoot: prepared,
      templateFilename: "subject.txt",
      trainingWidth: 64,
      trainingHeight: 64,
      steps: 2,
      saveEmbeddingEvery: 2,
      createImageEvery: 0,
    },
  });
  expect(relative(dataDir, results.folder!)).toMatch(/^textual_inversion\/\d{4}-\d\d-\d\d\/fresh$/);
  expect((await readdir(join(results.folder!, "embeddings"))).toSorted()).toEqual(["fresh-0.pt", "fresh-2.pt"]);
}, 180_000);

test("options and styles are changed without touching A1111's own settings", async () => {
  await app.server.inject({ method: "PUT", url: "/api/options", payload: { CLIP_stop_at_last_layers: 1, n_rows: 2 } });
  expect((await get<OptionsState>("/api/options")).values).toMatchObject({ CLIP_stop_at_last_layers: 1, n_rows: 2 });
});

test("after the tests above, the bytes, times, modes and links of all old files are unchanged", async () => {
  const after = await fingerprints(dataDir, elsewhere);
  expect(before.size).toBeGreaterThan(20);
  for (const [path, fingerprint] of before) expect([path, after.get(path)]).toEqual([path, fingerprint]);
  const added = [...after.keys()].filter((path) => !before.has(path));
  const places = new Set(added.map((path) => path.split("/").slice(0, 2).join("/")));
  // New files are only in the folders for results, also behind links, and among the templates, where the missing ones were added.
  for (const place of places) {
    expect(place).toMatch(
      /^(pictures\/20\d\d-\d\d-\d\d|datasets\/photos|embeddings\/fresh\.pt|textual_inversion\/20\d\d-\d\d-\d\d|textual_inversion_templates\/\w+\.txt)$/,
    );
  }
});

async function buildFolder(): Promise<void> {
  const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  const png = writePngText(Uint8Array.from(picture), { keyword: PARAMETERS_KEYWORD, text: INFOTEXT });
  const old = await embedding("old");
  await link(`${CHECKPOINTS}/own.safetensors`, DEMO_CHECKPOINT_PATH);
  await mkdir(join(elsewhere, "checkpoints"));
  await symlink(DEMO_CHECKPOINT_PATH, join(elsewhere, "checkpoints", "mine.safetensors"));
  // A link to a parent folder must not be followed for ever.
  await symlink(join(dataDir, CHECKPOINTS), join(elsewhere, "checkpoints", "back"));
  await link(`${CHECKPOINTS}/linked`, join(elsewhere, "checkpoints"));
  await mkdir(join(elsewhere, "vaes"));
  await symlink(DEMO_CHECKPOINT_PATH, join(elsewhere, "vaes", "kl.safetensors"));
  await link("models/VAE", join(elsewhere, "vaes"));
  await mkdir(join(elsewhere, "pictures"));
  await link("outputs/txt2img-images", join(elsewhere, "pictures"));
  await put("outputs/txt2img-images/2023-05-01/00000-123.png", png);
  await put("outputs/txt2img-grids/2023-05-01/grid-0000.png", png);
  await put("models/ESRGAN/readme.txt", "nothing yet");
  await put("models/Lora/style.safetensors", "not ours to read");
  await put("models/hypernetworks/style.pt", "not ours to read");
  await put("embeddings/Place Textual Inversion embeddings here.txt", "");
  await put("embeddings/old.pt", old);
  await put("embeddings/people/nested.pt", await embedding("nested"));
  await put("textual_inversion/2023-05-01/old/embeddings/old-500.pt", old);
  await put("textual_inversion/2023-05-01/old/images/old-500.png", png);
  await put("textual_inversion/2023-05-01/old/image_embeddings/old-500.png", png);
  await put(
    "textual_inversion/2023-05-01/old/textual_inversion_loss.csv",
    "step,epoch,epoch_step,loss,learn_rate\n499,0,499,0.0712345,0.005\n",
  );
  await put("textual_inversion/2023-05-01/old/settings-2023-05-01-12-00-00.json", "{}");
  await put("textual_inversion_templates/subject.txt", "changed by its user, [name]\n");
  await put("textual_inversion_templates/hypernetwork.txt", "a photo of a [filewords]\n");
  await put("log/images/00000.png", png);
  await put("styles.csv", '\uFEFFname,prompt,negative_prompt\r\nOil,"oil painting of {prompt}",\r\n');
  await put("styles.csv.bak", "name,text\r\nOil,oil\r\n");
  await put(
    "config.json",
    JSON.stringify({
      samples_save: true,
      sd_model_checkpoint: "linked/mine.safetensors [28313ef462]",
      CLIP_stop_at_last_layers: 2,
      randn_source: "GPU",
    }),
  );
  await put("ui-config.json", "{}");
  await put("params.txt", INFOTEXT);
  await put("cache.json", '{"hashes": {}}');
  await put("webui-user.sh", "#!/bin/bash\n");
  await put("modules/shared.py", "# the program itself\n");
}

async function put(path: string, content: string | Uint8Array): Promise<void> {
  const file = join(dataDir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  await utimes(file, THEN, THEN);
}

async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(join(dataDir, path)), { recursive: true });
  await symlink(target, join(dataDir, path));
}

/** One vector with the width of the demo's text encoder. */
async function embedding(name: string): Promise<Uint8Array> {
  const vectors = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i) / 50);
  const facts = { step: 500, sdCheckpoint: undefined, sdCheckpointName: undefined };
  return writeTextualInversionPt({ name, vectors, count: 1, width: 128, ...facts });
}

/** A fingerprint of each file and link under the folders by its path, without `.lexeme`, which belongs to Lexeme. */
async function fingerprints(...folders: string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const name = relative(folder, path);
      if (entry.isDirectory() || name.startsWith(".lexeme/")) continue;
      const { mtimeMs, mode, size } = await lstat(path);
      const content = entry.isSymbolicLink()
        ? await readlink(path)
        : createHash("sha256")
            .update(await readFile(path))
            .digest("hex");
      found.set(name, `${content} ${size} ${mtimeMs} ${mode}`);
    }
  }
  return found;
}

async function get<T>(url: string): Promise<T> {
  return (await app.server.inject(url)).json<T>();
}

/** Queues a job and waits until it is done. */
async function run(request: { kind: JobRequest["kind"]; settings: object }): Promise<Job> {
  const answer = await app.server.inject({ method: "POST", url: "/api/jobs", payload: request });
  expect(answer).toMatchObject({ statusCode: 200 });
  const { id } = answer.json<Job>();
  const job = await waitFor(
    `the ${request.kind} job has ended`,
    async () => {
      const now = await get<Job>(`/api/jobs/${id}`);
      return now.finishedAt === null ? null : now;
    },
    150_000,
  );
  expect(job).toMatchObject({ state: "done", error: null });
  return job;
}
