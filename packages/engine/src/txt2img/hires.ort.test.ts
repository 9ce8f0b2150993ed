/** @file Hires fix through txt2img on the demo checkpoint: sizes, batches, prompts over both passes, infotext, progress. */
import {
  LATENT_UPSCALERS,
  PIXEL_UPSCALERS,
  Txt2imgSettingsSchema,
  type Txt2imgSettings,
} from "@lexeme/domain/settings";
import type { Artifact } from "@lexeme/domain/jobs";
import { parseInfotext, settingsFromInfotext } from "@lexeme/domain/infotext";
import { readPngParameters } from "@lexeme/formats";
import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { useDemoEngine } from "../../test/demo-engine.ts";
import { writeWordEmbedding } from "../../test/demo-world.ts";
import { recordingPorts, type RecordingPorts } from "../testing.ts";

const demo = useDemoEngine();

const HIRES = { enableHr: true, width: 64, height: 64, steps: 4, cfgScale: 4, seed: 5, prompt: "a photo of a woman" };

async function draw(some: Partial<Txt2imgSettings>, ports: RecordingPorts = recordingPorts()) {
  const settings = Txt2imgSettingsSchema.parse({ ...HIRES, ...some });
  return demo.engine.run({ kind: "txt2img", settings, context: demo.world.context }, ports);
}

async function drawOne(some: Partial<Txt2imgSettings>): Promise<Artifact> {
  return (await draw(some)).artifacts[0]!;
}

async function difference(a: Artifact, b: Artifact): Promise<number> {
  const [left, right] = await Promise.all([a, b].map((artifact) => sharp(artifact.path).raw().toBuffer()));
  expect(left!.length).toBe(right!.length);
  return left!.reduce((max, value, i) => Math.max(max, Math.abs(value - right![i]!)), 0);
}

