/** @file The settings file of a run holds all settings by A1111's names. */
import { runFolderOfCopy } from "@lexeme/data-folder";
import { a1111Name, TrainSettingsSchema } from "@lexeme/domain/settings";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { writeSettingsFile } from "./settings-file.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lexeme-settings-"));
});
afterEach(async () => rm(folder, { recursive: true }));

test("a run's file holds every setting, and the checkpoint and seed that were used", async () => {
  const settings = TrainSettingsSchema.parse({
    embeddingName: "mira",
    dataRoot: "/pictures",
    previewScheduler: "Karras",
    vae: "None",
    fileFormat: "safetensors",
    resumeFrom: "/runs/mira-10.pt",
  });
  const checkpoint = { modelName: "demo", shortHash: "0123456789" } as Checkpoint;
  const facts = { pictures: 4, vectors: 2, initialStep: 10, seed: 7n, logDir: "/runs/mira", now: new Date(0) };
  await writeSettingsFile(runFolderOfCopy(join(folder, "embeddings", "mira-10.pt"), "mira"), {
    settings,
    checkpoint,
    ...facts,
  });
  const [name = ""] = await readdir(folder);
  const written = JSON.parse(await readFile(join(folder, name), "utf8")) as Record<string, unknown>;
  expect(written).toMatchObject({
    model_name: "demo",
    model_hash: "0123456789",
    num_of_dataset_images: 4,
    num_vectors_per_token: 2,
    initial_step: 10,
    seed: 7,
    template_file: "style_filewords.txt",
    log_directory: "/runs/mira",
    preview_scheduler: "Karras",
    vae: "None",
    file_format: "safetensors",
    resumed_from: "/runs/mira-10.pt",
  });
  const otherwiseNamed = ["checkpoint", "templateFilename", "resumeFrom"];
  const expected = Object.keys(settings).filter((setting) => !otherwiseNamed.includes(setting));
  expect(Object.keys(written)).toEqual(expect.arrayContaining(expected.map(a1111Name)));
});
