/** @file Which pictures a training takes, whatever lies beside them. */
import { DEFAULT_OPTIONS } from "@lexeme/domain/options";
import { TrainSettingsSchema } from "@lexeme/domain/settings";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { recordingPorts } from "../testing.ts";
import { loadDataset, readCaptions } from "./dataset.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-dataset-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A model whose VAE says nothing. */
const MODEL = {
  checkpoint: { sizes: { vaeFactor: 8 } },
  gridOf: () => ({ width: 8, height: 8 }),
  encode: async () => ({ mean: new Float32Array(4), std: new Float32Array(4) }),
} as unknown as DiffusionModel;

test("a caption that cannot be a prompt is named and leaves out its own picture only; a folder of its name is no caption", async () => {
  for (const name of ["a red car", "b", "c"]) {
    await sharp({ create: { width: 64, height: 64, channels: 3, background: "red" } })
      .png()
      .toFile(join(root, `${name}.png`));
  }
  await mkdir(join(root, "a red car.txt"));
  await writeFile(join(root, "b.txt"), "a (car:1.2.3)");
  await writeFile(join(root, "c.txt"), "a (car:1.2)");
  const settings = TrainSettingsSchema.parse({ embeddingName: "mira", dataRoot: root });
  const options = { ...recordingPorts(), model: MODEL, seed: 1n, options: DEFAULT_OPTIONS };
  const { pictures, skipped } = await loadDataset(settings, options);
  expect(pictures.map(({ caption }) => caption)).toEqual(["a red car", "a (car:1.2)"]);
  expect(skipped).toEqual([{ file: "b.png", reason: expect.stringContaining('"b.txt" cannot be a prompt') }]);
  expect(await readCaptions(root, { options: DEFAULT_OPTIONS })).toEqual(["a red car", "a (car:1.2)"]);
});
