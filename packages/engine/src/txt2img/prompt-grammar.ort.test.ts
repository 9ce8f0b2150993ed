/** @file The effects of prompt editing, alternation, AND and the emphasis modes on pictures. */
import { Txt2imgSettingsSchema, type Txt2imgSettings } from "@lexeme/domain/settings";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { useDemoEngine } from "../../test/demo-engine.ts";
import { recordingPorts } from "../testing.ts";

const demo = useDemoEngine();

async function draw(prompt: string, some: Partial<Txt2imgSettings> = {}) {
  const settings = { width: 64, height: 64, steps: 4, cfgScale: 4, seed: 5, samplerName: "Euler", randnSource: "CPU" };
  const parsed = Txt2imgSettingsSchema.parse({ ...settings, prompt, ...some });
  const { artifacts, warnings } = await demo.engine.run(
    { kind: "txt2img", settings: parsed, context: demo.world.context },
    recordingPorts(),
  );
  const { path, infotext = "" } = artifacts[0]!;
  return { pixels: await sharp(path).raw().toBuffer(), infotext, warnings };
}

async function differ(one: string, other: string, some: Partial<Txt2imgSettings> = {}): Promise<number> {
  const [a, b] = [(await draw(one, some)).pixels, (await draw(other, some)).pixels];
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0);
}

const WOMAN = "a photo of a woman";
const MAN = "a photo of a man";

describe("prompts over time", { timeout: 300_000 }, () => {
  test.each([
    ["a photo of a [woman:man:1.0]", WOMAN],
    ["a photo of a [woman:man:0]", MAN],
    ["a photo of a [woman|woman]", WOMAN],
    // The first segment lasts one call longer, so with four calls this never changes.
    ["a photo of a [woman:man:3]", WOMAN],
    ["a photo of a woman<lora:x:1> # or not", WOMAN],
    ["a photo of a woman:0.5 AND a photo of a woman:0.5", WOMAN],
  ])("%s is %s", async (edited, plain) => expect(await differ(edited, plain)).toBeLessThanOrEqual(1));

  test("a word that changes in the middle makes another picture", async () => {
    const edited = "a photo of a [woman:man:1]";
    expect(await differ(edited, WOMAN)).toBeGreaterThan(5);
    expect(await differ(edited, MAN)).toBeGreaterThan(5);
    expect(await differ("a photo of a [man|woman]", edited)).toBeGreaterThan(5);
  });

  test("two words guide together; weights have an effect, also negative ones, and parts may differ in length", async () => {
    expect(await differ(`${WOMAN} AND ${MAN}`, WOMAN)).toBeGreaterThan(5);
    expect(await differ(`${WOMAN} AND ${MAN}:-0.5`, WOMAN)).toBeGreaterThan(5);
    expect(await differ(`${WOMAN}:2`, WOMAN)).toBeGreaterThan(5);
    expect(await differ(`${WOMAN}:2`, WOMAN, { cfgScale: 1 })).toBeGreaterThan(5);
    const long = Array(80).fill("photo").join(" ");
    expect(await differ(`${WOMAN} AND ${long}`, WOMAN)).toBeGreaterThan(5);
    expect(await differ(`[${long}:${WOMAN}:0.5]`, WOMAN)).toBeGreaterThan(5);
  });

  test("a negative prompt changes over time as well", async () => {
    const edited = await draw(WOMAN, { negativePrompt: "[man:photo:1]" });
    const plain = await draw(WOMAN, { negativePrompt: "man" });
    expect(edited.pixels.equals(plain.pixels)).toBe(false);
  });

  test("a batch with prompts over time equals its single pictures", async () => {
    const prompt = "a photo of a [woman:man:1] AND a [man|woman]:0.5";
    const parsed = Txt2imgSettingsSchema.parse({ prompt, width: 64, height: 64, steps: 4, seed: 8, batchSize: 2 });
    const { artifacts } = await demo.engine.run(
      { kind: "txt2img", settings: parsed, context: demo.world.context },
      recordingPorts(),
    );
    const second = await sharp(artifacts[1]!.path).raw().toBuffer();
    const single = await demo.engine.run(
      { kind: "txt2img", settings: { ...parsed, seed: "9", batchSize: 1 }, context: demo.world.context },
      recordingPorts(),
    );
    const alone = await sharp(single.artifacts[0]!.path).raw().toBuffer();
    expect(second.reduce((max, value, i) => Math.max(max, Math.abs(value - alone[i]!)), 0)).toBeLessThanOrEqual(1);
  });
});

describe("emphasis modes", { timeout: 300_000 }, () => {
  const weighted = "a photo of a (woman:1.6)";

  test("Ignore removes the weights, None reads the brackets as text, and the infotext names the mode", async () => {
    const plain = await draw(WOMAN);
    const ignored = await draw(weighted, { emphasis: "Ignore" });
    expect(ignored.pixels.equals(plain.pixels)).toBe(true);
    expect(ignored.infotext).toContain(", Emphasis: Ignore, ");
    const literal = await draw(weighted, { emphasis: "None" });
    expect(literal.pixels.equals(plain.pixels)).toBe(false);
    expect(plain.infotext).not.toContain("Emphasis");
    expect((await draw(WOMAN, { emphasis: "Ignore" })).infotext).not.toContain("Emphasis");
  });

  test("without restoring the mean the picture differs", async () => {
    const original = await draw(weighted);
    const noNorm = await draw(weighted, { emphasis: "No norm" });
    expect(noNorm.pixels.equals(original.pixels)).toBe(false);
  });

  test("unsupported networks are named in a warning, and stay in the infotext", async () => {
    const { warnings, infotext } = await draw(`${WOMAN} <lora:style:0.8>`);
    expect(warnings).toEqual(["<lora:style> is not supported: it was left out and is kept in the infotext"]);
    expect(infotext).toContain("<lora:style:0.8>");
  });
});
