/** @file Checks that a prompt's weights can be read at every sampling step. */
import { withField } from "@lexeme/core";
import { parsePromptWeights, preparePrompt } from "@lexeme/tokenizer";

/** The most steps of a prompt schedule: 150, doubled for samplers of second order. */
const CHECKED_STEPS = 300;

export interface CheckedPrompt {
  readonly role: "positive" | "negative";
  /** A1111's option `enable_prompt_comments`. */
  readonly comments: boolean;
}

/** Checks the prompt's text at every step. A1111 fails at an unreadable weight only when it reaches that step. Throws LexemeError `PROMPT_WEIGHT_UNREADABLE`. */
export function checkPromptWeights(prompt: string, { role, comments }: CheckedPrompt): void {
  const { parts } = preparePrompt(prompt, { role, steps: CHECKED_STEPS, comments });
  const texts = new Set(parts.flatMap(({ segments }) => segments.map(({ text }) => text)));
  for (const text of texts) parsePromptWeights(text);
}

/** Checks the prompts in these fields of a form. A field with "negative" in its name has a negative prompt. Throws with `details.field`. */
export function checkPromptFields(
  prompts: Readonly<Record<string, string>>,
  { comments }: { comments: boolean },
): void {
  for (const [field, prompt] of Object.entries(prompts)) {
    const role = /negative/i.test(field) ? "negative" : "positive";
    withField(field, () => checkPromptWeights(prompt, { role, comments }));
  }
}
