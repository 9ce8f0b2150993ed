/** @file The two prompts of a picture as the UNet reads them. */
import { chunkPrompt, removeExtraNetworks, stripPromptComments, type ClipTokenizer } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import type { Conditioning, DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { loadPromptEmbeddings, type PromptEmbeddingsOptions } from "../prompt/prompt-embeddings.ts";

export interface PromptPair {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly clipSkip: number;
}

export interface ConditioningPair {
  readonly conditional: Conditioning;
  readonly unconditional: Conditioning;
  /** Prompts as infotext shows them: comments taken out, `<name:args>` kept. */
  readonly shown: { readonly prompt: string; readonly negativePrompt: string };
  /** Name and 12-digit hash of each embedding, the positive prompt's first; one in both appears twice, as in A1111. */
  readonly embeddingHashes: readonly { readonly name: string; readonly shortHash: string }[];
  readonly warnings: readonly string[];
}

/** Encodes both prompts, with the embeddings that lie in the folder at this moment. */
export async function encodePromptPair(
  model: DiffusionModel,
  pair: PromptPair,
  options: Pick<PromptEmbeddingsOptions, "folder" | "inMemory">,
): Promise<ConditioningPair> {
  const tokenizer: ClipTokenizer = loadClipTokenizer();
  const shown = {
    prompt: stripPromptComments(pair.prompt),
    negativePrompt: stripPromptComments(pair.negativePrompt),
  };
  // A1111 takes extra networks out of the positive prompt only.
  const texts = [removeExtraNetworks(shown.prompt), shown.negativePrompt] as const;
  const { textWidth } = model.checkpoint.sizes;
  const { modelName } = model.checkpoint;
  const embeddings = await loadPromptEmbeddings(texts, { tokenizer, textWidth, modelName, ...options });
  const [positive, negative] = [
    chunkPrompt(tokenizer, texts[0], { embeddings: embeddings.index }),
    chunkPrompt(tokenizer, texts[1], { embeddings: embeddings.index }),
  ];
  const { clipSkip } = pair;
  return {
    conditional: await model.encodePrompt(positive.chunks, embeddings.rows, { clipSkip }),
    unconditional: await model.encodePrompt(negative.chunks, embeddings.rows, { clipSkip }),
    shown,
    embeddingHashes: [...positive.embeddings, ...negative.embeddings].flatMap((name) => {
      const shortHash = embeddings.hashes.get(name);
      return shortHash === undefined ? [] : [{ name, shortHash }];
    }),
    warnings: embeddings.warnings,
  };
}
