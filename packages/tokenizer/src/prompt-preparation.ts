/** @file What A1111 takes out of a txt2img prompt before it reads emphasis: comments and `<name:args>` tags. Training captions skip this. */

/** `#` to the end of the line becomes a newline (setting `enable_prompt_comments`, on by default). */
export function stripPromptComments(prompt: string): string {
  return prompt.replace(/#[^\n]*(?:\n|$)/gu, "\n");
}

/** Takes out `<lora:name:1>` and the like, which A1111 reads from the positive prompt only; in a negative one they stay as text. */
export function removeExtraNetworks(prompt: string): string {
  return prompt.replace(/<[\p{L}\p{N}_]+:[^>]+>/gu, "");
}
