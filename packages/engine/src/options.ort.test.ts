/** @file The effects of A1111's options on pictures and trainings, on the demo checkpoint. */
import { TrainSettingsSchema, Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { OptionsSchema } from "@lexeme/domain/options";
import { parseInfotext } from "@lexeme/domain/infotext";
import type { TrainSettings, Txt2imgSettings } from "@lexeme/domain/settings";
import type { Options } from "@lexeme/domain/options";
import type { TestContext } from "@lexeme/domain/testing";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDemoWorld, writeWordEmbedding, type DemoWorld } from "../test/demo-world.ts";
import { openEngine, type Engine } from "./engine.ts";
import { recordingPorts } from "./testing.ts";

let world: DemoWorld;
let engine: Engine;

beforeAll(async () => {
  world = await openDemoWorld();
  engine = await openEngine({ lane: "device", device: "cpu", threads: 2, selfTestCheckpoint: "" });
  await writeWordEmbedding(join(world.context.embeddingsDir, "mira.pt"), { name: "mira", words: ["woman"] });
});
afterAll(async () => {
  await engine.dispose();
  await world[Symbol.asyncDispose]();
});

function contextWith(options: Partial<Options>): TestContext {
  return { ...world.context, options: OptionsSchema.parse(options) };
}

async function draw(options: Partial<Options>, some: Partial<Txt2imgSettings> = {}) {
  const settings = { prompt: "a photo of mira", width: 64, height: 64, steps: 6, cfgScale: 4, seed: 5, ...some };
  const ports = recordingPorts();
  const results = await engine.run(
    { kind: "txt2img", settings: Txt2imgSettingsSchema.parse(settings), context: contextWith(options) },
    ports,
  );
  const { infotext = "" } = results.artifacts[0]!;
  return { infotext, previews: ports.previews.map(({ step }) => step), parsed: parseInfotext(infotext) };
}

describe("options in a picture", { timeout: 120_000 }, () => {
  test("an infotext option removes its part of the infotext, and nothing else changes", async () => {
    const whole = await draw({});
    expect(whole.infotext).toMatch(/, Model hash: 28313ef462, Model: demo-world, .*TI hashes: .*, Version: Lexeme /);
    const { infotext } = await draw({
      add_model_hash_to_info: false,
      add_model_name_to_info: false,
      add_version_to_infotext: false,
      textual_inversion_add_hashes_to_infotext: false,
    });
    const kept = whole.infotext
      .replace(", Model hash: 28313ef462, Model: demo-world", "")
      .replace(/, TI hashes: "[^"]*"/u, "")
      .replace(/, Version: .*$/u, "");
    expect(infotext).toBe(kept);
  });

  test("# is text if comments are turned off", async () => {
    const prompt = "a photo # of a cat";
    expect((await draw({}, { prompt })).parsed.prompt.trim()).toBe("a photo");
    expect((await draw({ enable_prompt_comments: false }, { prompt })).parsed.prompt).toBe(prompt);
  });

  test("live previews come at the interval of the options, or never", async () => {
    const everyThird = await draw({ show_progress_every_n_steps: 3 });
    expect(everyThird.previews.every((step) => step % 3 === 0)).toBe(true);
    expect(everyThird.previews.length).toBeGreaterThan(0);
    expect((await draw({ show_progress_every_n_steps: -1 })).previews).toEqual([]);
    expect((await draw({ live_previews_enable: false })).previews).toEqual([]);
  });
});

describe("styles", { timeout: 120_000 }, () => {
  test("are added to both prompts before comments are removed; infotext shows the drawn prompts", async () => {
    const styles = [
      { name: "Oil", prompt: "oil painting of {prompt}, # the whole frame\nframed", negativePrompt: "photo" },
      { name: "Rain", prompt: "rain", negativePrompt: "" },
    ];
    const settings = Txt2imgSettingsSchema.parse({ width: 64, height: 64, steps: 4, cfgScale: 4, seed: 5 });
    const drawn = async (some: Partial<Txt2imgSettings>, context: Partial<TestContext>) => {
      const results = await engine.run(
        { kind: "txt2img", settings: { ...settings, ...some }, context: { ...world.context, ...context } },
        recordingPorts(),
      );
      const { path, infotext = "" } = results.artifacts[0]!;
      return { pixels: await sharp(path).raw().toBuffer(), shown: parseInfotext(infotext) };
    };
    const styled = await drawn({ prompt: "mira", styles: ["Oil", "Rain"] }, { styles });
    const prompt = "oil painting of mira, \nframed, rain";
    expect(styled.shown).toMatchObject({ prompt: "oil painting of mira,\nframed, rain", negativePrompt: "photo" });
    const written = await drawn({ prompt, negativePrompt: "photo" }, {});
    expect(styled.pixels.equals(written.pixels)).toBe(true);
    expect(styled.pixels.equals((await drawn({ prompt: "mira" }, {})).pixels)).toBe(false);
  });
});

