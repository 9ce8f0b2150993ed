/** @file Styles, A1111's `styles.csv`: pieces of prompts by name, and how they join a prompt. */
import { z } from "zod";

/** A style as a file may hold it. */
export interface PromptStyle {
  name: string;
  /** `{prompt}` in it is where the prompt goes; without, the style follows it. */
  prompt: string;
  negativePrompt: string;
}

/** A style to be written. */
export const PromptStyleSchema = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Give the style a name")
    .max(200, "A name has at most 200 characters")
    .refine((name) => !/[\r\n]/u.test(name), "A name is one line"),
  prompt: z.string().max(100_000).default(""),
  negativePrompt: z.string().max(100_000).default(""),
});

/** What is in `styles.csv`. */
export const StyleListSchema = z.object({
  path: z.string(),
  styles: z.array(z.object({ name: z.string(), prompt: z.string(), negativePrompt: z.string() })),
  /** Stands for the file as it was read; a change is made only to that. */
  version: z.string(),
  /** Lines that are not read whole, as sentences; they are kept as they are. */
  notes: z.array(z.string()),
  /** Why the file cannot be read and written; null when it can. */
  fault: z.string().nullable(),
});
export type StyleList = z.infer<typeof StyleListSchema>;

type Prompts = Readonly<Record<"prompt" | "negativePrompt", string>>;

/** Both prompts with the styles put to them one after the other, as A1111 does. */
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
