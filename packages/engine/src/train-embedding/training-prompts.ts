/** @file The prompts of a training: template lines filled with captions, and their chunks. */
import { LexemeError, type TorchGenerator } from "@lexeme/core";
import { fillTemplate, varyCaption } from "@lexeme/domain/templates";
import type { TrainSettings } from "@lexeme/domain/settings";
import { chunkPrompt, emptyChunk, promptFault, type EmbeddingIndex, type PromptChunk } from "@lexeme/tokenizer";

/** A prompt for a picture: a random template line for each call (A1111 draws one line for the whole run), with tags dropped and shuffled as asked. */
export function drawPrompt(
  settings: Pick<TrainSettings, "embeddingName" | "shuffleTags" | "tagDropOut">,
  source: { lines: readonly string[]; caption: string },
  generator: TorchGenerator,
): string {
  const line = source.lines[generator.randint(0, source.lines.length)]!;
  const fill = (filewords: string) => fillTemplate(line, { name: settings.embeddingName, filewords });
  const filewords = varyCaption(source.caption, {
    dropOut: settings.tagDropOut,
    shuffle: settings.shuffleTags,
    random: () => generator.rand(1)[0]!,
  });
  const prompt = fill(filewords);
  // In another order, a bracket of one tag may close with the number of another tag: `a:1.2.3), (b`.
  return promptFault(prompt) === undefined ? prompt : fill(source.caption);
}

/** Throws LexemeError `CAPTION_UNREADABLE` if a line with this caption cannot be read as a prompt, although both can: `([filewords]` and `a:1.2.3)`. */
export function requireReadablePrompts(name: string, lines: readonly string[], caption: string): void {
  for (const line of lines) {
    const fault = promptFault(fillTemplate(line, { name, filewords: caption }));
    if (fault === undefined) continue;
    throw new LexemeError(
      "CAPTION_UNREADABLE",
      `Its caption in the line "${line}" of the template cannot be a prompt: ${fault}`,
    );
  }
}

/** All prompts that the lines and captions can give, with unchanged tags. */
export function allPrompts(name: string, lines: readonly string[], captions: readonly string[]): string[] {
  const prompts = lines.flatMap((line) => captions.map((filewords) => fillTemplate(line, { name, filewords })));
  return [...new Set(prompts)];
}

/** Chunks of a batch's prompts; shorter prompts get empty chunks at the end, as in A1111. */
export function chunkBatch(prompts: readonly string[], embeddings: EmbeddingIndex): PromptChunk[][] {
  const chunked = prompts.map((prompt) => chunkPrompt(embeddings.tokenizer, prompt, { embeddings }).chunks);
  const most = Math.max(...chunked.map((chunks) => chunks.length));
  return chunked.map((chunks) => [...chunks, ...Array.from({ length: most - chunks.length }, emptyChunk)]);
}

/**
 * Throws LexemeError `EMBEDDING_NOT_IN_PROMPTS` if no prompt calls the embedding: training would not change it, and A1111 fails after a while
 * with a message about inf checks. Returns a warning if only some prompts call it.
 */
export function requireEmbeddingInPrompts(
  name: string,
  prompts: readonly string[],
  embeddings: EmbeddingIndex,
): string | undefined {
  const without = prompts.filter(
    (prompt) => !chunkPrompt(embeddings.tokenizer, prompt, { embeddings }).embeddings.includes(name),
  );
  if (without.length === 0) return undefined;
  if (without.length < prompts.length) {
    return `"${name}" does not occur in ${without.length} of ${prompts.length} possible prompts (such as "${without[0]}"): steps with those prompts do not train it`;
  }
  const why = without[0]!.toLowerCase().includes(name.toLowerCase())
    ? "another embedding's longer name covers it, or it is cut by brackets"
    : "the template has no [name]";
  throw new LexemeError(
    "EMBEDDING_NOT_IN_PROMPTS",
    `No prompt calls "${name}" ("${without[0]}"): ${why}. Choose a template with [name]`,
    { details: { field: "templateFilename" } },
  );
}
