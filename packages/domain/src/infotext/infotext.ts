/** @file A1111's infotext: the settings of a picture as text, in its PNG's `parameters` chunk. Written in A1111's order, parsed by its rules. */

import type { Seed } from "../settings/seed-field.ts";
import { hiresParameters, restoreFirstPassSize, type HiresInfotext } from "./infotext-hires.ts";

/** Key and value in the order of writing; undefined is left out. */
export type InfotextParameters = readonly (readonly [key: string, value: string | number | undefined])[];

export interface Infotext {
  prompt: string;
  negativePrompt: string;
  /** As written, quotes taken off; `Size` comes as `Size-1` and `Size-2`, what A1111 leaves out has its default. */
  parameters: ReadonlyMap<string, string>;
}

/** What a txt2img picture says of itself. */
export interface Txt2imgInfotext {
  prompt: string;
  negativePrompt: string;
  steps: number;
  sampler: string;
  scheduleType: string;
  cfgScale: number;
  seed: Seed;
  width: number;
  height: number;
  /** First 10 hex digits of the checkpoint's sha256; undefined while it is not known. */
  modelHash: string | undefined;
  /** What the options leave out is undefined here. */
  model: string | undefined;
  /** The separate VAE's file name; undefined when the checkpoint's own was used. */
  vae?: string | undefined;
  /** First 10 hex digits of that file's sha256. */
  vaeHash?: string | undefined;
  clipSkip: number;
  /** Of this picture; undefined without variation. */
  variation?: { seed: Seed; strength: number } | undefined;
  seedResizeFrom?: { width: number; height: number } | undefined;
  /** Eta noise seed delta, where it is not 0 and the sampler goes by it. */
  ensd?: Seed | undefined;
  /** Where noise comes from; A1111 leaves its own default, "GPU", out. */
  rng: "CPU" | "NV" | "GPU";
  /** Embeddings of the prompt, then of the negative prompt; one in both is there twice, as in A1111. */
  embeddings: readonly { name: string; shortHash: string }[];
  /** A1111's setting of that name; written where a prompt has brackets and it is not "Original". */
  emphasis?: string | undefined;
  /** Of hires fix, where there was a second pass. */
  hires?: HiresInfotext | undefined;
  /** What sampling adds of its own, in A1111's order: `Eta`, `Sigma churn`, … */
  extra?: InfotextParameters;
  version: string | undefined;
}

const NEGATIVE = "Negative prompt:";

/** The whole text for a txt2img picture, keys in A1111's order. */
export function writeTxt2imgInfotext(facts: Txt2imgInfotext): string {
  const hashes = facts.embeddings.map(({ name, shortHash }) => `${name.replace(/[:,]/gu, "")}: ${shortHash}`);
  return writeInfotext(facts, [
    ["Steps", facts.steps],
    ["Sampler", facts.sampler],
    ["Schedule type", facts.scheduleType],
    ["CFG scale", facts.cfgScale],
    ["Seed", facts.seed],
    ["Size", `${facts.width}x${facts.height}`],
    ["Model hash", facts.modelHash],
    ["Model", facts.model?.replace(/[:,]/gu, "")],
    ["VAE hash", facts.vaeHash],
    ["VAE", facts.vae],
    ["Variation seed", facts.variation?.seed],
    ["Variation seed strength", facts.variation?.strength],
    ["Seed resize from", facts.seedResizeFrom && `${facts.seedResizeFrom.width}x${facts.seedResizeFrom.height}`],
    ["Denoising strength", facts.hires?.denoisingStrength],
    ["Clip skip", facts.clipSkip > 1 ? facts.clipSkip : undefined],
    ["ENSD", facts.ensd],
    ["RNG", facts.rng === "GPU" ? undefined : facts.rng],
    ...hiresParameters(facts.hires),
    ["TI hashes", hashes.length > 0 ? hashes.join(", ") : undefined],
    ["Emphasis", emphasisToShow(facts)],
    ...(facts.extra ?? []),
    ["Version", facts.version],
  ]);
}

