/** @file Whether a prompt's weights can be read, at every step of it. */
import { withField } from "@lexeme/core";
import { parsePromptWeights, preparePrompt } from "@lexeme/tokenizer";

/** The most steps a schedule is made for: 150, twice for samplers of second order. */
const CHECKED_STEPS = 300;

export interface CheckedPrompt {
  readonly role: "positive" | "negative";
  /** A1111's option `enable_prompt_comments`. */
  readonly comments: boolean;
}

/** Every text that the prompt is at some step: A1111 fails at a weight only if it comes to that. Throws LexemeError `PROMPT_WEIGHT_UNREADABLE`. */
export function checkPromptWeights(prompt: string, { role, comments }: CheckedPrompt): void {
  const { parts } = preparePrompt(prompt, { role, steps: CHECKED_STEPS, comments });
  const texts = new Set(parts.flatMap(({ segments }) => segments.map(({ text }) => text)));
  for (const text of texts) parsePromptWeights(text);
}

/** Checks the prompts in these fields of a form: those whose names say "negative" as such. Throws with `details.field`. */
export function checkPromptFields(
  prompts: Readonly<Record<string, string>>,
  { comments }: { comments: boolean },
): void {
  for (const [field, prompt] of Object.entries(prompts)) {
    const role = /negative/i.test(field) ? "negative" : "positive";
    withField(field, () => checkPromptWeights(prompt, { role, comments }));
  }
}
