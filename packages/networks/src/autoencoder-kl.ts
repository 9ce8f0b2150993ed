/** @file The autoencoder between pictures and latents (diffusers: `AutoencoderKL`; LDM: `AutoencoderKL`; Rombach et al. 2022). */
import { clip, split, type Value } from "@lexeme/onnx";
import type { AttentionKind } from "./attention.ts";
import { conv2d } from "./layers/conv2d.ts";
import { upsampleConv2d } from "./layers/upsample.ts";
import type { ParamScope } from "./param-scope.ts";
import { normSilu, vaeMidBlock, vaeResnetBlock } from "./vae-resnet.ts";

/** Samplers and the UNet work on latents multiplied by this factor (SD 1.x, `scale_factor` in v1-inference.yaml). The networks here do not apply the factor. */
export const LATENT_SCALE = 0.18215;

/** LDM's `DiagonalGaussianDistribution` clamps the logarithm of the variance to this range. */
const LOGVAR_RANGE = { min: -30, max: 20 } as const;

/** Pictures [B, 3, H, W] in -1 to 1 to the posterior's mean and log-variance, [B, 4, H/f, W/f]. `scope` is `first_stage_model`. */
export function encodePictures(
  scope: ParamScope,
  pictures: Value,
  kind: AttentionKind,
): { mean: Value; logvar: Value } {
  const encoder = scope.at("encoder");
  let h = conv2d(encoder.at("conv_in"), pictures, { kernel: 3 });
  const levels = encoder.at("down");
  for (let level = 0; level < levels.count(); level++) {
    const down = levels.at(level);
    for (let block = 0; block < down.count("block"); block++) h = vaeResnetBlock(down.at("block").at(block), h);
    if (!down.hasChild("downsample")) continue;
    // LDM pads at the right and below only.
    h = conv2d(down.at("downsample.conv"), h, { kernel: 3, stride: 2, padding: [0, 0, 1, 1] });
  }
  return encoderEnd(scope, h, kind);
}

/** The encoder's end after its last level, at the size of the latent: middle, output, moments. `scope` is `first_stage_model`. */
export function encoderEnd(scope: ParamScope, x: Value, kind: AttentionKind): { mean: Value; logvar: Value } {
  const encoder = scope.at("encoder");
  const h = normSilu(encoder.at("norm_out"), vaeMidBlock(encoder.at("mid"), x, kind));
  const moments = conv2d(scope.at("quant_conv"), conv2d(encoder.at("conv_out"), h, { kernel: 3 }), { kernel: 1 });
  const half = (moments.shape[1] ?? 0) / 2;
  const [mean, logvar] = split(moments, [half, half], 1);
  if (mean === undefined || logvar === undefined) throw new TypeError("two halves expected");
  return { mean, logvar: clip(logvar, LOGVAR_RANGE.min, LOGVAR_RANGE.max) };
}

/** Latents [B, 4, h, w] (unscaled) to pictures [B, 3, f*h, f*w] in about -1 to 1. `scope` is `first_stage_model`. */
export function decodeLatents(scope: ParamScope, latents: Value, kind: AttentionKind): Value {
  const decoder = scope.at("decoder");
  let h = decoderStart(scope, latents, kind);
  const levels = decoder.at("up");
  for (let level = levels.count() - 1; level >= 0; level--) {
    const up = levels.at(level);
    for (let block = 0; block < up.count("block"); block++) h = vaeResnetBlock(up.at("block").at(block), h);
    if (up.hasChild("upsample")) h = upsampleConv2d(up.at("upsample.conv"), h);
  }
  return conv2d(decoder.at("conv_out"), normSilu(decoder.at("norm_out"), h), { kernel: 3 });
}

/** The decoder's start before its first level, at the size of the latent: input and middle. `scope` is `first_stage_model`. */
export function decoderStart(scope: ParamScope, latents: Value, kind: AttentionKind): Value {
  const decoder = scope.at("decoder");
  const h = conv2d(decoder.at("conv_in"), conv2d(scope.at("post_quant_conv"), latents, { kernel: 1 }), { kernel: 3 });
  return vaeMidBlock(decoder.at("mid"), h, kind);
}
