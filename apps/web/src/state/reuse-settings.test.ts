/** @file Infotexts of ours and of A1111 back into settings. */
import { expect, it } from "vitest";
import { previewFrom, settingsFromInfotext } from "./reuse-settings.ts";

it("takes over everything a form has", () => {
  const { settings, ignored } = settingsFromInfotext(
    "A (((oil painting))) of [[[[[mira]]]]]\nNegative prompt: blurry\nSteps: 25, Sampler: DDIM, Schedule type: Automatic, CFG scale: 4.5, Seed: 7, Size: 128x192, Model hash: 28313ef462, Model: demo-world, Clip skip: 2, RNG: CPU, Version: 0.1.0",
  );
  expect(settings).toEqual({
    prompt: "A (((oil painting))) of [[[[[mira]]]]]",
    negativePrompt: "blurry",
    steps: 25,
    samplerName: "DDIM",
    scheduler: "Automatic",
    cfgScale: 4.5,
    seed: 7,
    width: 128,
    height: 192,
    clipSkip: 2,
    emphasis: "Original",
    enableHr: false,
    // What the text leaves out goes back to A1111's default, so that nothing set before changes the picture.
    subseedStrength: 0,
    seedResizeFromW: 0,
    seedResizeFromH: 0,
    eta: null,
    sChurn: 0,
    sTmin: 0,
    sTmax: 0,
    sNoise: 1,
    sMinUncond: 0,
    etaNoiseSeedDelta: 0,
    randnSource: "CPU",
  });
  expect(ignored).toEqual([]);
});

it("parts the joined names of older files", () => {
  const { settings } = settingsFromInfotext(
    "x\nSteps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 1, Size: 512x512",
  );
  expect(settings).toMatchObject({ samplerName: "DPM++ 2M", scheduler: "Karras", clipSkip: 1 });
});

it("tells what it cannot take over, and leaves that field alone", () => {
  const { settings, ignored } = settingsFromInfotext(
    "x\nSteps: 20, Sampler: Made Up, CFG scale: 99, Seed: 1, Size: 512x512",
  );
  expect(settings).not.toHaveProperty("samplerName");
  expect(settings).not.toHaveProperty("cfgScale");
  expect(ignored).toEqual(['Sampling method "Made Up" is not offered here', 'CFG Scale "99" is not offered here']);
});

it("takes a text without settings as a prompt", () => {
  expect(settingsFromInfotext("just words").settings).toEqual({ prompt: "just words", negativePrompt: "" });
});

it("leaves out of a preview what was not said", () => {
  expect(previewFrom({ prompt: "a", seed: 3 })).toEqual({ previewPrompt: "a", previewSeed: 3 });
});
