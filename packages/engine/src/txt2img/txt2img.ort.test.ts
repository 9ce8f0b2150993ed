import { readPngParameters } from "@lexeme/formats";
import { seedText, Txt2imgSettingsSchema, type Txt2imgSettings } from "@lexeme/domain/settings";
import { OptionsSchema, type Options } from "@lexeme/domain/options";
import { parseInfotext } from "@lexeme/domain/infotext";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { useDemoEngine } from "../../test/demo-engine.ts";
import { writeWordEmbedding } from "../../test/demo-world.ts";
import { recordingPorts, type RecordingPorts } from "../testing.ts";

const demo = useDemoEngine();

async function draw(some: Partial<Txt2imgSettings>, ports: RecordingPorts = recordingPorts()) {
  const settings = { prompt: "a photo of a woman", width: 64, height: 64, steps: 4, cfgScale: 4, seed: 5 };
  return demo.engine.run(
    { kind: "txt2img", settings: Txt2imgSettingsSchema.parse({ ...settings, ...some }), context: demo.world.context },
    ports,
  );
}

async function pixelsOf(path: string): Promise<Uint8Array> {
  return sharp(path).raw().toBuffer();
}

/** The mean difference of the outer columns and rows of a picture, of 255. */
async function seamOf(path: string): Promise<number> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const at = (x: number, y: number, channel: number): number => data[(y * width + x) * 3 + channel]!;
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) sum += Math.abs(at(0, y, channel) - at(width - 1, y, channel));
    for (let x = 0; x < width; x++) sum += Math.abs(at(x, 0, channel) - at(x, height - 1, channel));
  }
  return sum / (3 * (width + height));
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0);
}

