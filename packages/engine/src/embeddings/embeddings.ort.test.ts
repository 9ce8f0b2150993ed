/** @file Embeddings on the demo world: calling them in prompts, starting a training from them, and the files of a training. */
import { readEmbeddingPicture } from "@lexeme/formats";
import { writeEmbeddingCard } from "@lexeme/formats/node";
import { TrainSettingsSchema } from "@lexeme/domain/settings";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openDemoWorld, writeWordEmbedding, type DemoWorld } from "../../test/demo-world.ts";
import { openEngine, type Engine } from "../engine.ts";
import { loadPromptEmbeddings } from "../prompt/prompt-embeddings.ts";
import { recordingPorts } from "../testing.ts";

let world: DemoWorld;
let engine: Engine;
let folder: string;

beforeAll(async () => {
  world = await openDemoWorld();
  engine = await openEngine({ lane: "device", device: "cpu", threads: 2, selfTestCheckpoint: "" });
  folder = world.context.embeddingsDir;
});
afterAll(async () => {
  await engine.dispose();
  await world[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "sub"), { recursive: true });
});

const textWidth = 128;
const call = (prompt: string) =>
  loadPromptEmbeddings([prompt], { tokenizer: loadClipTokenizer(), folder, textWidth, modelName: "demo-world" });

/** A shared picture that carries `words` under `name`. */
async function writePicture(path: string, { name, words }: { name: string; words: readonly string[] }) {
  const vectors = await writeWordEmbedding(join(world.root, "unused.pt"), { name, words });
  const facts = {
    count: words.length,
    width: textWidth,
    step: 0,
    sdCheckpoint: undefined,
    sdCheckpointName: undefined,
  };
  await writeFile(path, await writeEmbeddingCard(undefined, { ...facts, vectors, name }));
  return vectors;
}

test("a picture is called by the name inside it, and its vectors are put into the prompt", async () => {
  const vectors = await writePicture(join(folder, "holiday.png"), { name: "zzgreen", words: ["green", "face"] });
  const { rows, warnings } = await call("a photo of zzgreen and holiday");
  expect([...rows.keys()]).toEqual(["zzgreen"]);
  expect(rows.get("zzgreen")).toEqual(vectors);
  expect(warnings).toEqual([]);
});

test("of two embeddings with one name the last loaded is used, and its hash is written to the infotext", async () => {
  await writeWordEmbedding(join(folder, "zzmira.pt"), { name: "x", words: ["woman"] });
  const vectors = await writeWordEmbedding(join(folder, "sub/zzmira.safetensors"), { name: "x", words: ["man"] });
  const { rows, hashes } = await call("(zzmira:1.2)");
  expect(rows.get("zzmira")).toEqual(vectors);
  expect(hashes.get("zzmira")).toMatch(/^[0-9a-f]{12}$/);
});

test("an embedding of another width with the same name is ignored; alone it is named and left out", async () => {
  const wide = { name: "zzmira", vectors: new Float32Array(768).fill(1), count: 1, width: 768, step: 0 };
  const bytes = await writeEmbeddingCard(undefined, { ...wide, sdCheckpoint: undefined, sdCheckpointName: undefined });
  await writeFile(join(folder, "sub/wide.png"), bytes);
  expect(await call("zzmira")).toMatchObject({ rows: new Map(), warnings: [expect.stringContaining("768 wide")] });
  const vectors = await writeWordEmbedding(join(folder, "zzmira.pt"), { name: "x", words: ["woman"] });
  const { rows, warnings } = await call("zzmira");
  expect([rows.get("zzmira"), warnings]).toEqual([vectors, []]);
});

test("a training that starts from a picture writes its own file, leaves the picture, and saves previews that carry its copies", async () => {
  await writePicture(join(folder, "shared.png"), { name: "zzgreen", words: ["green"] });
  const before = await readFile(join(folder, "shared.png"));
  const few = join(world.root, "few");
  await mkdir(few, { recursive: true });
  for (const file of (await readdir(world.dataRoot)).filter((name) => name.endsWith(".png")).slice(0, 2))
    await cp(join(world.dataRoot, file), join(few, file));
  const settings = TrainSettingsSchema.parse({
    embeddingName: "zzgreen",
    learnRate: "5e-2",
    dataRoot: few,
    templateFilename: "subject.txt",
    trainingWidth: 64,
    trainingHeight: 64,
    steps: 6,
    saveEmbeddingEvery: 4,
    createImageEvery: 2,
    previewSteps: 2,
    seed: 1,
  });
  const { folder: run = "", warnings } = await engine.run(
    { kind: "train-embedding", settings, context: world.context },
    recordingPorts(),
  );
  expect(warnings).toEqual([]);
  expect((await readdir(folder)).toSorted()).toEqual(["shared.png", "sub", "zzgreen.pt"]);
  expect((await readFile(join(folder, "shared.png"))).equals(before)).toBe(true);
  // Previews at 2, 4, 6; only before the preview at 4 is there a new copy.
  expect(await readdir(join(run, "image_embeddings"))).toEqual(["zzgreen-4.png"]);
  const card = new Uint8Array(await readFile(join(run, "image_embeddings", "zzgreen-4.png")));
  const carried = await readEmbeddingPicture(card, { decode: async () => undefined, pause: async () => undefined });
  expect(carried?.name).toBe("zzgreen-4");
  expect(await carried!.words[0]!.read()).toMatchObject({ step: 4, sdCheckpoint: "28313ef462", count: 1 });
  // From now on the word calls the trained file.
  const { rows } = await call("zzgreen");
  expect(rows.get("zzgreen")).not.toEqual(
    await writeWordEmbedding(join(world.root, "unused.pt"), { name: "x", words: ["green"] }),
  );
});
