/** @file A text that the button fills in is read as the same values again. */
import { SAMPLER_NAMES } from "@lexeme/schedulers/catalogue";
import { planXyzPlot, XyzPlotSettingsSchema } from "@lexeme/domain/plot";
import type { Checkpoint } from "@lexeme/protocol";
import { expect, it } from "vitest";
import { fillOf } from "./plot-fill.ts";

const checkpoints = [
  { name: 'odd, "name".safetensors', unsupportedReason: null },
  { name: "sdxl.safetensors", unsupportedReason: "it is SDXL" },
  { name: "sub/plain.ckpt", unsupportedReason: null },
] as Checkpoint[];
const sources = { checkpoints, copies: [100, 250].map((step) => ({ step, path: "" })) };

it.each([
  ["Sampler", [...SAMPLER_NAMES]],
  ["Checkpoint name", ['odd, "name".safetensors', "sub/plain.ckpt"]],
  ["Training copy", [100, 250]],
] as const)("%s", (xType, values) => {
  const xValues = fillOf(xType, sources)!.text;
  const settings = XyzPlotSettingsSchema.parse({ prompt: "mira", xyzEmbedding: "mira", xType, xValues });
  expect(planXyzPlot(settings).x.values).toEqual(values);
});

it("there is nothing to fill in if there are no values of the type", () => {
  expect(fillOf("Training copy", { ...sources, copies: [] })).toBeUndefined();
  expect(fillOf("Steps", sources)).toBeUndefined();
});