describe("hires fix on the demo checkpoint", { timeout: 300_000 }, () => {
  test("every upscaler gives a different picture of twice the size", async () => {
    const drawn: Artifact[] = [];
    for (const hrUpscaler of [...LATENT_UPSCALERS, ...PIXEL_UPSCALERS]) drawn.push(await drawOne({ hrUpscaler }));
    for (const [i, picture] of drawn.entries()) {
      const name = [...LATENT_UPSCALERS, ...PIXEL_UPSCALERS][i]!;
      expect(picture).toMatchObject({ width: 128, height: 128 });
      expect(picture.infotext).toContain(`Size: 64x64,`);
      expect(picture.infotext).toContain(`Hires upscale: 2, Hires upscaler: ${name},`);
    }
    const [bilinear, antialiased, bicubic, , nearest, exact, none, lanczos] = drawn as [Artifact, ...Artifact[]];
    // At exactly twice the size torch's two bilinear upscalers are equal, and so are its two nearest upscalers.
    expect(await difference(bilinear, antialiased!)).toBeLessThanOrEqual(1);
    expect(await difference(nearest!, exact!)).toBeLessThanOrEqual(1);
    expect(await difference(none!, lanczos!)).toBe(0);
    for (const other of [bicubic, nearest, none]) expect(await difference(bilinear, other!)).toBeGreaterThan(5);
  });

  test.each([
    { samplerName: "Euler a", hrUpscaler: "Latent (bicubic)" },
    { samplerName: "DPM++ SDE", hrUpscaler: "Lanczos" },
    { samplerName: "DDIM", hrUpscaler: "Latent (nearest)", subseed: "3", subseedStrength: 0.4 },
    { samplerName: "DPM adaptive", hrUpscaler: "Nearest", eta: 0, hrScale: 1.25 },
  ] as const)("a picture is the same alone and in a batch: $samplerName, $hrUpscaler", async (settings) => {
    const { artifacts } = await draw({ ...settings, batchSize: 2 });
    const second = "subseed" in settings ? ({ seed: "5", subseed: "4" } as const) : ({ seed: "6" } as const);
    const alone = await drawOne({ ...settings, ...second });
    // Rounding may change one level of 255.
    expect(await difference(artifacts[1]!, alone)).toBeLessThanOrEqual(1);
    expect(await difference(artifacts[0]!, alone)).toBeGreaterThan(20);
  });

  test("a picture's infotext alone draws it again: with its own sampler, schedule, steps, prompts and both sides", async () => {
    const asked = {
      samplerName: "Euler",
      scheduler: "Karras",
      hrSamplerName: "DPM++ 2S a",
      hrScheduler: "Exponential",
      hrSecondPassSteps: 3,
      denoisingStrength: 0.55,
      hrResizeX: 96,
      hrResizeY: 128,
      hrUpscaler: "Latent (bicubic antialiased)",
      hrPrompt: "an oil painting, of a woman",
      hrNegativePrompt: "blurry",
      eta: 0.7,
    } as const;
    const picture = await drawOne(asked);
    expect(picture).toMatchObject({ width: 96, height: 128 });
    expect(picture.infotext).toContain(
      'Denoising strength: 0.55, RNG: CPU, Hires sampler: DPM++ 2S a, Hires prompt: "an oil painting, of a woman", ' +
        "Hires negative prompt: blurry, Hires schedule type: Exponential, Hires resize: 96x128, Hires steps: 3, " +
        "Hires upscaler: Latent (bicubic antialiased), Eta: 0.7, Version",
    );
    const { enableHr: _, ...plain } = HIRES;
    const read = Txt2imgSettingsSchema.parse({ ...plain, ...settingsFromInfotext(parseInfotext(picture.infotext!)) });
    expect(read).toMatchObject({ ...asked, enableHr: true });
    expect(await difference(await drawOne(read), picture)).toBeLessThanOrEqual(1);
  });

  test("editing continues in the second pass: fractions from 1, whole numbers from the first pass' steps", async () => {
    const steps = { steps: 6, hrSecondPassSteps: 4 };
    const switched = await drawOne({ ...steps, prompt: "a [red:blue:1.0] car" });
    const apart = await drawOne({ ...steps, prompt: "a red car", hrPrompt: "a blue car" });
    expect(await difference(switched, apart)).toBeLessThanOrEqual(1);
    const byFraction = await drawOne({ ...steps, prompt: "a [red:blue:1.5] car" });
    const byStep = await drawOne({ ...steps, prompt: "a [red:blue:8] car" });
    expect(await difference(byFraction, byStep)).toBeLessThanOrEqual(1);
    expect(await difference(byFraction, apart)).toBeGreaterThan(3);
    const early = await drawOne({ ...steps, prompt: "a [red:blue:0.5] car" });
    const late = await drawOne({ ...steps, prompt: "a [red:blue:0.5] car", hrPrompt: "a blue car" });
    expect(await difference(early, late)).toBeLessThanOrEqual(1);
  });

  test("without denoising the enlarged picture stays unchanged, for any sampler and prompt of the second pass", async () => {
    const settings = { denoisingStrength: 0, hrUpscaler: "Latent (nearest)" };
    const one = await drawOne(settings);
    const other = await drawOne({ ...settings, hrSamplerName: "DDIM", hrPrompt: "a car", hrSecondPassSteps: 9 });
    expect(await difference(one, other)).toBe(0);
    expect(await difference(one, await drawOne({ ...settings, denoisingStrength: 0.5 }))).toBeGreaterThan(5);
  });

  test("steps of both passes are counted, phases are named, previews continue in the second pass", async () => {
    const ports = recordingPorts();
    await draw({ nIter: 2, samplerName: "Euler", hrSecondPassSteps: 3, hrUpscaler: "Lanczos" }, ports);
    const phases = ports.progress.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1]);
    const batch = ["first-pass", "upscaling", "second-pass", "decoding"];
    expect(phases.slice(-8)).toEqual([...batch, ...batch]);
    const counted = ports.progress.filter(({ steps }) => steps > 0);
    expect(new Set(counted.map(({ steps }) => steps))).toEqual(new Set([14]));
    expect(counted.map(({ step }) => step)).toEqual(counted.map(({ step }) => step).toSorted((a, b) => a - b));
    expect(counted.at(-1)!.step).toBe(14);
    const times = counted.map(({ etaSeconds }) => etaSeconds ?? Infinity);
    expect(times.at(-1)).toBe(0);
    const sizes = await Promise.all(
      ports.previews.map(
        async ({ dataUrl }) => (await sharp(Buffer.from(dataUrl.split(",")[1]!, "base64")).metadata()).width,
      ),
    );
    expect(new Set(sizes)).toEqual(new Set([64, 128]));
  });

  test("cancelling in the second pass writes nothing; stopping there finishes the picture", async () => {
    const { folder } = await draw({});
    const before = (await readdir(folder!)).length;
    const [cancel, stop] = [new AbortController(), new AbortController()];
    const cancelled = recordingPorts({ cancelled: cancel.signal });
    cancelled.onProgress = ({ phase, step }) => phase === "second-pass" && step === 5 && cancel.abort();
    await expect(draw({}, cancelled)).rejects.toMatchObject({ name: "AbortError" });
    expect((await readdir(folder!)).length).toBe(before);
    const stopped = recordingPorts({ stopping: stop.signal });
    stopped.onProgress = ({ phase }) => phase === "second-pass" && stop.abort();
    const { artifacts } = await draw({ nIter: 2 }, stopped);
    expect(artifacts).toHaveLength(1);
    expect(artifacts[0]).toMatchObject({ width: 128, height: 128 });
  });

  test("an embedding of only the second pass has its hash in the infotext; an unknown embedding is reported once", async () => {
    const path = join(demo.world.context.embeddingsDir, "zork.safetensors");
    await writeWordEmbedding(path, { name: "zork", words: ["woman"] });
    const prompts = { prompt: "a photo <lora:some:1>", hrPrompt: "a photo of zork <lora:some:1>" };
    const { artifacts, warnings } = await draw(prompts);
    await rm(path);
    expect(artifacts[0]!.infotext).toMatch(
      /Hires prompt: "a photo of zork <lora:some:1>", .*TI hashes: "zork: [0-9a-f]{12}"/,
    );
    expect(warnings).toEqual([expect.stringContaining("<lora:some> is not supported")]);
  });

  test("a copy from before hires fix is saved if the option asks for it, and is not a result", async () => {
    const options = { ...demo.world.context.options, save_images_before_highres_fix: true };
    const settings = Txt2imgSettingsSchema.parse({ ...HIRES, batchSize: 2, hrUpscaler: "Nearest" });
    const { artifacts } = await demo.engine.run(
      { kind: "txt2img", settings, context: { ...demo.world.context, options } },
      recordingPorts(),
    );
    const images = artifacts.filter(({ kind }) => kind === "image");
    expect(images).toHaveLength(2);
    const folder = dirname(images[0]!.path);
    const copies = (await readdir(folder)).filter((name) => /^\d{5}-[56]-before-highres-fix\.png$/.test(name));
    expect(copies).toHaveLength(2);
    const plain = await drawOne({ enableHr: false });
    const name = copies.find((one) => one.includes("-5-"))!;
    const copy = { ...plain, path: join(folder, name) };
    expect(await difference(copy, plain)).toBeLessThanOrEqual(1);
    expect(readPngParameters(await readFile(copy.path))).toBe(images[0]!.infotext);
  });

  test("DDIM takes no step out of two, as in A1111, and a warning says so", async () => {
    const settings = { samplerName: "DDIM", steps: 5, hrSecondPassSteps: 2 } as const;
    const ports = recordingPorts();
    const { warnings, artifacts } = await draw(settings, ports);
    expect(artifacts).toHaveLength(1);
    expect(warnings).toEqual([
      expect.stringMatching(/^DDIM takes no step in a second pass if its number of steps is 2/),
    ]);
    expect(ports.lines).toEqual(warnings);
    expect((await draw({ ...settings, hrSecondPassSteps: 3 })).warnings).toEqual([]);
  });

  test.each(["DPM fast", "DPM adaptive"] as const)(
    "with one step %s does nothing, and a warning says so",
    async (name) => {
      const of = async (hrSecondPassSteps: number) => (await draw({ hrSamplerName: name, hrSecondPassSteps })).warnings;
      expect(await of(1)).toEqual([
        expect.stringContaining(`${name} takes no step in a second pass if its number of steps is 1`),
      ]);
      expect(await of(2)).toEqual([]);
    },
  );

  test("with one step DDIM takes none, and a warning says that the picture is noise", async () => {
    const { warnings } = await draw({ samplerName: "DDIM", steps: 1, enableHr: false });
    expect(warnings).toEqual([
      expect.stringMatching(/^DDIM takes no step if the number of steps is 1, so the picture is only noise/),
    ]);
  });

  test.each([
    [{ hrUpscaler: "4x-nobody" }, "UPSCALER_MISSING", "hrUpscaler"],
    [{ samplerName: "DDIM", steps: 20, denoisingStrength: 0.01 }, "STEPS_TOO_MANY", "denoisingStrength"],
    [{ hrScheduler: "DDIM", steps: 20, denoisingStrength: 0.01 }, "STEPS_TOO_MANY", "denoisingStrength"],
    [{ hrScheduler: "Simple", steps: 20, denoisingStrength: 0.01 }, "STEPS_TOO_MANY", "denoisingStrength"],
    [{ denoisingStrength: 1e-7 }, "STEPS_TOO_MANY", "denoisingStrength"],
    [{ hrResizeX: 5 }, "HIRES_TOO_SMALL", "hrResizeX"],
  ] as const)("what cannot be is said before anything is drawn: %j", async (settings, code, field) => {
    const ports = recordingPorts();
    await expect(draw(settings, ports)).rejects.toMatchObject({ code, details: { field } });
    expect(ports.progress.filter(({ step }) => step > 0)).toEqual([]);
  });
});
