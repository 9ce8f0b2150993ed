/** @file A1111's infotext: the settings of a picture as text, in its PNG's `parameters` chunk. Written in A1111's order, parsed by its rules. */
import { a1111DefaultOf, factsOf } from "../settings/setting.ts";
import { Txt2imgSettingsSchema } from "../settings/txt2img-settings.ts";
import { infotextKeyFacts } from "./infotext-keys.ts";
import { restoreFirstPassSize } from "./old-first-pass.ts";
import { findParameters } from "./parameter-lines.ts";

/** Keys and values in the order of writing; a key whose value is undefined is left out. */
export type InfotextParameters = readonly (readonly [key: string, value: string | number | undefined])[];

export interface Infotext {
  prompt: string;
  negativePrompt: string;
  /** As written, without quotes; `Size` is split into `Size-1` and `Size-2`, and a key that A1111 leaves out has its default. */
  parameters: ReadonlyMap<string, string>;
  /** Sentences about parts whose meaning is not certain; left out if there are none. */
  doubts?: readonly string[];
}

const NEGATIVE = "Negative prompt:";

/** Prompt, negative prompt if there is one, then the parameters on one line. */
export function writeInfotext(
  { prompt, negativePrompt }: Pick<Infotext, "prompt" | "negativePrompt">,
  parameters: InfotextParameters,
): string {
  const pairs = parameters.flatMap(([key, value]) => (value === undefined ? [] : `${key}: ${quote(String(value))}`));
  const negative = negativePrompt === "" ? "" : `\n${NEGATIVE} ${negativePrompt}`;
  return `${prompt}${negative}\n${pairs.join(", ")}`.trim();
}

/** The infotext with more parameters, before the version if there is one, as A1111's scripts add theirs. */
export function insertParameters(infotext: string, parameters: InfotextParameters): string {
  const added = parameters
    .flatMap(([key, value]) => (value === undefined ? [] : `, ${key}: ${quote(String(value))}`))
    .join("");
  const version = infotext.lastIndexOf(", Version: ");
  const at = version > infotext.lastIndexOf("\n") ? version : infotext.length;
  return infotext.slice(0, at) + added + infotext.slice(at);
}

/** Never fails: a text that is not understood is part of the prompt. So is a last line with fewer than three pairs. */
export function parseInfotext(text: string): Infotext {
  const { prompts: lines, pairs, doubts } = findParameters(text.trim().split("\n"));
  const prompts: { prompt: string[]; negative: string[] } = { prompt: [], negative: [] };
  let target = prompts.prompt;
  for (const raw of lines) {
    let line = raw.trim();
    if (line.startsWith(NEGATIVE)) {
      target = prompts.negative;
      line = line.slice(NEGATIVE.length).trim();
    }
    // A1111 adds a newline only after text, so blank lines at the front vanish.
    if (target.length > 0 || line !== "") target.push(line);
  }
  return {
    prompt: prompts.prompt.join("\n"),
    negativePrompt: prompts.negative.join("\n"),
    parameters: withDefaults(pairs),
    ...(doubts.length > 0 && { doubts }),
  };
}

/** The keys that are added to a text without them, with A1111's defaults. */
const FILLED_IN = Object.values(Txt2imgSettingsSchema.shape).flatMap((schema) => {
  const [key] = factsOf(schema).infotext ?? [];
  return key !== undefined && infotextKeyFacts(key)?.isFilledIn ? [[key, String(a1111DefaultOf(schema))] as const] : [];
});

function withDefaults(pairs: readonly (readonly [string, string])[]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [key, value] of pairs) {
    const size = /^(\d+)x(\d+)$/u.exec(value);
    if (size) parameters.set(`${key}-1`, size[1]!).set(`${key}-2`, size[2]!);
    else parameters.set(key, value);
  }
  for (const [key, value] of FILLED_IN) {
    if (pairs.length > 0 && !parameters.has(key)) parameters.set(key, value);
  }
  restoreFirstPassSize(parameters);
  return parameters;
}

/** As JSON if a comma, a colon or a newline would end the value early. */
function quote(value: string): string {
  return /[,:\n]/u.test(value) ? JSON.stringify(value) : value;
}
