/** @file The training graph of Textual Inversion (Gal et al. 2022): from learned vectors to the loss. Its gradient comes from `@lexeme/autodiff`. */
import { Graph, matMul, mul, reduceMean, reshape, sub, type Value } from "@lexeme/onnx";
import { LDM_PREFIX, type LatentSize } from "./build-graphs.ts";
import type { CheckpointWeights } from "./checkpoint-weights.ts";
import { inferClipTextConfig } from "./configs/clip-text-config.ts";
import { inferUNetConfig } from "./configs/unet-config.ts";
import { ParamScope } from "./param-scope.ts";
import { textConditioning } from "./text-conditioning.ts";
import { unet2dCondition } from "./unet-2d-condition.ts";

export interface TextualInversionInputs {
  /** int64 [B, tokens]. */
  ids: Value;
  /** [B, tokens, 1]: 0 at the positions of learned vectors, 1 elsewhere. */
  keep: Value;
  /** [B * tokens, N]: row (b, t) has a 1 in the column of the vector used at that position, zeros elsewhere. */
  selection: Value;
  /** [N, C]: the vectors being learned. */
  vectors: Value;
  /** Prompt weights [B, tokens]. */
  multipliers: Value;
  /** Latents with noise added [B, 4, H, W]. */
  latents: Value;
  /** float32 [B]. */
  timesteps: Value;
  /** The noise that was added [B, 4, H, W]. */
  noise: Value;
}

export interface TextualInversionSize extends LatentSize {
  /** 77 for each chunk of the prompts. */
  tokens: number;
  /** Vectors of the embedding, N. */
  vectors: number;
}

export interface TextualInversionParts {
  weights: CheckpointWeights;
  inputs: TextualInversionInputs;
  /** As in `ClipTextOptions`. */
  widenTable?: boolean;
  clipSkip?: number;
}

/** Mean squared error of the predicted noise, a scalar. Every operator between `vectors` and the loss has a gradient. */
export function textualInversionLoss(
  graph: Graph,
  { weights, inputs, widenTable = false, clipSkip = 1 }: TextualInversionParts,
): Value {
  const { ids, keep, multipliers, latents, timesteps } = inputs;
  const [batch = 0, tokens = 0] = ids.shape;
  const learned = reshape(matMul(inputs.selection, inputs.vectors), [batch, tokens, inputs.vectors.shape[1] ?? 0]);
  const text = new ParamScope(graph, weights, LDM_PREFIX.text);
  const options = { attention: "basic", widenTable, clipSkip } as const;
  const context = textConditioning(text, { ids, keep, learned, multipliers }, options);
  const unet = new ParamScope(graph, weights, LDM_PREFIX.unet);
  const difference = sub(unet2dCondition(unet, { latents, timesteps, context }, "basic"), inputs.noise);
  return reduceMean(mul(difference, difference));
}

/** A new graph with the loss, whose inputs are named as in `TextualInversionInputs`. The graph has no outputs yet. */
export function buildTextualInversion(
  weights: CheckpointWeights,
  size: TextualInversionSize,
  options: Pick<TextualInversionParts, "widenTable" | "clipSkip"> = {},
) {
  const graph = new Graph();
  const { batch, height, width, tokens, vectors } = size;
  const { width: textWidth } = inferClipTextConfig(new ParamScope(graph, weights, LDM_PREFIX.text));
  const { inChannels } = inferUNetConfig(new ParamScope(graph, weights, LDM_PREFIX.unet));
  const latent = [batch, inChannels, height, width];
  const inputs: TextualInversionInputs = {
    ids: graph.input("ids", "int64", [batch, tokens]),
    keep: graph.input("keep", "float32", [batch, tokens, 1]),
    selection: graph.input("selection", "float32", [batch * tokens, vectors]),
    vectors: graph.input("vectors", "float32", [vectors, textWidth]),
    multipliers: graph.input("multipliers", "float32", [batch, tokens]),
    latents: graph.input("latents", "float32", latent),
    timesteps: graph.input("timesteps", "float32", [batch]),
    noise: graph.input("noise", "float32", latent),
  };
  return { graph, inputs, loss: textualInversionLoss(graph, { weights, inputs, ...options }) };
}
