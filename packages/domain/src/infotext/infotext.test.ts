/** @file Infotext is written and read back, and read as A1111 and other programs write it. */
import { describe, expect, it } from "vitest";
import { a1111DefaultOf } from "../settings/setting.ts";
import { Txt2imgSettingsSchema } from "../settings/txt2img-settings.ts";
import { infotextValue } from "./infotext-keys.ts";
import { settingsFromInfotext } from "./infotext-settings.ts";
import { parseInfotext, writeInfotext } from "./infotext.ts";
import { writeTxt2imgInfotext, type PictureFacts } from "./txt2img-infotext.ts";

const settings = Txt2imgSettingsSchema.parse({
  prompt: "A (((oil painting))) of [[[[[my_embedding]]]]] by (((Leonardo da Vinci))))",
  steps: 20,
  samplerName: "DPM++ 2M",
  scheduler: "Karras",
  cfgScale: 7,
  width: 512,
  height: 768,
  clipSkip: 1,
  randnSource: "CPU",
});
const facts: PictureFacts = {
  seed: "1",
  modelHash: "6ce0161689",
  model: "v1-5-pruned-emaonly",
  embeddings: [{ name: "my_embedding", shortHash: "0123456789ab" }],
  version: "lexeme 0.1.0",
};

describe("writing", () => {
  it("gives A1111's lines and order", () => {
    expect(writeTxt2imgInfotext(settings, facts)).toBe(
      `${settings.prompt}\nSteps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, RNG: CPU, TI hashes: "my_embedding: 0123456789ab", Version: lexeme 0.1.0`,
    );
  });

  it("leaves out keys that are not known or have A1111's default", () => {
    const bare = { ...facts, modelHash: undefined, embeddings: [] };
    const changed = { negativePrompt: "bad\nworse", randnSource: "GPU", clipSkip: 2, cfgScale: 7.5 } as const;
    expect(writeTxt2imgInfotext({ ...settings, ...changed }, bare)).toBe(
      `${settings.prompt}\nNegative prompt: bad\nworse\nSteps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 1, Size: 512x768, Model: v1-5-pruned-emaonly, Clip skip: 2, Version: lexeme 0.1.0`,
    );
  });
});

describe("a key that the text leaves out", () => {
  it("is filled in with the default that its setting declares for A1111", () => {
    const { parameters } = parseInfotext("a\nSteps: 20, Seed: 1, Size: 64x64");
    const { clipSkip, randnSource, scheduler } = Txt2imgSettingsSchema.shape;
    expect(infotextValue(parameters, "Clip skip")).toBe(String(a1111DefaultOf(clipSkip)));
    expect(infotextValue(parameters, "RNG")).toBe(a1111DefaultOf(randnSource));
    expect(infotextValue(parameters, "Schedule type")).toBe(a1111DefaultOf(scheduler));
    expect([...parameters.keys()].toSorted()).toEqual(
      ["Clip skip", "RNG", "Schedule type", "Seed", "Size-1", "Size-2", "Steps"].toSorted(),
    );
  });

  it("stays out of a text without parameters", () => {
    expect(parseInfotext("only a prompt").parameters.size).toBe(0);
  });
});

