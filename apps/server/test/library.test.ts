/** @file What the lists show and what changes them: checkpoints, embeddings, data sets, uploads, pictures, templates, tokens. */
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  bytesAccess,
  readSafetensorsHeader,
  readTextualInversion,
  TOKEN_EMBEDDING_KEY,
  writePngText,
  writeJpegInfotext,
  writeWebpInfotext,
} from "@lexeme/formats";
import { DEMO_CHECKPOINT_PATH, DEMO_PHOTOS_DIR } from "@lexeme/demo";
import { float16ToFloat32 } from "@lexeme/core";
import type { ServerEventBody } from "@lexeme/protocol";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
const events: ServerEventBody[] = [];

beforeAll(async () => {
  app = await testApp();
  app.services.events.listen((batch) => events.push(...batch.map(({ event }) => event)));
}, 120_000);
afterAll(() => app.end(), 30_000);

describe("checkpoints", () => {
  test("the demo is there, hashed in the background, and chosen while there is no other", async () => {
    const demo = await waitFor("the demo's hash", async () =>
      (await get("/api/checkpoints")).find((one: { shortHash: string | null }) => one.shortHash !== null),
    );
    expect(demo).toMatchObject({
      name: "demo-world.safetensors",
      family: "SD 1.x",
      precision: "fp16",
      resolution: { width: 128, height: 128 },
      textWidth: 128,
      shortHash: "28313ef462",
      unsupportedReason: null,
      isDemo: true,
    });
    expect(await get("/api/system")).toMatchObject({ checkpoint: "demo-world.safetensors", signedInAs: null });
  });

  test("what cannot be used says what it is; a file that appears is announced; one of the user's is preferred", async () => {
    const folder = app.services.folders.checkpoints;
    await writeFile(
      join(folder, "xl.safetensors"),
      safetensors({ "conditioner.embedders.0.x": [1], "model.diffusion_model.out.0.bias": [1] }),
    );
    await writeFile(join(folder, "page.safetensors"), "<!doctype html>Sign in to download");
    await writeFile(join(folder, "old.ckpt"), "PK");
    await mkdir(join(folder, "sub"), { recursive: true });
    await cp(DEMO_CHECKPOINT_PATH, join(folder, "sub/mine.safetensors"));
    await waitFor("an event", () =>
      events.some((event) => event.type === "library" && event.changed === "checkpoints"),
    );
    const all = await get("/api/checkpoints");
    const reasons = Object.fromEntries(
      all.map((one: { name: string; unsupportedReason: string | null }) => [one.name, one.unsupportedReason]),
    );
    expect(Object.keys(reasons)).toEqual([
      "sub/mine.safetensors",
      "demo-world.safetensors",
      "old.ckpt",
      "page.safetensors",
      "xl.safetensors",
    ]);
    expect(reasons["xl.safetensors"]).toContain("Stable Diffusion XL");
    expect(reasons["page.safetensors"]).toContain("not a safetensors file");
    expect(reasons["old.ckpt"]).toContain("neither as a zip nor as a pickle");
    expect(await get("/api/system")).toMatchObject({ checkpoint: "sub/mine.safetensors" });
    expect((await send("PUT", "/api/checkpoint", { name: "demo-world.safetensors" })).json()).toMatchObject({
      checkpoint: "demo-world.safetensors",
    });
    expect((await send("PUT", "/api/checkpoint", { name: "xl.safetensors" })).json()).toMatchObject({
      code: "CHECKPOINT_UNUSABLE",
    });
    expect((await send("PUT", "/api/checkpoint", { name: "none" })).statusCode).toBe(404);
  });
});

test("a diffusers folder is one checkpoint, and its files are none", async () => {
  const folder = join(app.services.folders.checkpoints, "parts");
  await mkdir(join(folder, "unet"), { recursive: true });
  await writeFile(join(folder, "model_index.json"), JSON.stringify({ _class_name: "StableDiffusionPipeline" }));
  await cp(DEMO_CHECKPOINT_PATH, join(folder, "unet/diffusion_pytorch_model.safetensors"));
  const found = (await get("/api/checkpoints")).filter(({ name }: { name: string }) => name.startsWith("parts"));
  expect(found).toMatchObject([
    { name: "parts", shortHash: null, unsupportedReason: expect.stringContaining('no weights in "vae"') },
  ]);
  expect(found[0].sizeBytes).toBeGreaterThan((await stat(DEMO_CHECKPOINT_PATH)).size);
  await rm(folder, { recursive: true });
});

