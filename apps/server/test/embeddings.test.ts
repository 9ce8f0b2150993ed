/** @file The embeddings folder over HTTP: pictures, collections, names that collide, sharing, merging, pruning, notebooks, and changes in the folder. */
import { cp, mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import {
  bytesAccess,
  readEmbeddingPicture,
  readTextualInversion,
  writeTextualInversionPt,
  writeTextualInversionSafetensors,
} from "@lexeme/formats";
import type { Notebook } from "@lexeme/domain/notebook";
import type { Embedding, Job, ServerEventBody } from "@lexeme/protocol";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { workerLaunch } from "../src/worker-launch.ts";
import { safetensorsOfZeros } from "./sample-files.ts";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

const FIXTURES = fileURLToPath(new URL("../../../packages/formats/src/fixtures/", import.meta.url));
let app: TestApp;
let folder: string;
const events: ServerEventBody[] = [];

beforeAll(async () => {
  app = await testApp({ worker: workerLaunch() });
  folder = app.services.folders.embeddings;
  app.services.events.listen((batch) => events.push(...batch.map(({ event }) => event)));
}, 120_000);
afterAll(() => app.end(), 30_000);
beforeEach(async () => {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
});

/** An embedding of the demo's width; all values of a vector are the same. */
async function write(file: string, values: readonly number[], facts: object = {}): Promise<string> {
  const vectors = Float32Array.from({ length: values.length * 128 }, (_, i) => values[Math.floor(i / 128)]!);
  const unknown = { sdCheckpoint: undefined, sdCheckpointName: undefined };
  const embedding = { vectors, count: values.length, width: 128, step: 0, name: "inner", ...unknown, ...facts };
  const path = join(folder, file);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(
    path,
    file.endsWith(".pt") ? writeTextualInversionPt(embedding) : writeTextualInversionSafetensors(embedding),
  );
  return path;
}

describe("the list", () => {
  test("shows sub-folder, steps, checkpoint and hash, and a picture beside the file as the preview", async () => {
    await write("people/mira.pt", [1, 2], { step: 1200, sdCheckpoint: "6ce0161689", sdCheckpointName: "v1-5" });
    await cp(join(FIXTURES, "pictures/photo.png"), join(folder, "people/mira.preview.png"));
    expect(await list()).toMatchObject([
      {
        name: "mira",
        folder: "people",
        key: null,
        format: "pt",
        vectors: 2,
        width: 128,
        step: 1200,
        checkpointName: "v1-5",
        checkpointHash: "6ce0161689",
        shortHash: expect.stringMatching(/^[0-9a-f]{12}$/),
        misfitReason: null,
        collision: null,
        previewPath: join(folder, "people/mira.preview.png"),
      },
    ]);
  });

  test("a picture is its own preview, all embeddings of a file are listed, and an unusable embedding has the reason", async () => {
    await cp(join(FIXTURES, "pictures/text.png"), join(folder, "shared.png"));
    await cp(join(FIXTURES, "pictures/broken-pixels.png"), join(folder, "sent.png"));
    await cp(join(FIXTURES, "pictures/photo.png"), join(folder, "holiday.png"));
    await cp(join(FIXTURES, "collection.bin"), join(folder, "animals.bin"));
    await cp(join(FIXTURES, "sdxl.safetensors"), join(folder, "xl.safetensors"));
    await writeFile(join(folder, "junk.pt"), "only words, no vectors");
    await writeFile(join(folder, "empty.pt"), "");
    const shown = (await list()).map(({ name, key, format, misfitReason }) => [name, key, format, misfitReason]);
    expect(shown).toEqual([
      ["animals-cat", "<cat>", "bin", expect.stringContaining("8 wide")],
      ["animals-dog", "<dog>", "bin", expect.stringContaining("8 wide")],
      ["by-text-499", null, "png", expect.stringContaining("8 wide")],
      ["junk", null, "pt", expect.stringContaining("neither a file that torch wrote nor a safetensors file")],
      ["sent", null, "png", expect.stringContaining("changed, for example")],
      ["xl", null, "safetensors", expect.stringContaining("Stable Diffusion XL")],
    ]);
    expect((await list()).find(({ name }) => name === "by-text-499")?.previewPath).toBe(join(folder, "shared.png"));
  });

  test("every embedding of a file with several has a name that calls it in a prompt", async () => {
    const keys = [
      "<cat>",
      "cat",
      "Cat",
      "a(b:1.2)|c, d",
      "BREAK",
      "a AND b",
      "\u{1F600}",
      "\u{1F680}",
      "two  spaces",
      "हिन्दी",
    ];
    const tensors = Object.fromEntries(keys.map((key) => [key, [1, 128]]));
    await writeFile(join(folder, "my (pack) [2].safetensors"), safetensorsOfZeros(tensors));
    const listed = await list();
    expect(new Set(listed.map(({ key }) => key))).toEqual(new Set(keys));
    expect(new Set(listed.map(({ name }) => name.toLowerCase())).size).toBe(keys.length);
    for (const { name, misfitReason, collision } of listed) {
      expect([name, misfitReason, collision]).toEqual([name, null, null]);
      const payload = { text: `a photo of ${name} with a hat, [((red))]` };
      const answer = await app.server.inject({ method: "POST", url: "/api/tokenize", payload });
      expect(answer.json().embeddings).toEqual([name]);
    }
  });

  test("a file of many tensors is one line that says what the file is", async () => {
    const lora = Array.from({ length: 132 }, (_, i) => [
      [`lora_unet_down_blocks_${i}_attn.lora_down.weight`, [4, 128]],
      [`lora_unet_down_blocks_${i}_attn.alpha`, []],
    ]).flat();
    const vae = { "encoder.conv_in.weight": [4, 3, 3, 3], "decoder.conv_in.bias": [4], "quant_conv.bias": [8] };
    await writeFile(join(folder, "style.safetensors"), safetensorsOfZeros(Object.fromEntries(lora)));
    await writeFile(join(folder, "vae.safetensors"), safetensorsOfZeros(vae));
    const shown = (await list()).map(({ name, misfitReason }) => [name, misfitReason]);
    expect(shown).toEqual([
      ["style", "Cannot read this embedding: it is a LoRA, which is no embedding"],
      ["vae", 'Cannot read this embedding: it is a VAE, which belongs in "models/VAE"'],
    ]);
  });

  test("if names collide, ignoring case, the last loaded embedding is used and all are marked; an embedding that does not fit causes no collision", async () => {
    await write("mira.pt", [1]);
    await write("sub/mira.safetensors", [2, 3]);
    await write("Alone.pt", [1]);
    await write("alone.safetensors", [4]);
    await write("wide.pt", [1]);
    await writeFile(join(folder, "wide.safetensors"), await readFile(join(FIXTURES, "emb_params.safetensors")));
    const shown = (await list()).map(({ path, collision }) => [path.slice(folder.length + 1), collision]);
    expect(Object.fromEntries(shown)).toEqual({
      "Alone.pt": { isUsed: true, others: ["alone.safetensors"] },
      "alone.safetensors": { isUsed: false, others: ["Alone.pt"] },
      "mira.pt": { isUsed: false, others: ["sub/mira.safetensors"] },
      "sub/mira.safetensors": { isUsed: true, others: ["mira.pt"] },
      "wide.pt": null,
      "wide.safetensors": null,
    });
    // The token counter counts the used embedding: two vectors of "sub/mira".
    const { used } = (await send("POST", "/api/tokenize", { text: "mira" })).json<{ used: number }>();
    expect(used).toBe(2);
  });

  test("follows changes in the folder: a file is added, overwritten in place in a sub-folder, and removed", async () => {
    const told = async (what: string, change: () => Promise<unknown>) => {
      events.length = 0;
      await change();
      await waitFor(what, () => events.some((event) => event.type === "library" && event.changed === "embeddings"));
      return (await list()).map(({ vectors }) => vectors);
    };
    const deep = "a/b/c/d/deep.pt";
    expect(await told("the new file", () => write(deep, [1]))).toEqual([1]);
    const overwrite = async () => {
      await write(deep, [1, 2]);
      await utimes(join(folder, deep), new Date(), new Date(Date.now() + 2000));
    };
    expect(await told("the overwritten file", overwrite)).toEqual([2]);
    expect(await told("the removed file", () => rm(join(folder, deep)))).toEqual([]);
  });
});

describe("an embedding whose name several files have", () => {
  test("is deleted and renamed by its path, and the other file stays", async () => {
    const path = await write("mira.pt", [1]);
    await write("sub/mira.pt", [2]);
    const renamed = await send("POST", "/api/embeddings/mira/rename", { name: "lena", path });
    expect(renamed.json()).toMatchObject({ name: "lena", path: join(folder, "lena.pt") });
    await send("POST", "/api/embeddings/lena/rename", { name: "mira", path: join(folder, "lena.pt") });
    expect((await list()).map(({ name }) => name)).toEqual(["lena", "mira"]);
    await write("mira.pt", [3]);
    await send("DELETE", `/api/embeddings/mira?path=${encodeURIComponent(path)}`);
    expect((await list()).map((one) => one.path)).toContain(join(folder, "sub/mira.pt"));
    expect((await list()).map((one) => one.path)).not.toContain(path);
    expect((await send("DELETE", "/api/embeddings/mira?path=%2Fetc%2Fpasswd")).statusCode).toBe(404);
  });

  test("a word inside a picture or in a file with several cannot be renamed there, and the error says what to do", async () => {
    await cp(join(FIXTURES, "pictures/text.png"), join(folder, "shared.png"));
    await cp(join(FIXTURES, "collection.bin"), join(folder, "animals.bin"));
    for (const name of ["by-text-499", "animals-cat"]) {
      const answer = await send("POST", `/api/embeddings/${name}/rename`, { name: "new" });
      expect(answer.statusCode).toBe(409);
      expect(answer.json()).toMatchObject({ code: "EMBEDDING_NOT_RENAMABLE", details: { field: "name" } });
    }
    expect((await send("POST", "/api/embeddings", { name: "animals-cat", overwriteOld: true })).statusCode).toBe(409);
  });
});

test("a run's copy replaces the embedding in its folder; a picture and a file with other words stay", async () => {
  const run = join(app.services.folders.runs, "2026-11-24", "mira", "embeddings");
  await mkdir(run, { recursive: true });
  const copy = join(run, "mira-9.pt");
  await cp(await write("copy.pt", [7, 8]), copy);
  const use = (name: string) => send("POST", `/api/embeddings/${name}/use-copy`, { path: copy });
  await write("sub/mira.safetensors", [1]);
  expect((await use("mira")).json()).toMatchObject({ path: join(folder, "sub/mira.pt"), vectors: 2 });
  expect(await readdir(join(folder, "sub"))).toEqual(["mira.pt"]);

  await rm(join(folder, "copy.pt"));
  await writeFile(
    join(folder, "shown.png"),
    (await app.server.inject("/api/embeddings/mira/file?format=png")).rawPayload,
  );
  await rm(join(folder, "sub"), { recursive: true });
  await cp(join(FIXTURES, "collection.bin"), join(folder, "animals.bin"));
  expect((await use("mira")).json()).toMatchObject({ path: join(folder, "mira.pt"), collision: { isUsed: true } });
  expect((await use("animals-cat")).json()).toMatchObject({ path: join(folder, "animals-cat.pt") });
  expect((await readdir(folder)).toSorted()).toEqual(["animals-cat.pt", "animals.bin", "mira.pt", "shown.png"]);
});

describe("sharing", () => {
  test("a PNG of a chosen picture has the embedding in text and pixels; a file is converted to any format", async () => {
    await write("mira.safetensors", [0.25, -1], { step: 300, sdCheckpointName: "v1-5" });
    const picture = encodeURIComponent(join(DEMO_PHOTOS_DIR, "01.jpg"));
    const answer = await app.server.inject(`/api/embeddings/mira/file?format=png&picture=${picture}`);
    expect(answer.headers["content-type"]).toBe("image/png");
    expect(answer.headers["content-disposition"]).toContain('filename="mira.png"');
    const stripped = new Uint8Array(await sharp(answer.rawPayload).png().toBuffer());
    for (const bytes of [new Uint8Array(answer.rawPayload), stripped]) {
      const decode = async () => {
        const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
        return { width: info.width, height: info.height, rgb: data };
      };
      const found = await readEmbeddingPicture(bytes, { decode, pause: async () => undefined });
      expect(found?.name).toBe("mira");
      expect(await found!.words[0]!.read()).toMatchObject({ count: 2, step: 300, sdCheckpointName: "v1-5" });
    }
    // In the folder the picture is the same word; downloaded as a PNG it stays a picture.
    await writeFile(join(folder, "downloaded.png"), answer.rawPayload);
    const [one] = (await list()).filter(({ format }) => format === "png");
    expect(one).toMatchObject({ name: "mira", vectors: 2, collision: { isUsed: false, others: ["mira.safetensors"] } });
    const path = encodeURIComponent(one!.path);
    const again = await app.server.inject(`/api/embeddings/mira/file?format=png&path=${path}`);
    expect(again.rawPayload.equals(answer.rawPayload)).toBe(true);
    const pt = await app.server.inject(`/api/embeddings/mira/file?format=pt&path=${path}`);
    const { vectors } = await readTextualInversion(bytesAccess(new Uint8Array(pt.rawPayload)));
    expect([vectors[0], vectors[128]]).toEqual([0.25, -1]);
  });

  test("a picture outside the roots and a file that is not a picture are refused, and without a picture there is a plain card", async () => {
    await write("mira.pt", [1]);
    const share = (more: string) => app.server.inject(`/api/embeddings/mira/file?format=png${more}`);
    expect((await share("&picture=%2Fetc%2Fhosts")).json()).toMatchObject({ code: "PATH_OUTSIDE" });
    const notOne = encodeURIComponent(join(folder, "mira.pt"));
    expect((await share(`&picture=${notOne}`)).json()).toMatchObject({ code: "NOT_A_PICTURE" });
    expect((await sharp((await share("")).rawPayload).metadata()).width).toBeGreaterThan(512);
  });
});

describe("making new embeddings from others", () => {
  const merge = (body: object) => send("POST", "/api/embeddings/merge", { name: "both", ...body });
  const parts = (...weights: number[]) => weights.map((weight, i) => ({ name: i === 0 ? "a" : "b", weight }));
  const valuesOf = async (file: string) => {
    const { vectors } = await readTextualInversion(bytesAccess(new Uint8Array(await readFile(join(folder, file)))));
    return Array.from({ length: vectors.length / 128 }, (_, row) => vectors[row * 128]);
  };

  test("average, weighted sum and concatenation", async () => {
    const facts = { sdCheckpointName: "v1-5", step: 100 };
    await write("a.pt", [1, 3], facts);
    await write("b.pt", [2, -1], facts);
    expect((await merge({ parts: parts(1, 1) })).json()).toMatchObject({ vectors: 2, step: 0, checkpointName: "v1-5" });
    expect(await valuesOf("both.pt")).toEqual([1.5, 1]);
    await merge({ parts: parts(0.5, -2), method: "weighted", overwriteOld: true });
    expect(await valuesOf("both.pt")).toEqual([-3.5, 3.5]);
    await merge({ parts: parts(1, 1), method: "concatenate", overwriteOld: true, fileFormat: "safetensors" });
    expect(await valuesOf("both.safetensors")).toEqual([1, 3, 2, -1]);
    expect((await readdir(folder)).toSorted()).toEqual(["a.pt", "b.pt", "both.safetensors"]);
  });

  test("embeddings that do not fit together, or that would replace a file unasked, are refused beside their field", async () => {
    await write("a.pt", [1, 2]);
    await write("b.pt", [1]);
    expect((await merge({ parts: parts(1, 1) })).json()).toMatchObject({
      code: "EMBEDDING_MISFIT",
      message: expect.stringContaining('"b" has 1 vectors and "a" 2'),
      details: { field: "parts" },
    });
    expect((await merge({ name: "b", parts: parts(1, 1), method: "concatenate" })).json()).toMatchObject({
      code: "EMBEDDING_EXISTS",
    });
    expect((await merge({ parts: parts(1) })).statusCode).toBe(400);
    expect((await merge({ parts: [{ name: "a" }, { name: "none" }] })).statusCode).toBe(404);
    await write(
      "long.pt",
      Array.from({ length: 75 }, () => 1),
    );
    const tooLong = await merge({ parts: [{ name: "a" }, { name: "long" }], method: "concatenate" });
    expect(tooLong.json()).toMatchObject({ message: expect.stringContaining("77 vectors") });
  });

  test("prune keeps the requested vectors in that order, with the embedding's facts", async () => {
    await write("a.pt", [1, 2, 3], { step: 500, sdCheckpointName: "v1-5" });
    const prune = (body: object) => send("POST", "/api/embeddings/a/prune", { name: "fewer", ...body });
    expect((await prune({ keep: [2, 0] })).json()).toMatchObject({ vectors: 2, step: 500, checkpointName: "v1-5" });
    expect(await valuesOf("fewer.pt")).toEqual([3, 1]);
    expect((await prune({ keep: [0] })).json()).toMatchObject({ code: "EMBEDDING_EXISTS" });
    expect((await prune({ name: "other", keep: [3] })).json()).toMatchObject({ details: { field: "keep" } });
    expect((await prune({ name: "other", keep: [] })).statusCode).toBe(400);
  });
});

test("a notebook is a job in the lane of pictures, and its answer is fetched by the job's id", async () => {
  await send("POST", "/api/embeddings", { name: "zzcat", initText: "cat" });
  const settings = { embeddingName: "zzcat" };
  const { id } = (await send("POST", "/api/jobs", { kind: "notebook", settings })).json<Job>();
  const job = await waitFor(
    "the notebook",
    async () => {
      const one = (await app.server.inject(`/api/jobs/${id}`)).json<Job>();
      return one.finishedAt === null ? undefined : one;
    },
    30_000,
  );
  expect(job).toMatchObject({ state: "done", lane: "pictures", title: 'Notebook of "zzcat"' });
  const notebook = (await app.server.inject(`/api/jobs/${id}/notebook`)).json<Notebook>();
  expect(notebook.vectors[0]?.nearest[0]).toMatchObject({ text: "cat", similarity: expect.closeTo(1, 5) });
  const missing = { kind: "notebook", settings: { embeddingName: "none" } };
  expect((await send("POST", "/api/jobs", missing)).json()).toMatchObject({ code: "EMBEDDING_MISSING" });
}, 60_000);

async function list(): Promise<Embedding[]> {
  return (await app.server.inject("/api/embeddings")).json<Embedding[]>();
}

function send(method: "POST" | "DELETE", url: string, payload?: object) {
  return app.server.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
}