describe("sampling", () => {
  const sampled = {
    ...settings,
    samplerName: "Euler a",
    scheduler: "Automatic",
    clipSkip: 2,
    randnSource: "NV",
    subseedStrength: 0.25,
    seedResizeFromW: 512,
    seedResizeFromH: 384,
    etaNoiseSeedDelta: "31337",
    emphasis: "No norm",
    eta: 0.5,
    sMinUncond: 1,
  } as const;

  it("is written in A1111's places and read back", () => {
    const text = writeTxt2imgInfotext(sampled, { ...facts, subseed: "77", negativeSkipped: true });
    expect(text.split("\n")[1]).toBe(
      'Steps: 20, Sampler: Euler a, Schedule type: Automatic, CFG scale: 7, Seed: 1, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, Variation seed: 77, Variation seed strength: 0.25, Seed resize from: 512x384, Clip skip: 2, ENSD: 31337, RNG: NV, TI hashes: "my_embedding: 0123456789ab", Emphasis: No norm, Eta: 0.5, NGMS: 1, Version: lexeme 0.1.0',
    );
    expect(settingsFromInfotext(parseInfotext(text))).toEqual({
      prompt: settings.prompt,
      negativePrompt: "",
      steps: 20,
      cfgScale: 7,
      seed: "1",
      width: 512,
      height: 768,
      clipSkip: 2,
      samplerName: "Euler a",
      scheduler: "Automatic",
      subseed: "77",
      subseedStrength: 0.25,
      seedResizeFromW: 512,
      seedResizeFromH: 384,
      eta: 0.5,
      sChurn: 0,
      sTmin: 0,
      sTmax: 0,
      sNoise: 1,
      sMinUncond: 1,
      sigmaMin: 0,
      sigmaMax: 0,
      rho: 0,
      sgmNoiseMultiplier: false,
      betaDistAlpha: 0.6,
      betaDistBeta: 0.6,
      alwaysDiscardNextToLastSigma: false,
      etaNoiseSeedDelta: "31337",
      randnSource: "NV",
      emphasis: "No norm",
      tiling: false,
      enableHr: false,
    });
  });

  it.each([
    ["DPM++ 2M Karras", "DPM++ 2M", "Karras"],
    ["DPM++ 2M SGM Uniform", "DPM++ 2M", "SGM Uniform"],
    ["DPM++ 2M SDE Heun Exponential", "DPM++ 2M SDE Heun", "Exponential"],
    ["DPM2 a karras", "DPM2 a", "Karras"],
    ["Euler a sgm_uniform", "Euler a", "SGM Uniform"],
    ["DPM++ SDE SGMUniform", "DPM++ SDE", "SGM Uniform"],
    ["Restart", "Restart", "Automatic"],
    ["DDIM", "DDIM", "Automatic"],
    ["Made Up Karras", "Made Up Karras", "Automatic"],
  ])("%s is %s with %s", (name, samplerName, scheduler) => {
    const infotext = parseInfotext(`p\nSteps: 20, Sampler: ${name}, CFG scale: 7, Seed: 5`);
    expect(settingsFromInfotext(infotext)).toMatchObject({ samplerName, scheduler });
  });

  it("a key that an infotext leaves out has A1111's default", () => {
    expect(settingsFromInfotext(parseInfotext("p\nSteps: 9, Sampler: DDIM, Seed: 5, Eta DDIM: 0.3"))).toMatchObject({
      subseedStrength: 0,
      seedResizeFromW: 0,
      eta: 0.3,
      etaNoiseSeedDelta: "0",
      randnSource: "GPU",
    });
    expect(settingsFromInfotext(parseInfotext("only a prompt"))).toEqual({
      prompt: "only a prompt",
      negativePrompt: "",
    });
  });
});

it("Tiling, the shape of Beta and the left out sigma are written in A1111's places and read back", () => {
  const changed = { tiling: true, scheduler: "Beta", betaDistBeta: 0.9, alwaysDiscardNextToLastSigma: true } as const;
  const text = writeTxt2imgInfotext({ ...settings, ...changed, sigmaMin: 0.1, sChurn: 2, samplerName: "Euler" }, facts);
  expect(text.split("\n")[1]).toContain(
    'RNG: CPU, Tiling: True, TI hashes: "my_embedding: 0123456789ab", Discard penultimate sigma: True, Schedule min sigma: 0.1, Beta schedule alpha: 0.6, Beta schedule beta: 0.9, Sigma churn: 2, Version',
  );
  expect(settingsFromInfotext(parseInfotext(text))).toMatchObject(changed);
  const own = writeTxt2imgInfotext({ ...settings, ...changed, samplerName: "DPM2" }, facts);
  expect(own).not.toContain("Discard penultimate sigma");
});

