/** @file Hires fix in infotexts: written in A1111's wording and order, and read back into fields. */
import { describe, expect, test } from "vitest";
import { settingsFromInfotext } from "./infotext-settings.ts";
import { parseInfotext } from "./infotext.ts";
import { writeTxt2imgInfotext, type PictureFacts } from "./txt2img-infotext.ts";
import { Txt2imgSettingsSchema } from "../settings/txt2img-settings.ts";

const facts: PictureFacts = {
  seed: "1",
  modelHash: "0123456789",
  model: "m",
  embeddings: [{ name: "mira", shortHash: "0123456789ab" }],
  version: "v",
};
const settings = Txt2imgSettingsSchema.parse({
  prompt: "a cat",
  steps: 20,
  samplerName: "Euler a",
  cfgScale: 7,
  clipSkip: 2,
  randnSource: "GPU",
  enableHr: true,
  denoisingStrength: 0.55,
  hrSamplerName: "DPM++ 2M",
  hrScheduler: "Karras",
  hrPrompt: "a cat, sharp",
  hrNegativePrompt: "blurry",
  hrScale: 1.5,
  hrSecondPassSteps: 10,
  hrUpscaler: "Latent (nearest-exact)",
});

const HEAD = "x\nSteps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 512x768";
const fieldsOf = (more: string) => settingsFromInfotext(parseInfotext(`${HEAD}, ${more}`));

describe("writing", () => {
  test("the strength stands among the picture's own keys, the other keys before those of the prompts", () => {
    expect(writeTxt2imgInfotext(settings, facts).split("\n")[1]).toBe(
      "Steps: 20, Sampler: Euler a, Schedule type: Automatic, CFG scale: 7, Seed: 1, Size: 512x512, " +
        "Model hash: 0123456789, Model: m, Denoising strength: 0.55, Clip skip: 2, Hires sampler: DPM++ 2M, " +
        'Hires prompt: "a cat, sharp", Hires negative prompt: blurry, Hires schedule type: Karras, Hires upscale: 1.5, ' +
        'Hires steps: 10, Hires upscaler: Latent (nearest-exact), TI hashes: "mira: 0123456789ab", Version: v',
    );
  });

  test("settings that both passes share are left out; a size replaces the scale", () => {
    const alike = Txt2imgSettingsSchema.parse({
      ...settings,
      hrSamplerName: null,
      hrScheduler: null,
      hrPrompt: "a cat",
    });
    const resized = { ...alike, hrNegativePrompt: "", denoisingStrength: 0.7, hrScale: 2, hrResizeX: 768 };
    expect(writeTxt2imgInfotext({ ...resized, hrSecondPassSteps: 0, hrUpscaler: "Latent" }, facts)).toContain(
      "Denoising strength: 0.7, Clip skip: 2, Hires resize: 768x0, Hires upscaler: Latent, TI hashes",
    );
    expect(writeTxt2imgInfotext({ ...settings, enableHr: false }, facts)).not.toMatch(/Hires|Denoising/);
  });

  test("the emphasis mode is written if only a hires prompt has brackets", () => {
    const withoutNorm = { ...settings, emphasis: "No norm" } as const;
    expect(writeTxt2imgInfotext({ ...withoutNorm, hrPrompt: "a (cat)" }, facts)).toContain("Emphasis: No norm");
    expect(writeTxt2imgInfotext(withoutNorm, facts)).not.toContain("Emphasis");
  });
});

describe("reading", () => {
  test("written keys are read back as fields that the schema takes", () => {
    const fields = settingsFromInfotext(parseInfotext(writeTxt2imgInfotext(settings, facts)));
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

  test("A1111's texts: a missing key means the first pass' value, joined names are split, a model's name is kept", () => {
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

  test("a text without hires fix, or of img2img, switches hires fix off and leaves its fields", () => {
    for (const more of ["Model: m", "Denoising strength: 0.4", "Hires upscale: 2"]) {
      const fields = fieldsOf(more);
      expect(fields).toMatchObject({ enableHr: false });
      expect(fields).not.toHaveProperty("hrUpscaler");
    }
  });

  test("texts from before 2023 give the finished size and the first pass' size", () => {
    const given = parseInfotext(`${HEAD}, Denoising strength: 0.7, First pass size: 320x448`);
    expect(settingsFromInfotext(given)).toMatchObject({ enableHr: true, hrResizeX: 512, hrResizeY: 768 });
    expect([given.parameters.get("Size-1"), given.parameters.get("Size-2")]).toEqual(["320", "448"]);
    const computed = parseInfotext(`${HEAD}, Denoising strength: 0.7, First pass size: 0x0`);
    // 512 x 768 pixels scaled to the number of 512 x 512, rounded up to 64.
    expect([computed.parameters.get("Size-1"), computed.parameters.get("Size-2")]).toEqual(["448", "640"]);
  });
});