describe("options in a training", { timeout: 300_000 }, () => {
  async function train(options: Partial<Options>, some: Partial<TrainSettings> = {}) {
    const dataRoot = join(world.root, "named");
    await mkdir(dataRoot, { recursive: true });
    const [picture] = (await readdir(world.dataRoot)).filter((file) => file.endsWith(".png")).toSorted();
    for (const name of ["00001-0-red_hat smiling.png", "00002-0-blue_scarf.png"]) {
      await cp(join(world.dataRoot, picture!), join(dataRoot, name));
    }
    await writeFile(join(world.context.templatesDir, "words.txt"), "[name], [filewords]\n");
    const settings = TrainSettingsSchema.parse({
      embeddingName: "mira",
      dataRoot,
      templateFilename: "words.txt",
      trainingWidth: 64,
      trainingHeight: 64,
      steps: 100_000,
      learnRate: "5e-3",
      saveEmbeddingEvery: 4,
      createImageEvery: 0,
      seed: 3,
      previewSteps: 2,
      ...some,
    });
    await writeWordEmbedding(join(world.context.embeddingsDir, "mira.pt"), { name: "mira", words: ["woman"] });
    const ports = recordingPorts();
    const results = await engine.run(
      { kind: "train-embedding", settings: { ...settings, steps: 8 }, context: contextWith(options) },
      ports,
    );
    const folder = results.folder!;
    const files = (await readdir(folder, { recursive: true })).map((file) => basename(file));
    const rows = (await readFile(join(folder, "textual_inversion_loss.csv"), "utf8").catch(() => ""))
      .split("\n")
      .filter((row) => /^\d/.test(row))
      .map((row) => row.split(",").slice(0, 3).map(Number));
    const prompts = new Set(ports.progress.flatMap(({ prompt }) => (prompt === undefined ? [] : [prompt])));
    const previews = results.artifacts.flatMap(({ kind, infotext }) => (kind === "preview" ? [infotext] : []));
    const settingsName = files.find((file) => /^settings-.*\.json$/u.test(file));
    const settingsFile: unknown =
      settingsName === undefined ? null : JSON.parse(await readFile(join(folder, settingsName), "utf8"));
    return { files, rows, prompts, previews, settingsFile };
  }

  test("by default: a row for every step, settings and optimizer beside the copies, captions from the file names", async () => {
    const { files, rows, prompts } = await train({});
    expect(rows).toEqual([
      [1, 0, 0],
      [2, 0, 1],
      [3, 1, 0],
      [4, 1, 1],
      [5, 2, 0],
      [6, 2, 1],
      [7, 3, 0],
      [8, 3, 1],
    ]);
    expect(files.filter((file) => /^settings-.*\.json$/.test(file))).toHaveLength(1);
    expect(files).toEqual(expect.arrayContaining(["mira-4.json", "mira-8.json", "mira-4.pt", "mira-8.pt"]));
    expect(prompts).toEqual(new Set(["mira, red_hat smiling", "mira, blue_scarf"]));
  });

  test("changed: rows every 4 steps with longer epochs, no settings, no optimizer, captions of the words in a name", async () => {
    const { files, rows, prompts } = await train({
      training_write_csv_every: 4,
      training_image_repeats_per_epoch: 3,
      save_training_settings_to_txt: false,
      save_optimizer_state: false,
      dataset_filename_word_regex: "[a-z]+",
      dataset_filename_join_string: ", ",
    });
    expect(rows).toEqual([
      [4, 0, 3],
      [8, 1, 1],
    ]);
    expect(files.filter((file) => file.endsWith(".json"))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["mira-4.pt", "mira-8.pt"]));
    expect(prompts).toEqual(new Set(["mira, red, hat, smiling", "mira, blue, scarf"]));
  });

  test("clip skip is part of the run: it changes the vectors, previews and settings show it, too large a value is refused", async () => {
    const learned = async (clipSkip: number) => {
      await train({}, { clipSkip });
      return readFile(join(world.context.embeddingsDir, "mira.pt"));
    };
    const [first, again, skipped] = [await learned(1), await learned(1), await learned(2)];
    expect(first.equals(again)).toBe(true);
    expect(first.equals(skipped)).toBe(false);
    const { previews, settingsFile } = await train({ randn_source: "NV" }, { clipSkip: 2, createImageEvery: 8 });
    expect(previews[0]).toMatch(/Clip skip: 2, RNG: NV,/);
    expect(settingsFile).toMatchObject({ clip_skip: 2 });
    await expect(train({}, { clipSkip: 4 })).rejects.toMatchObject({
      code: "CLIP_SKIP_TOO_LARGE",
      details: { field: "clipSkip" },
    });
  });

  test("without writing the loss there is no loss file", async () => {
    expect((await train({ training_write_csv_every: 0 })).files).not.toContain("textual_inversion_loss.csv");
  });
});