describe("separate VAEs", () => {
  test("the one named after the checkpoint is taken, one beside it first; A1111's prefix match comes last", async () => {
    const { checkpoints: models, vaes: folder } = app.services.folders;
    await mkdir(folder, { recursive: true });
    const put = (path: string) => writeFile(path, "");
    await Promise.all(["a.vae.pt", "b.safetensors", "abc-2.ckpt", "shared.pt"].map((name) => put(join(folder, name))));
    await put(join(models, "a.vae.safetensors"));
    expect((await get("/api/vaes")).map(({ name }: { name: string }) => name)).toEqual([
      "a.vae.pt",
      "a.vae.safetensors",
      "abc-2.ckpt",
      "b.safetensors",
      "shared.pt",
    ]);
    expect(JSON.stringify(await get("/api/checkpoints"))).not.toContain("a.vae");
    const nameFor = async (setting: string, model: string) =>
      (await app.services.vaes.ref(setting, { path: join(models, model) }))?.name;
    expect(await nameFor("Automatic", "a.safetensors")).toBe("a.vae.safetensors");
    expect(await nameFor("Automatic", "b.ckpt")).toBe("b.safetensors");
    expect(await nameFor("Automatic", "abc.safetensors")).toBe("abc-2.ckpt");
    expect(await nameFor("Automatic", "other.safetensors")).toBeUndefined();
    expect(await nameFor("None", "a.safetensors")).toBeUndefined();
    expect(await nameFor("shared.pt", "a.safetensors")).toBe("shared.pt");
    const job = await send("POST", "/api/jobs", { kind: "txt2img", settings: { prompt: "a cat", vae: "gone.pt" } });
    expect(job.statusCode).toBe(404);
    expect(job.json()).toMatchObject({ code: "VAE_MISSING", details: { field: "vae" } });
  });
});

