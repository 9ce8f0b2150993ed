/** @file Computes the loss of a step and its gradient in one graph, from the trained vectors. */
import { gradients } from "@lexeme/autodiff";
import { buildTextualInversion, CHUNK_TOKENS, type TextualInversionSize } from "@lexeme/networks";
import { trainingBytes } from "@lexeme/domain/memory";
import type { PromptChunk } from "@lexeme/tokenizer";
import type { DiffusionModel, LatentGrid } from "../checkpoint/diffusion-model.ts";
import { pixelsOf } from "../checkpoint/network-requests.ts";
import { vTarget } from "../checkpoint/prediction-type.ts";
import { selectionFeed, tokenFeeds } from "../prompt/text-feeds.ts";
import type { SessionRequest } from "../sessions/session-pool.ts";

/** The rows of all embeddings that the prompts call, one below the other; the trained embedding's rows come first. */
export interface VectorStack {
  readonly firstRow: ReadonlyMap<string, number>;
  /** The total number of rows. */
  readonly vectors: number;
  /** `[vectors, width]`. */
  readonly data: Float32Array;
}

export interface TrainingBatch {
  /** One list of chunks for each picture, all of the same length. */
  readonly prompts: readonly (readonly PromptChunk[])[];
  /** `[batch, 4, height, width]` with noise added. */
  readonly latents: Float32Array;
  readonly timesteps: Float32Array;
  readonly noise: Float32Array;
  readonly grid: LatentGrid;
  /** 1 if left out. SD 2.x ignores it, in drawing too. */
  readonly clipSkip?: number;
}

/** Loss and `d loss / d vectors` (`[vectors, width]` of the whole stack) of one batch. */
export async function lossAndGradient(
  model: DiffusionModel,
  batch: TrainingBatch,
  stack: VectorStack,
): Promise<{ loss: number; gradient: Float32Array }> {
  const { prompts, latents, timesteps } = batch;
  const size = sizeOf(batch, stack);
  const target = (await model.predictionType()) === "v" ? vTarget(model.checkpoint.noiseSchedule, batch) : batch.noise;
  const session = await model.pool.get(trainingRequest(model, size, batch));
  const { latentChannels, textWidth } = model.checkpoint.sizes;
  const latentShape = [size.batch, latentChannels, size.height, size.width];
  const { loss, gradient } = await session.run({
    ...tokenFeeds(prompts, model.checkpoint),
    selection: selectionFeed(prompts.flat(), stack),
    vectors: { dtype: "float32", shape: [stack.vectors, textWidth], data: stack.data },
    latents: { dtype: "float32", shape: latentShape, data: latents },
    timesteps: { dtype: "float32", shape: [size.batch], data: timesteps },
    noise: { dtype: "float32", shape: latentShape, data: target },
  });
  if (loss?.dtype !== "float32" || gradient?.dtype !== "float32") throw new TypeError("float32 results expected");
  return { loss: loss.data[0]!, gradient: gradient.data };
}

/** Opens the session for a batch in advance, so that the first step does not include the opening. */
export async function openTraining(model: DiffusionModel, batch: TrainingBatch, stack: VectorStack): Promise<void> {
  await model.pool.get(trainingRequest(model, sizeOf(batch, stack), batch));
}

/** All prompts of a batch have equally many chunks of 77 tokens. */
function sizeOf({ prompts, grid }: TrainingBatch, { vectors }: VectorStack): TextualInversionSize {
  return { batch: prompts.length, ...grid, tokens: prompts[0]!.length * CHUNK_TOKENS, vectors };
}

function trainingRequest(
  { checkpoint, graphOptions }: DiffusionModel,
  size: TextualInversionSize,
  batch: Pick<TrainingBatch, "clipSkip">,
): SessionRequest {
  const clipSkip = checkpoint.ignoresClipSkip ? 1 : (batch.clipSkip ?? 1);
  return {
    key: `${checkpoint.identity}|training|${JSON.stringify(size)}|clip skip ${clipSkip}`,
    memory: trainingBytes(checkpoint.networkSizes, pixelsOf(checkpoint, size)),
    purpose: "training",
    build() {
      const { graph, inputs, loss } = buildTextualInversion(checkpoint.weights, size, { ...graphOptions, clipSkip });
      const [gradient] = gradients(loss, [inputs.vectors]);
      if (!gradient) throw new TypeError("one gradient expected");
      graph.output("loss", loss);
      graph.output("gradient", gradient);
      return graph;
    },
  };
}
