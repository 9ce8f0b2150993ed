/** @file The axes of an X/Y/Z plot, one row each. All other code about an axis uses its row; only the files are found elsewhere, by the server. */
import { SAMPLER_NAMES } from "@lexeme/schedulers/catalogue";
import { RANDOM_SEED, type Seed } from "../settings/seed-field.ts";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import {
  readCopySteps,
  readNumbersOf,
  readReplacements,
  readSamplers,
  readSeeds,
  readTexts,
  readWeights,
} from "./axis-readers.ts";
import type { AxisCell, AxisRow, AxisValue, CellChange } from "./axis-row.ts";
import { withEmbeddingWeight } from "./embedding-weight.ts";

/** The axes with A1111's names and in its order; the last two are Lexeme's own. */
const AXES = {
  Nothing: {
    read: () => [""],
    apply: () => ({}),
    label: () => "",
    example: "",
    isEmpty: true,
  },
  Seed: {
    read: readSeeds,
    apply: (value) => ({ settings: { seed: value as Seed } }),
    label: (value) => `Seed: ${value}`,
    example: "1, 2, 10-12, -1",
    isRandom: (value) => value === RANDOM_SEED,
  },
  Steps: {
    read: readNumbersOf("steps", "integer"),
    apply: (value) => ({ settings: { steps: Number(value) } }),
    label: (value) => `Steps: ${value}`,
    example: "10, 20 or 10-50 (+10)",
  },
  "CFG Scale": {
    read: readNumbersOf("cfgScale", "decimal"),
    apply: (value) => ({ settings: { cfgScale: Number(value) } }),
    label: (value) => `CFG Scale: ${value}`,
    example: "4, 7.5 or 3-9 [3]",
  },
  "Prompt S/R": {
    read: readReplacements,
    apply: replaceWords,
    label: String,
    example: 'cat, dog, "black, white"',
    help: "Each value in turn replaces the first value in the prompt",
    areWords: true,
  },
  Sampler: {
    read: readSamplers,
    apply: (value) => ({ settings: { samplerName: value as Txt2imgSettings["samplerName"] } }),
    label: String,
    example: "Euler a, DPM++ 2M",
    fill: { label: "Fill in all samplers", values: SAMPLER_NAMES },
  },
  "Checkpoint name": {
    read: readTexts,
    apply: (value) => ({ settings: { checkpoint: String(value) } }),
    // The name without the folder.
    label: (value) => String(value).split(/[/\\]/u).at(-1) ?? "",
    example: "one.safetensors, two",
    isSlow: true,
    files: "checkpoint",
    fill: { label: "Fill in all checkpoints" },
  },
  "Embedding weight": {
    read: readWeights,
    apply: weighEmbedding,
    label: (value, embedding) => `${embedding}: ${value}`,
    example: "0.6, 1, 1.4 or 0.5-1.5 [5]",
    isAboutEmbedding: true,
  },
  "Training copy": {
    read: readCopySteps,
    apply: (value) => ({ copyStep: Number(value) }),
    label: (value, embedding) => `${embedding}-${value}`,
    example: "100, 200 or 100-500 (+100)",
    help: "The steps of copies that a training saved",
    isAboutEmbedding: true,
    files: "trainingCopy",
    fill: { label: "Fill in the copies of the last training" },
  },
} as const satisfies Record<string, AxisRow>;

export type XyzAxisType = keyof typeof AXES;

export const XYZ_AXIS_TYPES = Object.keys(AXES) as [XyzAxisType, ...XyzAxisType[]];
/** The type of an axis that varies nothing. */
export const XYZ_NOTHING: XyzAxisType = "Nothing";

export function axisRow(type: XyzAxisType): AxisRow {
  return AXES[type];
}

/** Replaces the axis' first value in both prompts by this value. */
function replaceWords(value: AxisValue, { settings, values }: AxisCell): CellChange {
  const replace = (text: string): string => text.replaceAll(String(values[0]), () => String(value));
  return { settings: { prompt: replace(settings.prompt), negativePrompt: replace(settings.negativePrompt) } };
}

/** Also changes the second pass' prompts (A1111 has no such axis): a second pass with the old weight would hide the difference. */
function weighEmbedding(value: AxisValue, { settings, embedding }: AxisCell): CellChange {
  const weighted = (text: string): string => withEmbeddingWeight(text, embedding, Number(value));
  return {
    settings: {
      prompt: weighted(settings.prompt),
      negativePrompt: weighted(settings.negativePrompt),
      hrPrompt: weighted(settings.hrPrompt),
      hrNegativePrompt: weighted(settings.hrNegativePrompt),
    },
  };
}
