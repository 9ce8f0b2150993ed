/** @file The files of a training on the demo checkpoint: odd pictures and captions in the data set, and the embedding's own file. */
import { writeFileSync } from "node:fs";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { writeWordEmbedding, type DemoWorld } from "../../test/demo-world.ts";
import { readEmbedding, SmallTraining } from "../../test/small-training.ts";
import { recordingPorts } from "../testing.ts";

let small: SmallTraining;
let world: DemoWorld;
let fewPictures: string;
let embeddingPath: string;

beforeAll(async () => {
  small = await SmallTraining.open();
  ({ world, fewPictures, embeddingPath } = small);
});
afterAll(() => small[Symbol.asyncDispose]());
beforeEach(() => small.newWord());
const train: SmallTraining["run"] = (some, ports) => small.run(some, ports);

// Real training takes minutes beside other work.
describe("the files of a training", { timeout: 300_000 }, () => {
  test("a broken picture is named and left out; pictures of other sizes and captions of two chunks can be trained", async () => {
    const folder = join(world.root, "mixed");
    await cp(fewPictures, folder, { recursive: true });
    await writeFile(join(folder, "broken.png"), "no picture");
    const [first] = (await readdir(folder)).filter((file) => file.endsWith(".png"));
    await sharp(join(folder, first!)).resize(200, 90, { fit: "cover" }).toFile(join(folder, "wide.jpg"));
    await writeFile(join(folder, "wide.txt"), Array.from({ length: 80 }, () => "green").join(" "));
    const results = await train({ dataRoot: folder, batchSize: 2, steps: 4 });
    expect(results.skipped).toEqual([{ file: "broken.png", reason: expect.stringContaining("not a picture") }]);
    expect((await readEmbedding(embeddingPath)).step).toBe(4);
  });

  test("a caption that is no prompt is named and its picture left out; shuffled tags that are no prompt end no run", async () => {
    const folder = join(world.root, "no-prompt");
    await cp(fewPictures, folder, { recursive: true });
    const [first, second, third] = (await readdir(folder)).filter((file) => file.endsWith(".png")).toSorted();
    await writeFile(join(folder, first!.replace(".png", ".txt")), "(red shirt:1.2.3)");
    // As it stands, the number closes no bracket. In the other order it closes the bracket of the other tag.
    for (const file of [second, third])
      await writeFile(join(folder, file!.replace(".png", ".txt")), "red:1.2.3), (shirt");
    const results = await train({ dataRoot: folder, shuffleTags: true, steps: 6 });
    expect(results.skipped).toEqual([{ file: first, reason: expect.stringContaining('the weight "1.2.3"') }]);
    expect((await readEmbedding(embeddingPath)).step).toBe(6);
  });

  test("a word is found in any case, and its file, copies and pictures keep its name", async () => {
    const { artifacts } = await train({ embeddingName: "MIRA", steps: 2, saveEmbeddingEvery: 2 });
    expect(artifacts.map(({ path }) => basename(path))).toEqual(["mira-2.pt", "mira.pt"]);
    expect(await readdir(world.context.embeddingsDir)).toEqual(["mira.pt"]);
    expect((await readEmbedding(embeddingPath)).step).toBe(2);
  });

  test("a file of several words in the place of the trained embedding is never replaced", async () => {
    const collection = await readFile(new URL("../../../formats/src/fixtures/collection.pt", import.meta.url));
    const taken = join(world.context.embeddingsDir, "mira.safetensors");
    await writeFile(taken, collection);
    await expect(train({ fileFormat: "safetensors" })).rejects.toMatchObject({ code: "EMBEDDING_NAME_UNUSABLE" });
    await rm(taken);
    const ports = recordingPorts();
    ports.onProgress = ({ phase, step }) => phase === "training" && step === 2 && writeFileSync(taken, collection);
    const failure = await train({ fileFormat: "safetensors", steps: 3 }, ports).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "FILE_EXISTS", message: expect.stringContaining("mira-3.safetensors") });
    expect(await readFile(taken)).toEqual(collection);
    expect((await readEmbedding(embeddingPath)).step).toBe(0);
  });

  test("with several vectors, and another embedding in the captions, only the chosen embedding is trained", async () => {
    const { embeddingsDir } = world.context;
    await writeWordEmbedding(embeddingPath, { name: "mira", words: ["woman", "green"] });
    await writeWordEmbedding(join(embeddingsDir, "shirt.safetensors"), { name: "shirt", words: ["red", "hat"] });
    const before = await readFile(join(embeddingsDir, "shirt.safetensors"));
    await train({ steps: 2 });
    expect((await readEmbedding(embeddingPath)).count).toBe(2);
    expect(await readFile(join(embeddingsDir, "shirt.safetensors"))).toEqual(before);
  });

  test("another file format replaces the old file, so there are never two files with one name", async () => {
    await train({ steps: 2, fileFormat: "safetensors", saveEmbeddingEvery: 2 });
    expect(await readdir(world.context.embeddingsDir)).toEqual(["mira.safetensors"]);
    expect(await readEmbedding(join(world.context.embeddingsDir, "mira.safetensors"))).toMatchObject({ step: 2 });
  });
});
