/** @file Prompts of 100,000 characters through txt2img on the demo checkpoint give a picture or a clear error, and never hang. */
import { Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { expect, test } from "vitest";
import { useDemoEngine } from "../../test/demo-engine.ts";
import { recordingPorts } from "../testing.ts";

const demo = useDemoEngine();

const filled = (text: string): string => text.repeat(Math.ceil(100_000 / text.length)).slice(0, 100_000);

test.each([
  ["words", filled("a photo of a woman, ")],
  ["a word", filled("漢字")],
  ["what changes with every step", filled("[a|b|c] ")],
])("%s", { timeout: 300_000 }, async (_, prompt) => {
  const settings = { prompt, width: 64, height: 64, steps: 2, cfgScale: 4, seed: 5, samplerName: "Euler" };
  const { artifacts } = await demo.engine.run(
    { kind: "txt2img", settings: Txt2imgSettingsSchema.parse(settings), context: demo.world.context },
    recordingPorts(),
  );
  expect(artifacts).toHaveLength(1);
  expect(artifacts[0]!.infotext!.startsWith(prompt.trim())).toBe(true);
});