describe("txt2img on the demo checkpoint", { timeout: 300_000 }, () => {
  test("the same seed gives the same picture, another seed another", async () => {
    const paths = [];
    for (const seed of ["5", "5", "6"] as const) paths.push((await draw({ seed })).artifacts[0]!.path);
    const [first, again, other] = await Promise.all(paths.map(pixelsOf));
    expect(largestDifference(first!, again!)).toBe(0);
    expect(largestDifference(first!, other!)).toBeGreaterThan(50);
  });

  test.each(["Euler a", "DDIM"] as const)(
    "a picture is the same alone and in a batch, with %s",
    async (samplerName) => {
      const { artifacts } = await draw({ samplerName, batchSize: 2, nIter: 2, steps: 5 });
      const batch = artifacts.filter(({ kind }) => kind === "image");
      expect(batch.map(({ seed }) => seed)).toEqual(["5", "6", "7", "8"]);
      for (const [i, { path }] of batch.entries()) {
        const [alone] = (await draw({ samplerName, steps: 5, seed: seedText(5 + i) })).artifacts;
        // Rounding may change one level of 255.
        expect(largestDifference(await pixelsOf(path), await pixelsOf(alone!.path))).toBeLessThanOrEqual(1);
      }
    },
  );

  test("tiling: opposite edges fit together, in one pass and in two, and the infotext says so", async () => {
    for (const passes of [{}, { enableHr: true, hrScale: 1.5, denoisingStrength: 0.6 }]) {
      const seams = [];
      for (const tiling of [false, true]) {
        const [picture] = (await draw({ ...passes, tiling, steps: 8 })).artifacts;
        expect(picture!.infotext?.includes(", Tiling: True,")).toBe(tiling);
        seams.push(await seamOf(picture!.path));
      }
      expect(seams[1]!).toBeLessThan(seams[0]! / 2);
    }
  });

  test("the file's infotext is enough to draw the picture again", async () => {
    const prompt = "A (((photo))) of [[a woman]] by (((Leonardo da Vinci))))";
    const { artifacts, folder } = await draw({
      prompt,
      negativePrompt: "blurry, café",
      samplerName: "DPM++ 2M",
      clipSkip: 2,
    });
    const text = readPngParameters(await readFile(artifacts[0]!.path));
    expect(text).toBe(artifacts[0]!.infotext);
    const infotext = parseInfotext(text!);
    expect(infotext.prompt).toBe(prompt);
    expect(infotext.negativePrompt).toBe("blurry, café");
    expect(Object.fromEntries(infotext.parameters)).toMatchObject({
      Steps: "4",
      Sampler: "DPM++ 2M",
      "Schedule type": "Karras",
      "CFG scale": "4",
      Seed: "5",
      "Size-1": "64",
      "Model hash": "28313ef462",
      Model: "demo-world",
      "Clip skip": "2",
      RNG: "CPU",
    });
    expect(folder).toMatch(/txt2img-images[/\\]\d{4}-\d\d-\d\d$/);
  });

  test("numbers continue from the largest in the folder and nothing is overwritten", async () => {
    const { folder } = await draw({});
    await rm(folder!, { recursive: true });
    const first = await draw({});
    await writeFile(join(folder!, "00041-of another.txt"), "");
    const second = await draw({});
    expect([first, second].map(({ artifacts }) => artifacts[0]!.path.slice(-11))).toEqual([
      "00000-5.png",
      "00042-5.png",
    ]);
    expect((await readdir(folder!)).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  test("several pictures also give a grid, with the first picture's infotext, in the folder for grids", async () => {
    const { artifacts, summary } = await draw({ batchSize: 2, nIter: 2, width: 64, height: 72 });
    expect(artifacts.map(({ kind }) => kind)).toEqual(["image", "image", "image", "image", "grid"]);
    expect(summary).toBe("4 pictures drawn");
    const grid = artifacts.at(-1)!;
    expect(grid).toMatchObject({ width: 128, height: 144, seed: "5", infotext: artifacts[0]!.infotext });
    expect(grid.path).toMatch(/txt2img-grids[/\\]\d{4}-\d\d-\d\d[/\\]grid-\d{4}[.]png$/);
    expect(readPngParameters(await readFile(grid.path))).toBe(grid.infotext);
    const third = await sharp(grid.path).extract({ left: 0, top: 72, width: 64, height: 72 }).raw().toBuffer();
    expect(largestDifference(third, await pixelsOf(artifacts[2]!.path))).toBe(0);
  });

  test("formats, names and grids follow A1111's options", async () => {
    const options = OptionsSchema.parse({
      samples_format: "webp",
      webp_lossless: true,
      samples_filename_pattern: "[sampler]/[seed]-[generation_number]",
      directories_filename_pattern: "[model_name]",
      grid_format: "jpg",
      n_rows: 1,
      grid_save_to_dirs: false,
    });
    const settings = { prompt: "a photo", width: 64, height: 64, steps: 2, seed: 5, samplerName: "Euler a", nIter: 2 };
    const { context } = demo.world;
    const drawing = (some: Partial<Options> = {}) =>
      demo.engine.run(
        {
          kind: "txt2img",
          settings: Txt2imgSettingsSchema.parse(settings),
          context: { ...context, options: { ...options, ...some } },
        },
        recordingPorts(),
      );
    const { artifacts } = await drawing();
    const { outputsDir, gridsDir } = demo.world.context;
    expect(artifacts.map(({ path }) => path)).toEqual([
      join(outputsDir, "demo-world", "Euler a", "00000-5-1.webp"),
      join(outputsDir, "demo-world", "Euler a", "00001-6-2.webp"),
      join(gridsDir, "grid-0000.jpg"),
    ]);
    expect(artifacts.at(-1)).toMatchObject({ width: 128, height: 64 });
    const kinds = async (some: Partial<Options>) => (await drawing(some)).artifacts.map(({ kind }) => kind);
    expect(await kinds({ grid_save: false })).toEqual(["image", "image"]);
    expect(await kinds({ return_grid: false })).toEqual(["image", "image"]);
    expect((await readdir(gridsDir)).filter((name) => name.endsWith(".jpg"))).toEqual([
      "grid-0000.jpg",
      "grid-0001.jpg",
    ]);
  });

  test("sizes are rounded down to multiples of 8, and the infotext has the requested sizes", async () => {
    const { artifacts } = await draw({ width: 79, height: 65 });
    expect(artifacts[0]).toMatchObject({ width: 72, height: 64 });
    expect(artifacts[0]!.infotext).toContain("Size: 79x65");
  });

  test("an embedding copied into the folder works in the next prompt; one of another width is named and left out", async () => {
    const { embeddingsDir } = demo.world.context;
    const plain = await pixelsOf((await draw({ prompt: "a photo of zork" })).artifacts[0]!.path);
    await mkdir(join(embeddingsDir, "people"), { recursive: true });
    await writeWordEmbedding(join(embeddingsDir, "people", "zork.safetensors"), { name: "zork", words: ["woman"] });
    const { artifacts } = await draw({ prompt: "a photo of (Zork:1.0)" });
    const woman = await pixelsOf((await draw({ prompt: "a photo of woman" })).artifacts[0]!.path);
    const zork = await pixelsOf(artifacts[0]!.path);
    expect(largestDifference(zork, woman)).toBeLessThanOrEqual(1);
    expect(largestDifference(zork, plain)).toBeGreaterThan(20);
    expect(artifacts[0]!.infotext).toMatch(/TI hashes: "zork: [0-9a-f]{12}"/);

    const wide = { name: "wide", vectors: new Float32Array(1024), count: 1, width: 1024, step: 0 };
    const { writeTextualInversionPt } = await import("@lexeme/formats");
    const bytes = writeTextualInversionPt({ ...wide, sdCheckpoint: undefined, sdCheckpointName: undefined });
    await writeFile(join(embeddingsDir, "wide.pt"), bytes);
    await writeFile(join(embeddingsDir, "broken.pt"), "nothing of the kind");
    const { warnings, artifacts: drawn } = await draw({ prompt: "a wide photo, broken" });
    expect(drawn).toHaveLength(1);
    expect(warnings.join("\n")).toMatch(/"wide": its vectors are 1024 wide, and checkpoint "demo-world" takes 128/);
    expect(warnings.join("\n")).toContain('"broken"');
  });

  test("prompts of different lengths, and a CFG scale of 1, give pictures too", async () => {
    const long = Array.from({ length: 90 }, (_, i) => `word${i % 10}`).join(" ");
    const { artifacts } = await draw({ prompt: long, negativePrompt: "blurry" });
    expect(artifacts).toHaveLength(1);
    const ports = recordingPorts();
    const [one, negated] = [
      (await draw({ cfgScale: 1 }, ports)).artifacts[0]!.path,
      (await draw({ cfgScale: 1, negativePrompt: "a woman" })).artifacts[0]!.path,
    ];
    expect(largestDifference(await pixelsOf(one), await pixelsOf(negated))).toBe(0);
  });

  test("progress counts every step and previews are small JPEG pictures near the finished one", async () => {
    const ports = recordingPorts();
    await draw({ steps: 20, width: 128, height: 128, samplerName: "DDIM", seed: "1" }, ports);
    expect(ports.progress.at(-1)).toMatchObject({ step: 19, steps: 19, image: { index: 1, count: 1 } });
    const { dataUrl } = ports.previews.at(-1)!;
    expect(dataUrl).toMatch(/^data:image\/jpeg;base64,/);
    const picture = await sharp(ports.artifacts[0]!.path).resize(16, 16, { fit: "fill" }).raw().toBuffer();
    const preview = await sharp(Buffer.from(dataUrl.split(",")[1]!, "base64"))
      .resize(16, 16, { fit: "fill" })
      .raw()
      .toBuffer();
    const difference = picture.reduce((sum, value, i) => sum + Math.abs(value - preview[i]!), 0) / picture.length;
    expect(difference).toBeLessThan(30);
  });

  test("a cancel in the middle writes nothing; a stop keeps the finished batches", async () => {
    const [cancel, stop] = [new AbortController(), new AbortController()];
    const { folder } = await draw({});
    const before = (await readdir(folder!)).length;
    const ports = recordingPorts({ cancelled: cancel.signal });
    ports.onProgress = ({ step }) => step === 2 && cancel.abort();
    await expect(draw({ steps: 10 }, ports)).rejects.toMatchObject({ name: "AbortError" });
    expect((await readdir(folder!)).length).toBe(before);

    const stopping = recordingPorts({ stopping: stop.signal });
    stopping.onArtifact = () => stop.abort();
    const { artifacts, summary } = await draw({ nIter: 3 }, stopping);
    expect(artifacts).toHaveLength(1);
    expect(summary).toBe("Stopped after 1 of 3: 1 picture drawn");
  });

  test("a weight that makes everything NaN is an error, not a black picture", async () => {
    await expect(draw({ prompt: `a (photo:${"9".repeat(38)})` })).rejects.toMatchObject({ code: "PICTURE_NOT_FINITE" });
  });

  test("a clip skip above the number of layers is refused with that number", async () => {
    await expect(draw({ clipSkip: 4 })).rejects.toMatchObject({
      code: "CLIP_SKIP_TOO_LARGE",
      details: { field: "clipSkip" },
    });
  });

  test("the error for a missing checkpoint names it", async () => {
    const settings = Txt2imgSettingsSchema.parse({});
    const attempt = demo.engine.run(
      {
        kind: "txt2img",
        settings,
        context: {
          ...demo.world.context,
          checkpoint: { name: "gone.safetensors", path: "/gone.safetensors", shortHash: null },
        },
      },
      recordingPorts(),
    );
    await expect(attempt).rejects.toMatchObject({
      code: "FILE_MISSING",
      message: expect.stringContaining("gone.safetensors") as string,
    });
  });
});
