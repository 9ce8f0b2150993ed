/** @file The prompts that a training draws: template lines filled with captions, and the chunks that they become. */
import { LexemeError, type TorchGenerator } from "@lexeme/core";
import { fillTemplate, varyCaption } from "@lexeme/domain/templates";
import type { TrainSettings } from "@lexeme/domain/settings";
import { chunkPrompt, emptyChunk, type EmbeddingIndex, type PromptChunk } from "@lexeme/tokenizer";

/** A prompt for a picture: a template line drawn anew each time (A1111 draws one for the whole run), tags dropped and shuffled as asked. */
export function drawPrompt(
  settings: Pick<TrainSettings, "embeddingName" | "shuffleTags" | "tagDropOut">,
  source: { lines: readonly string[]; caption: string },
  generator: TorchGenerator,
): string {
  const line = source.lines[generator.randint(0, source.lines.length)]!;
  const filewords = varyCaption(source.caption, {
    dropOut: settings.tagDropOut,
    shuffle: settings.shuffleTags,
    random: () => generator.rand(1)[0]!,
  });
  return fillTemplate(line, { name: settings.embeddingName, filewords });
}

/** Every prompt that lines and captions can give, tags left in place. */
export function allPrompts(name: string, lines: readonly string[], captions: readonly string[]): string[] {
  const prompts = lines.flatMap((line) => captions.map((filewords) => fillTemplate(line, { name, filewords })));
  return [...new Set(prompts)];
}

/** Chunks of a batch's prompts, the shorter ones filled up with empty chunks as A1111 does. */
export function chunkBatch(prompts: readonly string[], embeddings: EmbeddingIndex): PromptChunk[][] {
  const chunked = prompts.map((prompt) => chunkPrompt(embeddings.tokenizer, prompt, { embeddings }).chunks);
  const most = Math.max(...chunked.map((chunks) => chunks.length));
  return chunked.map((chunks) => [...chunks, ...Array.from({ length: most - chunks.length }, emptyChunk)]);
}

/**
 * Throws LexemeError `EMBEDDING_NOT_IN_PROMPTS` when no prompt calls the embedding: nothing would be learned, and A1111 fails after a while with
 * a message about inf checks. Gives a sentence when only some prompts do.
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
    return `"${name}" does not occur in ${without.length} of ${prompts.length} possible prompts (such as "${without[0]}"): steps on those teach it nothing`;
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