describe("parsing", () => {
  it.each([
    ["one line", "a cat", ""],
    ["many lines", "a cat,\n\nin a hat: blue\nSteps: 3", "ugly\n\nwet: very"],
    ["no prompt", "", "only this"],
    ["brackets and quotes", settings.prompt, 'a "quoted", \\(escaped\\)'],
  ])("brings back %s", (_, prompt, negativePrompt) => {
    const got = parseInfotext(writeTxt2imgInfotext({ ...settings, prompt, negativePrompt }, facts));
    expect([got.prompt, got.negativePrompt]).toEqual([prompt, negativePrompt]);
    expect(Object.fromEntries(got.parameters)).toEqual({
      Steps: "20",
      Sampler: "DPM++ 2M",
      "Schedule type": "Karras",
      "CFG scale": "7",
      Seed: "1",
      "Size-1": "512",
      "Size-2": "768",
      "Model hash": "6ce0161689",
      Model: "v1-5-pruned-emaonly",
      "Clip skip": "1",
      RNG: "CPU",
      "TI hashes": "my_embedding: 0123456789ab",
      Version: "lexeme 0.1.0",
    });
  });

  it("finds the parameters before the lines of Dynamic Prompts, and reads those", () => {
    const text =
      "a red cat\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 64x64\nTemplate: a {red|blue} cat,\nNegative Template: (blurry:1.2), a: b, c: d, e: f";
    const { prompt, negativePrompt, parameters, doubts } = parseInfotext(text);
    expect([prompt, negativePrompt]).toEqual(["a red cat", "blurry"]);
    expect(parameters.get("Steps")).toBe("20");
    expect(parameters.get("Template")).toBe("a {red|blue} cat,");
    expect(parameters.get("Negative Template")).toBe("(blurry:1.2), a: b, c: d, e: f");
    expect(doubts).toBeUndefined();
  });

  it.each([
    ["bars", "a cat\nSteps: 20 | Sampler: Euler a | CFG scale: 7 | Seed: 5 | Size: 64x64", /bars/u],
    [
      "a line after them",
      "a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 64x64\nshared by me",
      /“shared by me”/u,
    ],
    [
      "one line",
      "a cat Negative prompt: blurry Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 64x64",
      /one line/u,
    ],
  ])("reads parameters with %s, and doubts", (_what, text, doubt) => {
    const { prompt, parameters, doubts } = parseInfotext(text);
    expect(prompt).toBe("a cat");
    expect([
      parameters.get("Steps"),
      parameters.get("Sampler"),
      parameters.get("Seed"),
      parameters.get("Size-1"),
    ]).toEqual(["20", "Euler a", "5", "64"]);
    expect(doubts).toEqual([expect.stringMatching(doubt)]);
  });

  it("doubts a last line without any usual key", () => {
    expect(parseInfotext("a cat\nlight: soft, style: oil, mood: calm").doubts).toEqual([
      expect.stringContaining("none of the usual keys"),
    ]);
  });

  it("quotes a value with a comma, a colon or a newline, and removes the quotes", () => {
    const text = writeInfotext({ prompt: "p", negativePrompt: "" }, [
      ["A b", 'x, "y": z\n'],
      ["C d", "plain"],
      ["E f", undefined],
      ["G/h-i", 3],
    ]);
    expect(text).toBe('p\nA b: "x, \\"y\\": z\\n", C d: plain, G/h-i: 3');
    expect(parseInfotext(text).parameters.get("A b")).toBe('x, "y": z\n');
  });

  it("fills in A1111's defaults, which older files leave out", () => {
    const { parameters } = parseInfotext(
      "a dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 512x512, Model hash: 7460a6fa",
    );
    expect([parameters.get("Schedule type"), parameters.get("RNG"), parameters.get("Clip skip")]).toEqual([
      "Automatic",
      "GPU",
      "1",
    ]);
  });

  it("text without three pairs on its last line is all prompt", () => {
    expect(parseInfotext("a cat\nwith: hat, and: shoes")).toEqual({
      prompt: "a cat\nwith: hat, and: shoes",
      negativePrompt: "",
      parameters: new Map(),
    });
    expect(parseInfotext("").prompt).toBe("");
  });

  it.each([
    ["a word without an end", "a".repeat(200_000)],
    ["blanks without an end", `a${" ".repeat(200_000)}b`],
    ["keys alone", "ab: ".repeat(50_000)],
    ["quotes that never close", 'ab: "'.repeat(50_000)],
    ["one quote and backslashes", `ab: "${String.raw`\"`.repeat(100_000)}`],
    ["words and no key", `${"a".repeat(999)};`.repeat(200)],
    ["blanks before the settings of one line", `a${" ".repeat(100_000)}b Steps: 20, Sampler: Euler, CFG scale: 7`],
  ])("reads %s in no time, as a last line", (_what, line) => {
    const start = performance.now();
    parseInfotext(`a cat\n${line}`);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it("keeps a quoted value that is not JSON as it is", () => {
    expect(parseInfotext(String.raw`p` + "\n" + String.raw`Aa: "\x", Bb: 1, Cc: 2`).parameters.get("Aa")).toBe(
      String.raw`"\x"`,
    );
  });
});
