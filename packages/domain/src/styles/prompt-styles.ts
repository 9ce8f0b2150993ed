/** @file Styles, A1111's `styles.csv`: named pieces of prompts, and adding them to a prompt. */
import { z } from "zod";

/** A style as `styles.csv` may hold it. */
export interface PromptStyle {
  name: string;
  /** The prompt replaces `{prompt}` in the text; without `{prompt}`, the style follows the prompt. */
  prompt: string;
  negativePrompt: string;
}

/** A style that a user wants to save. */
export const PromptStyleSchema = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Give the style a name")
    .max(200, "A name has at most 200 characters")
    .refine((name) => !/[\r\n]/u.test(name), "A name cannot have more than one line"),
  prompt: z.string().max(100_000).default(""),
  negativePrompt: z.string().max(100_000).default(""),
});

/** The content of `styles.csv`. */
export const StyleListSchema = z.object({
  path: z.string(),
  styles: z.array(z.object({ name: z.string(), prompt: z.string(), negativePrompt: z.string() })),
  /** Identifies the file's content when it was read; a change is refused if the content has changed since. */
  version: z.string(),
  /** Sentences about lines that cannot be read completely; these lines stay unchanged in the file. */
  notes: z.array(z.string()),
  /** The reason why the file cannot be read and written; null if it can. */
  fault: z.string().nullable(),
});
export type StyleList = z.infer<typeof StyleListSchema>;

type Prompts = Readonly<Record<"prompt" | "negativePrompt", string>>;

/** Adds the styles to both prompts one after the other, as A1111 does. */
export function applyStyles({ prompt, negativePrompt }: Prompts, styles: readonly PromptStyle[]): Prompts {
  return {
    prompt: styles.reduce((merged, style) => mergeStyle(merged, style.prompt), prompt),
    negativePrompt: styles.reduce((merged, style) => mergeStyle(merged, style.negativePrompt), negativePrompt),
  };
}

function mergeStyle(prompt: string, style: string): string {
  if (style.includes("{prompt}")) return style.replaceAll("{prompt}", () => prompt);
  return [prompt.trim(), style.trim()].filter((part) => part !== "").join(", ");
}
