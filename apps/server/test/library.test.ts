/** @file The lists and their changes: checkpoints, VAEs, pictures, templates, tokens. */
import { cp, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeJpegInfotext, writeWebpInfotext } from "@lexeme/formats";
import { DEMO_CHECKPOINT_PATH, DEMO_PHOTOS_DIR } from "@lexeme/demo";
import type { ServerEventBody } from "@lexeme/protocol";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestsTo } from "./requests.ts";
import { safetensorsOfZeros, writePicture } from "./sample-files.ts";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
const events: ServerEventBody[] = [];

beforeAll(async () => {
  app = await testApp();
  app.services.events.listen((batch) => events.push(...batch.map(({ event }) => event)));
}, 120_000);
afterAll(() => app.end(), 30_000);
const { get, send } = requestsTo(() => app);

describe("checkpoints", () => {
  test("the demo is listed, hashed in the background, and chosen while there is no other checkpoint", async () => {
    const demo = await waitFor("the demo's hash", async () =>
      (await get("/api/checkpoints")).find((one: { shortHash: string | null }) => one.shortHash !== null),
    );
    expect(demo).toMatchObject({
      name: "demo-world.safetensors",
      family: "sd1",
      precision: "fp16",
      resolution: { width: 128, height: 128 },
      textWidth: 128,
      shortHash: "28313ef462",
      unsupportedReason: null,
      isDemo: true,
    });
    expect(await get("/api/system")).toMatchObject({ checkpoint: "demo-world.safetensors", signedInAs: null });
  });

  test("an unusable file has the reason; a new file is announced; a file of the user is preferred", async () => {
    const folder = app.services.folders.checkpoints;
    await writeFile(
      join(folder, "xl.safetensors"),
      safetensorsOfZeros({ "conditioner.embedders.0.x": [1], "model.diffusion_model.out.0.bias": [1] }),
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

  test("a chosen checkpoint that is removed is named until another is chosen, and the next one is used as in A1111", async () => {
    const file = join(app.services.folders.checkpoints, "removed.safetensors");
    await cp(DEMO_CHECKPOINT_PATH, file);
    await send("PUT", "/api/checkpoint", { name: "removed.safetensors" });
    expect(await get("/api/system")).toMatchObject({ checkpoint: "removed.safetensors", missingCheckpoint: null });
    await rm(file);
    const { checkpoint, missingCheckpoint } = await get("/api/system");
    expect(missingCheckpoint).toBe("removed.safetensors");
    expect(checkpoint).toBe("sub/mine.safetensors");
    await send("PUT", "/api/checkpoint", { name: checkpoint });
    expect(await get("/api/system")).toMatchObject({ checkpoint, missingCheckpoint: null });
    await send("PUT", "/api/checkpoint", { name: "demo-world.safetensors" });
  });
});

test("a diffusers folder is one checkpoint, and its files are not checkpoints", async () => {
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
  test("a VAE named after the checkpoint is used, first a VAE beside it; A1111's prefix match comes last", async () => {
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

describe("pictures", () => {
  test("the gallery is newest first with infotext, in pages, and can be searched", async () => {
    const day = join(app.services.folders.outputs, "2026-11-24");
    await mkdir(day);
    for (let i = 0; i < 5; i++) {
      await writePicture(
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

  test("grids are in the gallery, and JPEG and WebP pictures show their infotext there too", async () => {
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

  test("a large picture's smaller JPEG is not a second picture, and is deleted and restored with it", async () => {
    const day = join(app.services.folders.outputs, "2026-11-26");
    await mkdir(day);
    const text = "a zebra\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 7, Size: 8x8";
    await writePicture(join(day, "00000-7.png"), text);
    const jpeg = async (infotext: string) =>
      writeJpegInfotext(
        await sharp({ create: { width: 4, height: 4, channels: 3, background: "red" } })
          .jpeg()
          .toBuffer(),
        infotext,
      );
    await writeFile(join(day, "00000-7.jpg"), await jpeg(text));
    await writeFile(join(day, "00000-7.txt"), `${text}\n`);
    await writePicture(join(day, "another.png"), text);
    await writeFile(join(day, "another.jpg"), await jpeg(text.replace("zebra", "zebra, sitting")));
    await writeFile(join(day, "another.txt"), "a caption");
    app.services.gallery.changed();
    const { images } = await get("/api/images?search=zebra");
    expect(images.map(({ file }: { file: string }) => file).toSorted()).toEqual([
      "00000-7.png",
      "another.jpg",
      "another.png",
    ]);
    const { undoToken } = (await send("POST", "/api/images/delete", { path: join(day, "00000-7.png") })).json();
    await send("POST", "/api/images/delete", { path: join(day, "another.png") });
    expect((await readdir(day)).toSorted()).toEqual(["another.jpg", "another.txt"]);
    await send("POST", "/api/undo", { undoToken });
    expect(await readdir(day)).toHaveLength(5);
    await rm(day, { recursive: true });
  });

  test("a picture is sent once, a thumbnail is made once", async () => {
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

test("a name that is longer than any file's is a missing file to every route that reads one", async () => {
  const path = join(app.services.folders.outputs, `${"a".repeat(300)}.png`);
  const asked = [
    await app.server.inject({ url: "/api/file", query: { path } }),
    await app.server.inject({ url: "/api/thumbnail", query: { path, size: "64" } }),
    await app.server.inject({ url: "/api/dataset", query: { path } }),
    await send("POST", "/api/images/delete", { path }),
  ];
  expect(asked.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404]);
});

test("templates: the shipped templates are written once, and a user's own templates are listed", async () => {
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