describe("embeddings", () => {
  test("the first vectors are the text's own rows of the checkpoint's table, stretched over the rows asked for", async () => {
    const [first, second] = loadClipTokenizer().encode("round face");
    const expected = [await tableRow(first!), await tableRow(first!), await tableRow(second!)];
    const created = await send("POST", "/api/embeddings", {
      name: "stretched",
      initText: "round face",
      numVectorsPerToken: 3,
    });
    // floor(i * 2 / 3) for i = 0, 1, 2
    expect(created.json()).toMatchObject({
      name: "stretched",
      format: "pt",
      vectors: 3,
      width: 128,
      step: 0,
      misfitReason: null,
    });
    const file = await readTextualInversion(bytesAccess(await readFile(created.json().path)));
    expect([...file.vectors]).toEqual(expected.flatMap((row) => [...row]));
  });

  test("an empty text gives zeros, one of spaces an error beside the field", async () => {
    await send("POST", "/api/embeddings", { name: "zeros", initText: "", fileFormat: "safetensors" });
    const file = await readTextualInversion(
      bytesAccess(await readFile(join(app.services.folders.embeddings, "zeros.safetensors"))),
    );
    expect(file.vectors).toEqual(new Float32Array(128));
    expect((await send("POST", "/api/embeddings", { name: "spaces", initText: "  " })).json()).toMatchObject({
      details: { field: "initText" },
    });
  });

  test("a name that is taken in any format or case, or is not allowed, says so beside the field", async () => {
    await send("POST", "/api/embeddings", { name: "taken", fileFormat: "safetensors" });
    const again = await send("POST", "/api/embeddings", { name: "Taken", fileFormat: "pt" });
    expect(again.statusCode).toBe(409);
    expect(again.json()).toMatchObject({ code: "EMBEDDING_EXISTS", details: { field: "name" } });
    const bad = await send("POST", "/api/embeddings", { name: "a/b" });
    expect(bad.statusCode).toBe(400);
    expect(bad.json()).toMatchObject({ code: "REQUEST_MALFORMED", details: { field: "name" } });
    expect((await send("POST", "/api/embeddings", { name: "x", numVectorsPerToken: 99 })).json()).toMatchObject({
      details: { field: "numVectorsPerToken" },
    });
  });

  test("overwriting replaces the file of the other format, which lies in the bin", async () => {
    await send("POST", "/api/embeddings", { name: "both", fileFormat: "safetensors" });
    await send("POST", "/api/embeddings", { name: "both", fileFormat: "pt", overwriteOld: true });
    const files = (await readdir(app.services.folders.embeddings)).filter((name) => name.startsWith("both"));
    expect(files).toEqual(["both.pt"]);
  });

  test("rename, delete, undo", async () => {
    await send("POST", "/api/embeddings", { name: "before" });
    const renamed = await send("POST", "/api/embeddings/before/rename", { name: "after" });
    expect(renamed.json()).toMatchObject({ name: "after" });
    expect((await send("POST", "/api/embeddings/after/rename", { name: "taken" })).statusCode).toBe(409);
    const { undoToken } = (await send("DELETE", "/api/embeddings/after")).json();
    expect(await names()).not.toContain("after");
    expect((await send("POST", "/api/undo", { undoToken })).statusCode).toBe(200);
    expect(await names()).toContain("after");
    expect((await send("POST", "/api/undo", { undoToken })).json()).toMatchObject({ code: "UNDO_EXPIRED" });
    expect((await send("DELETE", "/api/embeddings/none")).statusCode).toBe(404);
  });

  test("export converts, and leaves nothing beside the file", async () => {
    await send("POST", "/api/embeddings", { name: "export me", initText: "woman" });
    const response = await app.server.inject("/api/embeddings/export%20me/file?format=safetensors");
    expect(response.headers["content-disposition"]).toContain('filename="export me.safetensors"');
    const exported = await readTextualInversion(bytesAccess(new Uint8Array(response.rawPayload)));
    const own = await readTextualInversion(
      bytesAccess(await readFile(join(app.services.folders.embeddings, "export me.pt"))),
    );
    expect(exported.vectors).toEqual(own.vectors);
    expect((await readdir(app.services.folders.embeddings)).filter((name) => name.startsWith("export"))).toEqual([
      "export me.pt",
    ]);
  });

  test("one of another width and one that cannot be read carry the reason", async () => {
    const folder = app.services.folders.embeddings;
    await writeFile(join(folder, "wide.safetensors"), safetensors({ emb_params: [2, 768] }));
    await writeFile(join(folder, "broken.pt"), "nothing of the kind");
    const all = await get("/api/embeddings");
    const find = (name: string) => all.find((one: { name: string }) => one.name === name);
    expect(find("wide").misfitReason).toContain("768 wide");
    expect(find("broken").misfitReason).toMatch(/./);
    const job = {
      kind: "train-embedding",
      settings: { embeddingName: "wide", dataRoot: DEMO_PHOTOS_DIR, templateFilename: "subject.txt" },
    };
    expect((await send("POST", "/api/jobs", job)).json()).toMatchObject({
      code: "EMBEDDING_MISFIT",
      details: { field: "embeddingName" },
    });
  });

  test("a copy of a run becomes the embedding; the run is listed with its previews", async () => {
    await send("POST", "/api/embeddings", { name: "runner", initText: "man" });
    const run = join(app.services.folders.runs, "2026-11-24", "runner");
    await mkdir(join(run, "embeddings"), { recursive: true });
    await mkdir(join(run, "images"));
    const bytes = (await app.server.inject("/api/embeddings/stretched/file?format=pt")).rawPayload;
    await writeFile(join(run, "embeddings", "runner-200.pt"), bytes);
    await writeFile(join(run, "embeddings", "runner-50.pt"), bytes);
    await picture(join(run, "images", "runner-200.png"));
    const [listed] = await get("/api/runs?embedding=runner");
    expect(listed).toMatchObject({
      embeddingName: "runner",
      folder: run,
      copies: [{ step: 50 }, { step: 200 }],
      previews: [{ step: 200 }],
    });
    const used = await send("POST", "/api/embeddings/runner/use-copy", {
      path: join(run, "embeddings", "runner-200.pt"),
    });
    expect(used.json()).toMatchObject({
      name: "runner",
      vectors: 3,
      previewPath: join(run, "images", "runner-200.png"),
    });
  });

  async function names(): Promise<string[]> {
    return (await get("/api/embeddings")).map(({ name }: { name: string }) => name);
  }
});

