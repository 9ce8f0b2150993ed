/** @file Prompt templates of training: lines with `[name]` and `[filewords]`, and the caption that replaces `[filewords]`. */
import { LexemeError } from "@lexeme/core";

export interface TemplateWords {
  /** The embedding's name, as the prompt calls it. */
  name: string;
  /** The picture's caption. */
  filewords: string;
}

/** The line with plain words in its places, for a check of the line's own text. */
export function fillWithSamples(line: string): string {
  return fillTemplate(line, { name: "x", filewords: "x" });
}

/** Fills in one line; `[filewords]` comes first, so that a caption may itself contain `[name]`, as in A1111. */
export function fillTemplate(line: string, { name, filewords }: TemplateWords): string {
  return line.replaceAll("[filewords]", () => filewords).replaceAll("[name]", () => name);
}

/**
 * The lines of a template, without the white space around each. Blank lines are left out (A1111 trains on them as empty prompts, which
 * fails). Throws LexemeError `TEMPLATE_EMPTY` or `TEMPLATE_WITHOUT_NAME`, whose `details.line` counts from 1: a step on a line without
 * `[name]` could not learn anything.
 */
export function parseTemplate(text: string): string[] {
  const numbered = text.split("\n").map((line, i) => ({ line: line.trim(), number: i + 1 }));
  const filled = numbered.filter(({ line }) => line !== "");
  if (filled.length === 0) {
    throw new LexemeError(
      "TEMPLATE_EMPTY",
      "The prompt template is empty: write one prompt in each line, with [name] in it",
    );
  }
  const nameless = filled.find(({ line }) => !line.includes("[name]"));
  if (nameless) {
    throw new LexemeError(
      "TEMPLATE_WITHOUT_NAME",
      `Line ${nameless.number} of the prompt template ("${nameless.line}") has no [name], so training could not learn from it: add [name] or remove the line`,
      { details: { line: nameless.number } },
    );
  }
  return filled.map(({ line }) => line);
}

/**
 * Makes a caption from a file name, without the ending and the digits and dashes that Preprocess puts in front (`00003-0-a red car.png`
 * gives `a red car`).
 */
export function captionFromFileName(fileName: string): string {
  const base = fileName.slice(Math.max(fileName.lastIndexOf("/"), fileName.lastIndexOf("\\")) + 1);
  const dot = base.lastIndexOf(".");
  const stem = dot > 0 ? base.slice(0, dot) : base;
  return stem.replace(/^[-\d]+\s*/u, "");
}

export interface CaptionTagOptions {
  /** Probability, 0 to 1, that a tag is left out. */
  dropOut: number;
  shuffle: boolean;
  /** Uniform on [0, 1), from the run's own generator, so that a run can be repeated. */
  random: () => number;
}

/** Leaves out and shuffles a caption's tags (its parts between commas) as asked. Without either, the caption stays unchanged and no random number is drawn. */
export function varyCaption(caption: string, { dropOut, shuffle, random }: CaptionTagOptions): string {
  if (dropOut <= 0 && !shuffle) return caption;
  // A1111 keeps a tag if a random number is above the probability; for 0 that is always true, so no number is drawn here.
  const kept = caption.split(",").filter(() => dropOut <= 0 || random() > dropOut);
  if (!shuffle) return kept.join(",");
  for (let i = kept.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [kept[i], kept[j]] = [kept[j]!, kept[i]!];
  }
  return kept.join(",");
}
