/**
 * @file The autoencoder cut at its normalizations, so that a picture of any size passes through it in bands of rows. A normalization
 * needs only the mean and variance of the whole picture, and the caller of the stages computes these over all bands.
 */
import { add, Graph, mul, sub, type Value } from "@lexeme/onnx";
import type { AttentionKind } from "./attention.ts";
import { decoderStart, encoderEnd } from "./autoencoder-kl.ts";
import { LDM_PREFIX, type LatentSize } from "./build-graphs.ts";
import type { CheckpointWeights } from "./checkpoint-weights.ts";
import { inferVaeConfig } from "./configs/vae-config.ts";
import { conv2d } from "./layers/conv2d.ts";
import { silu } from "./layers/silu.ts";
import { upsampleConv2d } from "./layers/upsample.ts";
import { ParamScope } from "./param-scope.ts";

/** The change of height and width of the feature map in a band stage. */
export type BandScale = "same" | "double" | "half";

/** A stage whose rows can be computed in bands. It reads the rows of the band and `BAND_HALO` more rows above and below. */
export interface BandStage {
  /** Key of its convolution below `first_stage_model`. */
  readonly key: string;
  readonly scale: BandScale;
  /** Key of the normalization with SiLU before the convolution, whose mean and variance are those of the whole map; null for none. */
  readonly norm: string | null;
  /** First half of a residual block: its input is kept for the second half. */
  readonly keepsInput: boolean;
  /** Second half of a residual block: adds the kept input, through the 1 x 1 convolution of this key where the widths differ. */
  readonly addsKept: { readonly shortcut: string | null } | null;
}

export interface BandSize {
  /** Rows of the band without halo: rows of the output, for `double` rows of the input. */
  readonly rows: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  /** Channels of the kept input that is added; 0 when the stage adds nothing. */
  readonly keptChannels: number;
  /** As in `LatentSize`; the rows of the halo then come from the opposite edge. */
  readonly tiling: boolean;
}

/** Rows of the input that a band needs in addition to the rows at the positions of its output. */
export const BAND_HALO = {
  same: { above: 1, below: 1 },
  double: { above: 1, below: 1 },
  // LDM pads at the right and below only.
  half: { above: 0, below: 1 },
} as const satisfies Record<BandScale, { above: number; below: number }>;

/** The stages of the decoder after its middle, in order. The input is the output of `buildDecoderStart`, the result is pictures. */
export function decoderBandStages(weights: CheckpointWeights): BandStage[] {
  const scope = vaeScope(new Graph(), weights);
  const levels = scope.at("decoder.up");
  const stages: BandStage[] = [];
  for (let level = levels.count() - 1; level >= 0; level--) {
    stages.push(...levelStages(scope, `decoder.up.${level}`, "upsample"));
  }
  return [...stages, { ...PLAIN, key: "decoder.conv_out", norm: "decoder.norm_out" }];
}

/** The stages of the encoder before its middle, in order. The input is pictures, the result is the input of `buildEncoderEnd`. */
export function encoderBandStages(weights: CheckpointWeights): BandStage[] {
  const scope = vaeScope(new Graph(), weights);
  const stages: BandStage[] = [{ ...PLAIN, key: "encoder.conv_in" }];
  for (let level = 0; level < scope.at("encoder.down").count(); level++) {
    stages.push(...levelStages(scope, `encoder.down.${level}`, "downsample"));
  }
  return stages;
}

const PLAIN = { scale: "same", norm: null, keepsInput: false, addsKept: null } as const;

function levelStages(vae: ParamScope, path: string, resampling: "upsample" | "downsample"): BandStage[] {
  const stages: BandStage[] = [];
  for (let index = 0; index < vae.count(`${path}.block`); index++) {
    const block = `${path}.block.${index}`;
    const shortcut = vae.hasChild(`${block}.nin_shortcut`) ? `${block}.nin_shortcut` : null;
    stages.push(
      { ...PLAIN, key: `${block}.conv1`, norm: `${block}.norm1`, keepsInput: true },
      { ...PLAIN, key: `${block}.conv2`, norm: `${block}.norm2`, addsKept: { shortcut } },
    );
  }
  if (!vae.hasChild(`${path}.${resampling}`)) return stages;
  return [
    ...stages,
    { ...PLAIN, key: `${path}.${resampling}.conv`, scale: resampling === "upsample" ? "double" : "half" },
  ];
}