describe("data sets", () => {
  test("pictures with captions in natural order, sizes upright, broken ones named", async () => {
    const folder = join(app.services.folders.datasets, "set");
    await mkdir(folder);
    await picture(join(folder, "10.png"));
    await picture(join(folder, "2-a red car.png"));
    await sharp({ create: { width: 30, height: 20, channels: 3, background: "blue" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(join(folder, "3.jpg"));
    await writeFile(join(folder, "4.png"), "not a picture");
    await writeFile(join(folder, "10.txt"), "written");
    const dataset = await get(`/api/dataset?path=${encodeURIComponent(folder)}`);
    expect(dataset.pictures).toMatchObject([
      { file: "2-a red car.png", caption: "a red car", hasCaptionFile: false },
      { file: "3.jpg", width: 20, height: 30 },
      { file: "10.png", caption: "written", hasCaptionFile: true },
    ]);
    expect(dataset.broken).toMatchObject([{ file: "4.png" }]);
  });

  test("a caption is saved beside its picture, whole", async () => {
    const folder = join(app.services.folders.datasets, "set");
    const saved = await send("PUT", "/api/dataset/caption", {
      path: join(folder, "10.png"),
      caption: "a blue square, 東京",
    });
    expect(saved.json()).toMatchObject({ caption: "a blue square, 東京", hasCaptionFile: true });
    expect(await readFile(join(folder, "10.txt"), "utf8")).toBe("a blue square, 東京");
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("the folder browser starts at the roots and goes up no further", async () => {
    const top = await get("/api/folders");
    expect(top).toMatchObject({ parent: null });
    expect(top.folders.map(({ name }: { name: string }) => name)).toContain("Demo photos");
    const datasets = await get(`/api/folders?path=${encodeURIComponent(app.services.folders.datasets)}`);
    expect(datasets.parent).toBeNull();
    expect(datasets.folders).toContainEqual({
      name: "set",
      path: join(app.services.folders.datasets, "set"),
      pictures: 4,
    });
  });

  test("an upload keeps pictures and captions, gives second names to doubles, and refuses the rest by name", async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "green" } })
      .png()
      .toBuffer();
    const response = await upload([
      ["../../a.png", png],
      ["A.png", png],
      ["a.txt", Buffer.from("a caption")],
      ["broken.jpg", Buffer.from("no picture")],
      ["run.exe", Buffer.from("MZ")],
    ]);
    expect(response.statusCode).toBe(200);
    const { path, pictures, refused } = response.json();
    expect(pictures).toBe(2);
    expect(refused.map(({ file }: { file: string }) => file)).toEqual(["broken.jpg", "run.exe"]);
    expect((await readdir(path)).toSorted()).toEqual(["A-2.png", "a.png", "a.txt"]);
    expect(path.startsWith(app.services.folders.uploads)).toBe(true);
  });

  test("too many files at once are refused as a whole", async () => {
    const before = await readdir(app.services.folders.uploads);
    const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: "green" } })
      .png()
      .toBuffer();
    const response = await upload(Array.from({ length: 501 }, (_, i): [string, Buffer] => [`${i}.png`, png]));
    expect(response.statusCode).toBe(413);
    expect(response.json().message).toContain("At most 500 files");
    expect(await readdir(app.services.folders.uploads)).toEqual(before);
  });

  test("an upload without a picture leaves no folder behind", async () => {
    const before = await readdir(app.services.folders.uploads);
    const response = await upload([["notes.pdf", Buffer.from("%PDF")]]);
    expect(response.json()).toMatchObject({ code: "UPLOAD_EMPTY", details: { field: "processSrc" } });
    expect(await readdir(app.services.folders.uploads)).toEqual(before);
  });

  test("a job's faults stand beside their fields", async () => {
    await send("POST", "/api/embeddings", { name: "fits" });
    const set = join(app.services.folders.datasets, "set");
    const empty = join(app.services.folders.datasets, "empty");
    await mkdir(empty);
    const training = { embeddingName: "fits", dataRoot: set, templateFilename: "subject.txt" };
    const cases: [string, object, string][] = [
      ["train-embedding", { ...training, learnRate: "5e-2:100, x" }, "learnRate"],
      ["train-embedding", { ...training, embeddingName: "nobody" }, "embeddingName"],
      ["train-embedding", { ...training, dataRoot: empty }, "dataRoot"],
      ["train-embedding", { ...training, dataRoot: "/etc" }, "dataRoot"],
      ["train-embedding", { ...training, templateFilename: "none.txt" }, "templateFilename"],
      ["train-embedding", { ...training, templateFilename: "nowhere.txt" }, "templateFilename"],
      ["train-embedding", { ...training, steps: 0 }, "steps"],
      ["train-embedding", { ...training, trainingWidth: 63 }, "trainingWidth"],
      ["train-embedding", { ...training, checkpoint: "none.safetensors" }, "checkpoint"],
      ["train-embedding", { ...training, resumeFrom: join(set, "10.png") }, "resumeFrom"],
      ["txt2img", { prompt: "(a:1.2.3)" }, "prompt"],
      ["txt2img", { prompt: "a", negativePrompt: "(a:.)" }, "negativePrompt"],
      ["txt2img", { prompt: "a", steps: 500 }, "steps"],
      ["preprocess", { processSrc: set, processDst: set }, "processDst"],
      ["preprocess", { processSrc: set, processDst: `${set}/../set/` }, "processDst"],
      ["preprocess", { processSrc: empty, processDst: set }, "processSrc"],
      ["preprocess", { processSrc: set, processDst: "/tmp" }, "processDst"],
    ];
    for (const [kind, settings, field] of cases) {
      const response = await send("POST", "/api/jobs", { kind, settings });
      expect({
        settings,
        status: response.statusCode >= 400 && response.statusCode < 500,
        field: response.json().details?.field,
      }).toEqual({ settings, status: true, field });
    }
    const rate = await send("POST", "/api/jobs", {
      kind: "train-embedding",
      settings: { ...training, learnRate: "5e-2:100, x" },
    });
    expect(rate.json().details.position).toBe(10);
  });
});

