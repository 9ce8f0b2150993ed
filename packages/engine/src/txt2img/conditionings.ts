/** @file The two prompts of a picture as the UNet reads them, step by step. */
import type { EmphasisMode } from "@lexeme/domain/settings";
import {
  chunkPrompt,
  emptyChunk,
  findExtraNetworks,
  preparePrompt,
  type PreparedPrompt,
  type PromptChunk,
  type PromptSegmentInTime,
} from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { SAMPLERS, type SamplerName } from "@lexeme/schedulers/catalogue";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { emphasise } from "../prompt/emphasis-modes.ts";
import type { PromptConditioning, ScheduledConditioning } from "../prompt/prompt-conditioning.ts";
import {
  loadPromptEmbeddings,
  type PromptEmbeddings,
  type PromptEmbeddingsOptions,
} from "../prompt/prompt-embeddings.ts";

export interface PromptPair {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly clipSkip: number;
  readonly emphasis: EmphasisMode;
  readonly commaPaddingBacktrack: number;
  readonly samplerName: SamplerName;
  readonly steps: number;
  /** Of the first pass, as its prompts are scheduled: set for the second pass of hires fix, where whole numbers in a prompt go on from it. */
  readonly firstPassSteps?: number;
}

export interface ConditioningPair {
  readonly conditional: PromptConditioning;
  readonly unconditional: ScheduledConditioning;
  /** Prompts as infotext shows them: comments taken out, `<name:args>` kept. */
  readonly shown: { readonly prompt: string; readonly negativePrompt: string };
  /** Name and 12-digit hash of each embedding, the positive prompt's first; one in both appears twice, as in A1111. */
  readonly embeddingHashes: readonly { readonly name: string; readonly shortHash: string }[];
  readonly warnings: readonly string[];
}

/** How many steps a prompt's editing is computed for. */
export function scheduledSteps({ samplerName, steps }: Pick<PromptPair, "samplerName" | "steps">): number {
  return SAMPLERS[samplerName].isSecondOrder ? 2 * steps : steps;
}

/** Encodes both prompts, each text once, with the embeddings that lie in the folder at this moment. */
export async function encodePromptPair(
  model: DiffusionModel,
  pair: PromptPair,
  { comments, ...options }: Pick<PromptEmbeddingsOptions, "folder" | "inMemory"> & { comments: boolean },
): Promise<ConditioningPair> {
  const tokenizer = loadClipTokenizer(model.checkpoint.dialect);
  const time = {
    steps: scheduledSteps(pair),
    comments,
    ...(pair.firstPassSteps !== undefined && { firstPassSteps: pair.firstPassSteps }),
  };
  const positive = preparePrompt(pair.prompt, { role: "positive", ...time });
  const negative = preparePrompt(pair.negativePrompt, { role: "negative", ...time });
  const { textWidth } = model.checkpoint.sizes;
  const { modelName } = model.checkpoint;
  const readWeights = pair.emphasis !== "None";
  const texts = [...textsOf(positive), ...textsOf(negative)];
  const embeddings = await loadPromptEmbeddings(texts, { tokenizer, textWidth, modelName, readWeights, ...options });
  const { commaPaddingBacktrack: commaBacktrack } = pair;
  const chunk = (text: string) =>
    chunkPrompt(tokenizer, text, { embeddings: embeddings.index, commaBacktrack, readWeights });
  const encoder = new ScheduleEncoder(model, embeddings, pair);
  const conditional: { weight: number; segments: ScheduledConditioning }[] = [];
  for (const { weight, segments } of positive.parts) {
    conditional.push({ weight, segments: await encoder.encode(segments, chunk) });
  }
  const unconditional = await encoder.encode(negative.parts[0]!.segments, chunk);
  const names = [positive, negative].flatMap((prompt) => [
    ...new Set(textsOf(prompt).flatMap((text) => chunk(text).embeddings)),
  ]);
  return {
    conditional,
    unconditional,
    shown: { prompt: positive.shown, negativePrompt: negative.shown },
    embeddingHashes: names.flatMap((name) => {
      const shortHash = embeddings.hashes.get(name);
      return shortHash === undefined ? [] : [{ name, shortHash }];
    }),
    warnings: [
      ...embeddings.warnings,
      ...findExtraNetworks(positive.shown).map(
        ({ kind, name }) => `<${kind}:${name}> is not supported: it was left out and is kept in the infotext`,
      ),
    ],
  };
}

/** Every text of a prompt once, in order of time. */
function textsOf({ parts }: PreparedPrompt): string[] {
  return [...new Set(parts.flatMap(({ segments }) => segments.map(({ text }) => text)))];
}

class ScheduleEncoder {
  readonly #model: DiffusionModel;
  readonly #embeddings: PromptEmbeddings;
  readonly #pair: PromptPair;
  /** The encoder's output of a chunk without weights; variants of a prompt share most chunks. */
  readonly #encoded = new Map<string, Float32Array>();

  constructor(model: DiffusionModel, embeddings: PromptEmbeddings, pair: PromptPair) {
    this.#model = model;
    this.#embeddings = embeddings;
    this.#pair = pair;
  }

  /**
   * The variants of one text, as A1111 encodes them: in one batch, the shorter ones lengthened by the chunk of an empty prompt. Those that
   * come back step after step are kept once.
   */
  async encode(
    segments: readonly PromptSegmentInTime[],
    chunk: (text: string) => { chunks: PromptChunk[] },
  ): Promise<ScheduledConditioning> {
    const names = [...new Set(segments.map(({ text }) => text))];
    const variants = names.map((text) => chunk(text).chunks);
    const longest = Math.max(...variants.map(({ length }) => length));
    const texts: { data: Float32Array; multipliers: number[]; count: number }[] = [];
    for (const [i, variant] of variants.entries()) {
      const chunks = [...variant, ...Array.from({ length: longest - variant.length }, () => emptyChunk())];
      const parts = [];
      for (const one of chunks) parts.push(await this.#encodeChunk(one));
      const data = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
      let at = 0;
      for (const part of parts) {
        data.set(part, at);
        at += part.length;
      }
      const count = segments.filter(({ text }) => text === names[i]).length;
      texts.push({ data, multipliers: chunks.flatMap(({ multipliers }) => multipliers), count });
    }
    emphasise(texts, this.#pair.emphasis);
    const conditionings = new Map(
      texts.map(({ data, multipliers }, i) => [names[i]!, { tokens: multipliers.length, data }]),
    );
    return segments.map(({ endAtStep, text }) => ({ endAtStep, conditioning: conditionings.get(text)! }));
  }

  async #encodeChunk(chunk: PromptChunk): Promise<Float32Array> {
    const key = JSON.stringify([chunk.ids, chunk.learned]);
    let encoded = this.#encoded.get(key);
    if (encoded === undefined) {
      const plain = { ...chunk, multipliers: chunk.multipliers.map(() => 1) };
      const { clipSkip } = this.#pair;
      encoded = (await this.#model.encodePrompt([plain], this.#embeddings.rows, { clipSkip })).data;
      this.#encoded.set(key, encoded);
    }
    return encoded;
  }
}