/**
 * Inputs: `x` [1, C, rows with halo, W]. Its rows outside the picture must be 0 in a stage without normalization, and may hold any
 * finite values in a stage with normalization; with tiling they are the rows of the opposite edge. A stage with normalization also has `mean` and `invStdDev` [C, 1, 1] and `inside`
 * [rows with halo, 1], which is 1 for rows of the picture and 0 outside. A stage that adds a kept input has `kept` [1, K, rows, W].
 * Output: `y` [1, O, rows', W'].
 */
export function buildBandStage(weights: CheckpointWeights, stage: BandStage, size: BandSize): Graph {
  const graph = new Graph();
  const { rows, inputWidth, inputChannels, keptChannels, tiling } = size;
  const scope = vaeScope(graph, weights, tiling);
  const { above, below } = BAND_HALO[stage.scale];
  const inputRows = above + (stage.scale === "half" ? 2 * rows : rows) + below;
  const x = graph.input("x", "float32", [1, inputChannels, inputRows, inputWidth]);
  const activated = stage.norm === null ? x : normSiluOfBand(scope.at(stage.norm), x);
  let y = convolution(scope.at(stage.key), activated, stage.scale);
  if (stage.addsKept !== null) {
    const kept = graph.input("kept", "float32", [1, keptChannels, rows, inputWidth]);
    const { shortcut } = stage.addsKept;
    y = add(shortcut === null ? kept : conv2d(scope.at(shortcut), kept, { kernel: 1 }), y);
  }
  graph.output("y", y);
  return graph;
}

/** `(x - mean) / std * weight + bias` with given statistics, as one factor and one summand for each channel. Then SiLU, then zeros in the rows outside the picture, which the convolution expects. */
function normSiluOfBand(scope: ParamScope, x: Value): Value {
  const { graph } = x;
  const [, channels = 0, rows = 0] = x.shape;
  const perChannel = [channels, 1, 1];
  const factor = mul(scope.weight([channels], { as: perChannel }), graph.input("invStdDev", "float32", perChannel));
  const mean = graph.input("mean", "float32", perChannel);
  const summand = sub(scope.bias([channels], { as: perChannel }), mul(mean, factor));
  return mul(silu(add(mul(x, factor), summand)), graph.input("inside", "float32", [rows, 1]));
}

function convolution(scope: ParamScope, x: Value, scale: BandScale): Value {
  switch (scale) {
    case "same":
      return conv2d(scope, x, { kernel: 3, padding: [0, 1, 0, 1] });
    case "double":
      return upsampleConv2d(scope, x, { hasHalo: true });
    case "half":
      return conv2d(scope, x, { kernel: 3, stride: 2, padding: [0, 0, 0, 1] });
  }
}

/** Input: `latents` [1, 4, h, w], already divided by `LATENT_SCALE`. Output: `y` [1, C, h, w] for the decoder's first band stage. */
export function buildDecoderStart(
  weights: CheckpointWeights,
  { height, width, tiling = false }: Omit<LatentSize, "batch">,
  kind: AttentionKind,
): Graph {
  const graph = new Graph();
  const scope = vaeScope(graph, weights, tiling);
  const { latentChannels } = inferVaeConfig(scope);
  const latents = graph.input("latents", "float32", [1, latentChannels, height, width]);
  graph.output("y", decoderStart(scope, latents, kind));
  return graph;
}

/** Input: `x` [1, C, h, w], the result of the encoder's last band stage. Outputs: `mean` and `logvar` [1, 4, h, w]. */
export function buildEncoderEnd(
  weights: CheckpointWeights,
  { channels, height, width, tiling = false }: Omit<LatentSize, "batch"> & { channels: number },
  kind: AttentionKind,
): Graph {
  const graph = new Graph();
  const { mean, logvar } = encoderEnd(
    vaeScope(graph, weights, tiling),
    graph.input("x", "float32", [1, channels, height, width]),
    kind,
  );
  graph.output("mean", mean);
  graph.output("logvar", logvar);
  return graph;
}

function vaeScope(graph: Graph, weights: CheckpointWeights, wraps = false): ParamScope {
  return new ParamScope(graph, weights, { path: LDM_PREFIX.vae, wraps });
}