describe("pictures", () => {
  test("the gallery is newest first with infotext, in pages, and can be searched", async () => {
    const day = join(app.services.folders.outputs, "2026-11-24");
    await mkdir(day);
    for (let i = 0; i < 5; i++) {
      await picture(
        join(day, `0000${i}-7.png`),
        `a cat number ${i}\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 7, Size: 8x8`,
      );
      await new Promise((wake) => setTimeout(wake, 15));
    }
    app.services.gallery.changed();
    const first = await get("/api/images?limit=3");
    expect(first.more).toBe(true);
    expect(first.images.map(({ file }: { file: string }) => file)).toEqual([
      "00004-7.png",
      "00003-7.png",
      "00002-7.png",
    ]);
    expect(first.images[0]).toMatchObject({ day: "2026-11-24", width: 8, height: 8 });
    expect(first.images[0].infotext).toContain("a cat number 4");
    const rest = await get(`/api/images?limit=3&before=${first.images[2].createdAt}`);
    expect(rest).toMatchObject({ more: false, images: [{ file: "00001-7.png" }, { file: "00000-7.png" }] });
    expect((await get("/api/images?search=NUMBER%203")).images).toHaveLength(1);
    const { undoToken } = (await send("POST", "/api/images/delete", { path: first.images[0].path })).json();
    expect((await get("/api/images")).images).toHaveLength(4);
    await send("POST", "/api/undo", { undoToken });
    expect((await get("/api/images")).images).toHaveLength(5);
  });

  test("grids are in the gallery, and JPEG and WebP have their infotext there too", async () => {
    const day = join(app.services.folders.grids, "2026-11-25");
    await mkdir(day);
    const source = sharp({ create: { width: 16, height: 8, channels: 3, background: "red" } });
    const text = "a horse\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 7, Size: 8x8";
    await writeFile(join(day, "grid-0000.jpg"), writeJpegInfotext(await source.clone().jpeg().toBuffer(), text));
    const webp = writeWebpInfotext(await source.clone().webp().toBuffer(), { text, width: 16, height: 8 });
    await writeFile(join(day, "grid-0001.webp"), webp);
    app.services.gallery.changed();
    const { images } = await get("/api/images?search=horse");
    expect(images).toHaveLength(2);
    for (const image of images) {
      expect(image).toMatchObject({ day: "2026-11-25", width: 16, height: 8, infotext: text });
    }
  });

  test("a picture is sent once, a thumbnail made once", async () => {
    const path = join(DEMO_PHOTOS_DIR, "01.jpg");
    const query = { path, size: "64" };
    const small = await app.server.inject({ url: "/api/thumbnail", query });
    expect(small.headers).toMatchObject({ "content-type": "image/webp" });
    const { width, height } = await sharp(small.rawPayload).metadata();
    expect(Math.max(width, height)).toBe(64);
    const headers = { "if-none-match": String(small.headers["etag"]) };
    expect((await app.server.inject({ url: "/api/thumbnail", query, headers })).statusCode).toBe(304);
    const full = await app.server.inject({ url: "/api/file", query: { path } });
    expect(full.rawPayload.length).toBe((await stat(path)).size);
    expect(full.headers["content-type"]).toBe("image/jpeg");
  });
});

