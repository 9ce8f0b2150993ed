/** @file The notebook of an embedding, on the demo checkpoint's real vocabulary. */
import { NotebookSettingsSchema } from "@lexeme/domain/settings";
import { NotebookSchema, type Notebook } from "@lexeme/domain/notebook";
import { writeTextualInversionPt } from "@lexeme/formats";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openDemoWorld, writeWordEmbedding, type DemoWorld } from "../../test/demo-world.ts";
import { randomValues, REFERENCE_FOLDER, writeReferenceCheckpoint } from "../../test/reference-checkpoints.ts";
import { recordingPorts, type RecordingPorts } from "../testing.ts";
import { cosine, NearestWords } from "./nearest-words.ts";
import { makeNotebook } from "./notebook.ts";

/** Token of "cat" in CLIP's vocabulary. */
const CAT = 2368;
let world: DemoWorld;
let folder: string;

beforeAll(async () => void (world = await openDemoWorld()));
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = world.context.embeddingsDir;
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "sub"), { recursive: true });
});

async function notebook(some: object, ports: RecordingPorts = recordingPorts()): Promise<Notebook> {
  const settings = NotebookSettingsSchema.parse(some);
  const { artifacts } = await makeNotebook(settings, { ...ports, context: world.context });
  return NotebookSchema.parse(JSON.parse(await readFile(artifacts[0]!.path, "utf8")));
}

test("a vector of a word has that word as its nearest, with the same length and similarity 1", async () => {
  await writeWordEmbedding(join(folder, "zzpair.pt"), { name: "x", words: ["cat", "woman"] });
  const ports = recordingPorts();
  const { vectors, vocabulary, own } = await notebook({ embeddingName: "zzpair" }, ports);
  expect(vectors.map(({ nearest }) => nearest[0])).toEqual([
    { id: CAT, text: "cat", endsWord: true, similarity: expect.closeTo(1, 5) },
    { id: 2308, text: "woman", endsWord: true, similarity: expect.closeTo(1, 5) },
  ]);
  for (const { nearest } of vectors) {
    expect(nearest).toHaveLength(10);
    expect(nearest.map(({ similarity }) => similarity)).toEqual(
      nearest.map(({ similarity }) => similarity).toSorted((a, b) => b - a),
    );
  }
  expect(vocabulary.tokens).toBe(49408);
  expect(vocabulary.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(49408);
  const norms = vocabulary.percentiles.map(({ norm }) => norm);
  expect(norms).toEqual(norms.toSorted((a, b) => a - b));
  expect(own[0]![0]).toBeCloseTo(1, 6);
  expect(own[0]![1]).toBe(own[1]![0]);
  expect(ports.progress.at(-1)).toMatchObject({ phase: "comparing-vocabulary", step: 49408, steps: 49408 });
});

test("the other embeddings have its width and can be used in a prompt, the most similar first", async () => {
  await writeWordEmbedding(join(folder, "zza.pt"), { name: "x", words: ["cat"] });
  await writeWordEmbedding(join(folder, "zzb.pt"), { name: "x", words: ["dog", "cat"] });
  await writeWordEmbedding(join(folder, "sub/zzc.pt"), { name: "x", words: ["woman"] });
  const { others } = await notebook({ embeddingName: "zza" });
  expect(others.map(({ name }) => name)).toEqual(["zzb", "zzc"]);
  expect(others[0]).toMatchObject({ vectors: 2, closest: { own: 0, other: 1, similarity: expect.closeTo(1, 6) } });
});

test("of two embeddings with one name the path selects one; a missing name is an error", async () => {
  await writeWordEmbedding(join(folder, "zza.pt"), { name: "x", words: ["cat"] });
  await writeWordEmbedding(join(folder, "sub/zza.pt"), { name: "x", words: ["woman"] });
  const first = async (some: object) =>
    (await notebook({ embeddingName: "zza", ...some })).vectors[0]!.nearest[0]!.text;
  expect(await first({})).toBe("woman");
  expect(await first({ path: join(folder, "zza.pt") })).toBe("cat");
  await expect(notebook({ embeddingName: "none" })).rejects.toMatchObject({ code: "EMBEDDING_MISSING" });
});

test.each(["sd1-bf16", "sd1-ckpt", "sd1-diffusers", "sd2"])(
  "%s: the vocabulary is found whatever the container, precision and kind of checkpoint",
  async (name) => {
    const path = await writeReferenceCheckpoint(join(world.root, "checkpoints"), name);
    // The row of "cat", as the checkpoint's recipe makes it.
    const recipes = JSON.parse(await readFile(join(REFERENCE_FOLDER, "checkpoints.json"), "utf8"));
    const { seed, tensors } = recipes[name === "sd2" ? "sd2" : "sd1"];
    const number = tensors.findIndex(([key]: [string]) => key.endsWith("token_embedding.weight"));
    const [, [, width], scale, offset] = tensors[number];
    const start = CAT * width;
    const row = randomValues(start + width, { seed: recipes[name].seed ?? seed, number }).subarray(start);
    const vectors = Float32Array.from(row, (value) => value * scale + offset);
    const unknown = { sdCheckpoint: undefined, sdCheckpointName: undefined };
    const embedding = { name: "x", vectors, count: 1, width, step: 0, ...unknown };
    await writeFile(join(folder, "zzcat.pt"), writeTextualInversionPt(embedding));
    const settings = NotebookSettingsSchema.parse({ embeddingName: "zzcat" });
    const context = { ...world.context, checkpoint: { name, path, shortHash: null } };
    const { artifacts } = await makeNotebook(settings, { ...recordingPorts(), context });
    const { vectors: found } = NotebookSchema.parse(JSON.parse(await readFile(artifacts[0]!.path, "utf8")));
    expect(found[0]?.nearest[0]).toMatchObject({ id: CAT, text: "cat", similarity: expect.closeTo(1, 4) });
  },
);

test("a cancel ends the notebook between two blocks, and writes nothing", async () => {
  await writeWordEmbedding(join(folder, "zza.pt"), { name: "x", words: ["cat"] });
  const cancel = new AbortController();
  const ports = recordingPorts({ cancelled: cancel.signal });
  ports.onProgress = () => cancel.abort();
  const cache = join(world.context.cacheDir, "notebooks");
  await rm(cache, { recursive: true, force: true });
  await expect(notebook({ embeddingName: "zza" }, ports)).rejects.toMatchObject({ name: "AbortError" });
  expect(await readdir(cache).catch(() => [])).toEqual([]);
});

test("zero vectors are similar to nothing, and no similarity is NaN", () => {
  const zero = { vectors: new Float32Array(4), count: 2, width: 2 };
  const words = new NearestWords(zero, 3);
  words.add({ first: 0, rows: Float32Array.of(1, 0, 0, 0) });
  expect(words.nearest).toEqual([[], []]);
  expect(words.tokenNorms).toEqual([1, 0]);
  expect(cosine({ ...zero, row: 0 }, { ...zero, row: 1 })).toBe(0);
});
