/** @file Encodes the two prompts of a picture for each step of the UNet. */
import type { PassSettings } from "@lexeme/domain/settings";
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
import { SAMPLERS } from "@lexeme/schedulers/catalogue";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { emphasise } from "../prompt/emphasis-modes.ts";
import type { PromptConditioning, ScheduledConditioning } from "../prompt/prompt-conditioning.ts";
import {
  loadPromptEmbeddings,
  type PromptEmbeddings,
  type PromptEmbeddingsOptions,
} from "../prompt/prompt-embeddings.ts";

export interface EncodedPrompts {
  readonly conditional: PromptConditioning;
  readonly unconditional: ScheduledConditioning;
  /** The prompts for infotext: without comments, with `<name:args>`. */
  readonly shown: { readonly prompt: string; readonly negativePrompt: string };
  /** Name and 12-digit hash of each embedding, the positive prompt's first; an embedding in both prompts is listed twice, as in A1111. */
  readonly embeddingHashes: readonly { readonly name: string; readonly shortHash: string }[];
  readonly warnings: readonly string[];
}

export interface EncodePromptsOptions extends Pick<PromptEmbeddingsOptions, "folder" | "inMemory"> {
  /** Whether comments are removed. */
  readonly comments: boolean;
  /** Set for the second pass of hires fix, where whole numbers in a prompt continue after the first pass' steps. */
  readonly firstPass?: PassSettings | undefined;
}

/** The number of steps for which a prompt's editing is computed. */
function scheduledSteps({ samplerName, steps }: PassSettings): number {
  return SAMPLERS[samplerName].isSecondOrder ? 2 * steps : steps;
}

/** Encodes both prompts, each text once, with the embeddings that are in the folder now. */
export async function encodePrompts(
  model: DiffusionModel,
  pass: PassSettings,
  { comments, firstPass, ...options }: EncodePromptsOptions,
): Promise<EncodedPrompts> {
  const tokenizer = loadClipTokenizer(model.checkpoint.dialect);
  const time = {
    steps: scheduledSteps(pass),
    comments,
    ...(firstPass && { firstPassSteps: scheduledSteps(firstPass) }),
  };
  const positive = preparePrompt(pass.prompt, { role: "positive", ...time });
  const negative = preparePrompt(pass.negativePrompt, { role: "negative", ...time });
  const { textWidth } = model.checkpoint.sizes;
  const { modelName } = model.checkpoint;
  const readWeights = pass.emphasis !== "None";
  const texts = [...textsOf(positive), ...textsOf(negative)];
  const embeddings = await loadPromptEmbeddings(texts, { tokenizer, textWidth, modelName, readWeights, ...options });
  const { commaPaddingBacktrack: commaBacktrack } = pass;
  const chunk = (text: string) =>
    chunkPrompt(tokenizer, text, { embeddings: embeddings.index, commaBacktrack, readWeights });
  const encoder = new ScheduleEncoder(model, embeddings, pass);
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
  readonly #pass: PassSettings;
  /** The encoder's output for each chunk without weights; variants of a prompt share most chunks. */
  readonly #encoded = new Map<string, Float32Array>();

  constructor(model: DiffusionModel, embeddings: PromptEmbeddings, pass: PassSettings) {
    this.#model = model;
    this.#embeddings = embeddings;
    this.#pass = pass;
  }

  /**
   * Encodes the variants of one text as A1111 does: in one batch, with the chunk of an empty prompt added to shorter variants. A variant
   * that occurs in many steps is stored once.
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
    emphasise(texts, this.#pass.emphasis);
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
      const { clipSkip } = this.#pass;
      encoded = (await this.#model.encodePrompt([plain], this.#embeddings.rows, { clipSkip })).data;
      this.#encoded.set(key, encoded);
    }
    return encoded;
  }
}