function emphasisToShow({ emphasis, prompt, negativePrompt, hires }: Txt2imgInfotext): string | undefined {
  const prompts = [prompt, negativePrompt, hires?.prompt, hires?.negativePrompt].join(" ");
  return emphasis !== "Original" && /[([]/u.test(prompts) ? emphasis : undefined;
}

/** Prompt, negative prompt if there is one, then the parameters on one line. */
export function writeInfotext(
  { prompt, negativePrompt }: Pick<Infotext, "prompt" | "negativePrompt">,
  parameters: InfotextParameters,
): string {
  const pairs = parameters.flatMap(([key, value]) => (value === undefined ? [] : `${key}: ${quote(String(value))}`));
  const negative = negativePrompt === "" ? "" : `\n${NEGATIVE} ${negativePrompt}`;
  return `${prompt}${negative}\n${pairs.join(", ")}`.trim();
}

/** The infotext with more parameters, before the version where it has one, as A1111's scripts add theirs. */
export function insertParameters(infotext: string, parameters: InfotextParameters): string {
  const added = parameters
    .flatMap(([key, value]) => (value === undefined ? [] : `, ${key}: ${quote(String(value))}`))
    .join("");
  const version = infotext.lastIndexOf(", Version: ");
  const at = version > infotext.lastIndexOf("\n") ? version : infotext.length;
  return infotext.slice(0, at) + added + infotext.slice(at);
}

/** Never fails: what is not understood is prompt. A last line with fewer than three pairs is prompt too. */
export function parseInfotext(text: string): Infotext {
  const lines = text.trim().split("\n");
  const pairs = parsePairs(lines.at(-1) ?? "");
  const hasParameters = pairs.length >= 3;
  const prompts: { prompt: string[]; negative: string[] } = { prompt: [], negative: [] };
  let target = prompts.prompt;
  for (const raw of hasParameters ? lines.slice(0, -1) : lines) {
    let line = raw.trim();
    if (line.startsWith(NEGATIVE)) {
      target = prompts.negative;
      line = line.slice(NEGATIVE.length).trim();
    }
    // A1111 joins with a newline only behind text, so blank lines at the front vanish.
    if (target.length > 0 || line !== "") target.push(line);
  }
  return {
    prompt: prompts.prompt.join("\n"),
    negativePrompt: prompts.negative.join("\n"),
    parameters: withDefaults(hasParameters ? pairs : []),
  };
}

/** A quoted text that a comma or the end follows, or all up to the comma; blanks before it are no part of it. */
const VALUE = /\s*(?:("(?:\\.|[^\\"])+")(?:,|$)|([^,]*)(?:,|$))/uy;
const OF_KEY = /^[\p{L}\p{N}_ \-/]$/u;

/**
 * A key, a colon, then the value. A1111 has one pattern for it, which takes minutes for a long line without a colon: here each colon is looked
 * for, and then what stands before it.
 */
function parsePairs(line: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0, colon = line.indexOf(":"); colon >= 0; colon = line.indexOf(":", at)) {
    const key = keyBefore(line.slice(at, colon));
    at = colon + 1;
    if (key === undefined) continue;
    VALUE.lastIndex = at;
    const [whole = "", quoted, plain = ""] = VALUE.exec(line) ?? [];
    pairs.push([key, unquote(quoted ?? plain)]);
    at += whole.length;
  }
  return pairs;
}

/** The letters, digits, blanks and dashes at the end of the text, from the first letter or digit; at least two. */
function keyBefore(text: string): string | undefined {
  let start = text.length;
  while (start > 0) {
    const letter = start - (/^[\uDC00-\uDFFF]$/.test(text[start - 1]!) && start > 1 ? 2 : 1);
    if (!OF_KEY.test(text.slice(letter, start))) break;
    start = letter;
  }
  const key = text.slice(start).replace(/^[ \-/]+/u, "");
  return /^.{2}/u.test(key) ? key : undefined;
}

function withDefaults(pairs: [string, string][]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [key, value] of pairs) {
    const size = /^(\d+)x(\d+)$/u.exec(value);
    if (size) parameters.set(`${key}-1`, size[1]!).set(`${key}-2`, size[2]!);
    else parameters.set(key, value);
  }
  for (const [key, value] of [
    ["Clip skip", "1"],
    ["RNG", "GPU"],
    ["Schedule type", "Automatic"],
  ] as const) {
    if (pairs.length > 0 && !parameters.has(key)) parameters.set(key, value);
  }
  restoreFirstPassSize(parameters);
  return parameters;
}

/** As JSON where a comma, a colon or a newline would end the value early. */
function quote(value: string): string {
  return /[,:\n]/u.test(value) ? JSON.stringify(value) : value;
}

function unquote(value: string): string {
  if (!(value.startsWith('"') && value.endsWith('"') && value.length > 1)) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
