/** @file Hires fix in infotexts: A1111's wording and order, and back into fields. */
import { describe, expect, test } from "vitest";
import { samplingFromInfotext } from "./infotext-sampling.ts";
import { parseInfotext, writeTxt2imgInfotext, type Txt2imgInfotext } from "./infotext.ts";
import { Txt2imgSettingsSchema } from "../settings/txt2img-settings.ts";

const facts: Txt2imgInfotext = {
  prompt: "a cat",
  negativePrompt: "",
  steps: 20,
  sampler: "Euler a",
  scheduleType: "Automatic",
  cfgScale: 7,
  seed: "1",
  width: 512,
  height: 512,
  modelHash: "0123456789",
  model: "m",
  clipSkip: 2,
  rng: "GPU",
  embeddings: [{ name: "mira", shortHash: "0123456789ab" }],
  version: "v",
  hires: {
    denoisingStrength: 0.55,
    sampler: "DPM++ 2M",
    scheduleType: "Karras",
    prompt: "a cat, sharp",
    negativePrompt: "blurry",
    size: { hrScale: 1.5, hrResizeX: 0, hrResizeY: 0 },
    steps: 10,
    upscaler: "Latent (nearest-exact)",
  },
};

const HEAD = "x\nSteps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 512x768";
const fieldsOf = (more: string) => samplingFromInfotext(parseInfotext(`${HEAD}, ${more}`));

describe("writing", () => {
  test("the strength stands among the picture's own keys, the rest before what the prompts add", () => {
    expect(writeTxt2imgInfotext(facts).split("\n")[1]).toBe(
      "Steps: 20, Sampler: Euler a, Schedule type: Automatic, CFG scale: 7, Seed: 1, Size: 512x512, " +
        "Model hash: 0123456789, Model: m, Denoising strength: 0.55, Clip skip: 2, Hires sampler: DPM++ 2M, " +
        'Hires prompt: "a cat, sharp", Hires negative prompt: blurry, Hires schedule type: Karras, Hires upscale: 1.5, ' +
        'Hires steps: 10, Hires upscaler: Latent (nearest-exact), TI hashes: "mira: 0123456789ab", Version: v',
    );
  });

  test("what the second pass shares with the first is left out; a size takes the place of the scale", () => {
    const size = { hrScale: 2, hrResizeX: 768, hrResizeY: 0 };
    const hires = { denoisingStrength: 0.7, size, steps: 0, upscaler: "Latent" };
    expect(writeTxt2imgInfotext({ ...facts, hires })).toContain(
      "Denoising strength: 0.7, Clip skip: 2, Hires resize: 768x0, Hires upscaler: Latent, TI hashes",
    );
    expect(writeTxt2imgInfotext({ ...facts, hires: undefined })).not.toMatch(/Hires|Denoising/);
  });

  test("the emphasis mode is told when only a hires prompt has brackets", () => {
    const hires = { ...facts.hires!, prompt: "a (cat)" };
    expect(writeTxt2imgInfotext({ ...facts, hires, emphasis: "No norm" })).toContain("Emphasis: No norm");
    expect(writeTxt2imgInfotext({ ...facts, emphasis: "No norm" })).not.toContain("Emphasis");
  });
});

describe("reading", () => {
  test("what was written comes back as fields that the schema takes", () => {
    const fields = samplingFromInfotext(parseInfotext(writeTxt2imgInfotext(facts)));
    const hires = {
      enableHr: true,
      hrUpscaler: "Latent (nearest-exact)",
      hrSecondPassSteps: 10,
      denoisingStrength: 0.55,
      hrScale: 1.5,
      hrResizeX: 0,
      hrResizeY: 0,
      hrSamplerName: "DPM++ 2M",
      hrScheduler: "Karras",
      hrPrompt: "a cat, sharp",
      hrNegativePrompt: "blurry",
    };
    expect(fields).toMatchObject(hires);
    expect(Txt2imgSettingsSchema.parse(fields)).toMatchObject(hires);
  });

  test("A1111's: left out is the first pass', joined names are parted, a model's name is kept", () => {
    expect(fieldsOf("Denoising strength: 0.4, Hires upscale: 2, Hires upscaler: 4x-UltraSharp")).toMatchObject({
      enableHr: true,
      hrUpscaler: "4x-UltraSharp",
      hrSecondPassSteps: 0,
      hrSamplerName: null,
      hrScheduler: null,
      hrPrompt: "",
      hrNegativePrompt: "",
    });
    expect(
      fieldsOf("Denoising strength: 0.4, Hires resize: 1024x0, Hires sampler: DPM++ SDE Exponential"),
    ).toMatchObject({ hrResizeX: 1024, hrResizeY: 0, hrSamplerName: "DPM++ SDE", hrScheduler: "Exponential" });
    expect(
      fieldsOf(
        "Denoising strength: 0.4, Hires upscale: 2, Hires sampler: Use same sampler, Hires schedule type: Karras",
      ),
    ).toMatchObject({ hrSamplerName: null, hrScheduler: null });
  });

  test("a text without it, or of img2img, switches it off and leaves its fields", () => {
    for (const more of ["Model: m", "Denoising strength: 0.4", "Hires upscale: 2"]) {
      const fields = fieldsOf(more);
      expect(fields).toMatchObject({ enableHr: false });
      expect(fields).not.toHaveProperty("hrUpscaler");
    }
  });

  test("texts from before 2023 give the finished size and the first pass' beside it", () => {
    const given = parseInfotext(`${HEAD}, Denoising strength: 0.7, First pass size: 320x448`);
    expect(samplingFromInfotext(given)).toMatchObject({ enableHr: true, hrResizeX: 512, hrResizeY: 768 });
    expect([given.parameters.get("Size-1"), given.parameters.get("Size-2")]).toEqual(["320", "448"]);
    const computed = parseInfotext(`${HEAD}, Denoising strength: 0.7, First pass size: 0x0`);
    // 512 x 768 pixels scaled to the number of 512 x 512, rounded up to 64.
    expect([computed.parameters.get("Size-1"), computed.parameters.get("Size-2")]).toEqual(["448", "640"]);
  });
});
