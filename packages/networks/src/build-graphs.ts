/** @file Whole graphs for inference, one for each network and size, with documented inputs and outputs. All sizes are latent sizes. */
import { Graph } from "@lexeme/onnx";
import type { AttentionKind } from "./attention.ts";
import { decodeLatents, encodePictures } from "./autoencoder-kl.ts";
import type { CheckpointWeights } from "./checkpoint-weights.ts";
import type { ClipTextOptions } from "./clip-text.ts";
import { inferClipTextConfig } from "./configs/clip-text-config.ts";
import { inferUNetConfig } from "./configs/unet-config.ts";
import { inferVaeConfig } from "./configs/vae-config.ts";
import { ParamScope } from "./param-scope.ts";
import { textConditioning } from "./text-conditioning.ts";
import { unet2dCondition } from "./unet-2d-condition.ts";

/** The key prefix of each network in an LDM single-file checkpoint. */
export const LDM_PREFIX = {
  text: "cond_stage_model.transformer.text_model",
  unet: "model.diffusion_model",
  vae: "first_stage_model",
} as const;

export interface TextEncoderSize {
  batch: number;
  /** 77 for each chunk of the prompt. */
  tokens: number;
}

/** Height and width count places of the latent; a picture is `inferSizes().vaeFactor` times as large. */
export interface LatentSize {
  batch: number;
  height: number;
  width: number;
  /** Opposite edges of the picture fit together (A1111's Tiling): all convolutions wrap around. */
  tiling?: boolean;
}

export interface BuildOptions {
  /** By default `fused`, which suits the CPU; use `basic` for other providers. */
  attention?: AttentionKind;
}

/**
 * Inputs: `ids` int64 [B, tokens], `keep` [B, tokens, 1] (0 where a learned row replaces the token's own), `learned`
 * [B, tokens, C] (zeros elsewhere), `multipliers` [B, tokens]. Output: `context` [B, tokens, C].
 */
export function buildTextEncoder(
  weights: CheckpointWeights,
  { batch, tokens }: TextEncoderSize,
  { attention = "fused", clipSkip = 1, widenTable = false }: BuildOptions & Omit<ClipTextOptions, "attention"> = {},
): Graph {
  const graph = new Graph();
  const scope = new ParamScope(graph, weights, LDM_PREFIX.text);
  const { width } = inferClipTextConfig(scope);
  const inputs = {
    ids: graph.input("ids", "int64", [batch, tokens]),
    keep: graph.input("keep", "float32", [batch, tokens, 1]),
    learned: graph.input("learned", "float32", [batch, tokens, width]),
    multipliers: graph.input("multipliers", "float32", [batch, tokens]),
  };
  graph.output("context", textConditioning(scope, inputs, { attention, clipSkip, widenTable }));
  return graph;
}

/**
 * Inputs: `latents` [B, 4, H, W], `timesteps` float32 [B], `context` [B, tokens, C]. Output: `prediction` [B, 4, H, W],
 * the noise for checkpoints that predict noise.
 */
export function buildUNet(
  weights: CheckpointWeights,
  { batch, height, width, tokens, tiling = false }: LatentSize & { tokens: number },
  { attention = "fused" }: BuildOptions = {},
): Graph {
  const graph = new Graph();
  const scope = new ParamScope(graph, weights, { path: LDM_PREFIX.unet, wraps: tiling });
  const { inChannels, contextWidth } = inferUNetConfig(scope);
  const inputs = {
    latents: graph.input("latents", "float32", [batch, inChannels, height, width]),
    timesteps: graph.input("timesteps", "float32", [batch]),
    context: graph.input("context", "float32", [batch, tokens, contextWidth]),
  };
  graph.output("prediction", unet2dCondition(scope, inputs, attention));
  return graph;
}

/** Input: `latents` [B, 4, H, W], already divided by `LATENT_SCALE`. Output: `pictures` [B, 3, f*H, f*W], about -1 to 1. */
export function buildVaeDecoder(
  weights: CheckpointWeights,
  { batch, height, width, tiling = false }: LatentSize,
  { attention = "fused" }: BuildOptions = {},
): Graph {
  const graph = new Graph();
  const scope = new ParamScope(graph, weights, { path: LDM_PREFIX.vae, wraps: tiling });
  const { latentChannels } = inferVaeConfig(scope);
  const latents = graph.input("latents", "float32", [batch, latentChannels, height, width]);
  graph.output("pictures", decodeLatents(scope, latents, attention));
  return graph;
}

/** Input: `pictures` [B, 3, f*H, f*W] in -1 to 1. Outputs: `mean` and `logvar` [B, 4, H, W], not yet times `LATENT_SCALE`. */
export function buildVaeEncoder(
  weights: CheckpointWeights,
  { batch, height, width, tiling = false }: LatentSize,
  { attention = "fused" }: BuildOptions = {},
): Graph {
  const graph = new Graph();
  const scope = new ParamScope(graph, weights, { path: LDM_PREFIX.vae, wraps: tiling });
  const { factor } = inferVaeConfig(scope);
  const pictures = graph.input("pictures", "float32", [batch, 3, factor * height, factor * width]);
  const { mean, logvar } = encodePictures(scope, pictures, attention);
  graph.output("mean", mean);
  graph.output("logvar", logvar);
  return graph;
}

export interface ModelSizes {
  /** Width of the text encoder, and so of learned vectors. */
  textWidth: number;
  latentChannels: number;
  /** Pixels of a picture's side for one place of its latent. */
  vaeFactor: number;
}

/** The sizes that callers need to make inputs. Throws LexemeError when the keys that show these sizes are missing. */
export function inferSizes(weights: CheckpointWeights): ModelSizes {
  const graph = new Graph();
  const vae = inferVaeConfig(new ParamScope(graph, weights, LDM_PREFIX.vae));
  const text = inferClipTextConfig(new ParamScope(graph, weights, LDM_PREFIX.text));
  return { textWidth: text.width, latentChannels: vae.latentChannels, vaeFactor: vae.factor };
}
