/** @file Prompts of 100,000 characters through txt2img on the demo checkpoint: a picture, or a sentence why not; never a hang. */
import { Txt2imgSettingsSchema } from "@lexeme/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDemoWorld, type DemoWorld } from "../../test/demo-world.ts";
import { openEngine, type Engine } from "../engine.ts";
import { recordingPorts } from "../testing.ts";

let world: DemoWorld;
let engine: Engine;

beforeAll(async () => {
  world = await openDemoWorld();
  engine = await openEngine({ device: "cpu", threads: 2, selfTestCheckpoint: "" });
});
afterAll(async () => {
  await engine.dispose();
  await world[Symbol.asyncDispose]();
});

const filled = (text: string): string => text.repeat(Math.ceil(100_000 / text.length)).slice(0, 100_000);

test.each([
  ["words", filled("a photo of a woman, ")],
  ["a word", filled("漢字")],
  ["what changes with every step", filled("[a|b|c] ")],
])("%s", { timeout: 300_000 }, async (_, prompt) => {
  const settings = { prompt, width: 64, height: 64, steps: 2, cfgScale: 4, seed: 5, samplerName: "Euler" };
  const { artifacts } = await engine.txt2img(Txt2imgSettingsSchema.parse(settings), world.context, recordingPorts());
  expect(artifacts).toHaveLength(1);
  expect(artifacts[0]!.infotext!.startsWith(prompt.trim())).toBe(true);
});
