/** @file The texts that programs other than A1111 store in a picture: which program it was, and NovelAI's settings as an infotext. */
import { isNestedDeeply, quoteLongIntegers } from "@lexeme/core";
import { SAMPLER_NAMES, SAMPLERS } from "@lexeme/schedulers/catalogue";

/** Texts by their names in the file. */
export type PictureTexts = ReadonlyMap<string, string>;

const PROGRAMS = [
  { program: "NovelAI", isOwn: (texts: PictureTexts) => texts.get("Software") === "NovelAI" },
  {
    program: "InvokeAI",
    isOwn: (texts: PictureTexts) =>
      ["invokeai_metadata", "invokeai_graph", "invokeai_workflow", "sd-metadata", "Dream"].some((name) =>
        texts.has(name),
      ),
  },
  { program: "ComfyUI", isOwn: (texts: PictureTexts) => texts.has("workflow") || texts.has("prompt") },
] as const;

type OtherProgram = (typeof PROGRAMS)[number]["program"];

/** The program with settings of its own form in the picture; undefined if none is known. */
export function otherProgram(texts: PictureTexts): OtherProgram | undefined {
  return PROGRAMS.find(({ isOwn }) => isOwn(texts))?.program;
}

/** NovelAI's sampler if A1111 does not know it. */
const NOVELAI_SAMPLER = "Euler a";

/**
 * The infotext that A1111 makes of NovelAI's texts, with the values that NovelAI uses always (clip skip 2, ENSD 31337); undefined for other
 * pictures, and if a value is missing.
 */
export function novelAiInfotext(
  texts: PictureTexts,
  { width, height }: { width: number; height: number },
): string | undefined {
  const comment = texts.get("Comment") ?? "";
  const description = texts.get("Description");
  if (otherProgram(texts) !== "NovelAI" || description === undefined || isNestedDeeply(comment)) return undefined;
  const settings = parsed(comment);
  const [uc, steps, scale, seed] = ["uc", "steps", "scale", "seed"].map((name) => textOf(settings[name]));
  if (uc === undefined || steps === undefined || scale === undefined || seed === undefined) return undefined;
  return `${description}
Negative prompt: ${uc}
Steps: ${steps}, Sampler: ${samplerOf(settings["sampler"])}, CFG scale: ${scale}, Seed: ${seed}, Size: ${width}x${height}, Clip skip: 2, ENSD: 31337`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function samplerOf(name: unknown): string {
  return SAMPLER_NAMES.find((one) => SAMPLERS[one].aliases.some((alias) => alias === name)) ?? NOVELAI_SAMPLER;
}

function parsed(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(quoteLongIntegers(json));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