test("templates: the shipped ones are written once, and a user's own are listed", async () => {
  await writeFile(join(app.services.folders.templates, "mine.txt"), "a drawing of [name]\n");
  const templates = await get("/api/templates");
  expect(templates.map(({ filename }: { filename: string }) => filename)).toEqual(
    ["mine.txt", "none.txt", "style_filewords.txt", "style.txt", "subject_filewords.txt", "subject.txt"].toSorted(
      (a, b) => a.localeCompare(b, "en"),
    ),
  );
  expect(templates.find(({ filename }: { filename: string }) => filename === "none.txt").hasName).toBe(false);
});

test("tokens: embeddings count by their vectors, unbalanced brackets are hints", async () => {
  await send("POST", "/api/embeddings", { name: "my_embedding", numVectorsPerToken: 4 });
  const text = "A (((oil painting))) of [[[[[my_embedding]]]]] by (((Leonardo da Vinci))))";
  const tokenized = (await send("POST", "/api/tokenize", { text })).json();
  expect(tokenized).toMatchObject({ embeddings: ["my_embedding"], limit: 75 });
  // "A", "oil", "painting", "of", 4 vectors, "by", "leonardo", "da", "vinci", ")"
  expect(tokenized.used).toBe(13);
  expect(tokenized.hints).toMatchObject([{ position: text.length - 1 }]);
  expect((await send("POST", "/api/tokenize", { text: "(a:1.2.3)" })).json().hints).toHaveLength(1);
  expect(
    (await send("POST", "/api/tokenize", { text: "round face" }))
      .json()
      .tokens.map((token: { text: string }) => token.text),
  ).toEqual(["round", "face"]);
});

test("a prompt that changes over time counts by its longest text, and finds embeddings in any of them", async () => {
  const text = "a [cat:big [blue|my_embedding] dog:0.5] AND tree:0.5 # not (this:1.2.3)";
  const tokenized = (await send("POST", "/api/tokenize", { text })).json();
  // "a", "big", 4 vectors, "dog"
  expect(tokenized).toMatchObject({ used: 7, limit: 75, embeddings: ["my_embedding"], hints: [] });
  const network = (await send("POST", "/api/tokenize", { text: "cat <lora:style:0.8>" })).json();
  expect(network).toMatchObject({
    used: 1,
    hints: [{ position: 4, message: expect.stringContaining("<lora:style>") }],
  });
  const large = await send("POST", "/api/tokenize", { text: `[${"a|".repeat(40_000)}b]` });
  expect(large.statusCode).toBe(200);
});

// eslint-disable-next-line typescript/no-explicit-any -- answers are looked at piece by piece.
async function get(url: string): Promise<any> {
  const response = await app.server.inject(url);
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode} ${response.body}`);
  return response.json();
}

function send(method: "POST" | "PUT" | "DELETE", url: string, payload?: object) {
  return app.server.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
}

function upload(files: [name: string, content: Buffer][]) {
  const boundary = "----pictures";
  const parts = files.flatMap(([name, content]) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="pictures"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    ),
    content,
    Buffer.from("\r\n"),
  ]);
  const payload = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
  return app.server.inject({
    method: "POST",
    url: "/api/uploads",
    payload,
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
  });
}

async function picture(path: string, infotext?: string): Promise<void> {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  await writeFile(path, infotext === undefined ? png : writePngText(png, { keyword: "parameters", text: infotext }));
}

/** A safetensors file of float32 zeros. */
function safetensors(shapes: Record<string, number[]>): Buffer {
  let at = 0;
  const entries = Object.entries(shapes).map(([key, shape]) => {
    const begin = at;
    at += shape.reduce((a, b) => a * b, 4);
    return [key, { dtype: "F32", shape, data_offsets: [begin, at] }];
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(at)]);
}

async function tableRow(id: number): Promise<Float32Array> {
  const bytes = await readFile(DEMO_CHECKPOINT_PATH);
  const table = (await readSafetensorsHeader(bytesAccess(bytes))).tensors.get(TOKEN_EMBEDDING_KEY)!;
  const row = new Uint8Array(bytes.subarray(table.offset + id * 256, table.offset + (id + 1) * 256));
  return float16ToFloat32(new Uint16Array(row.buffer));
}
