/** @file The denoising UNet (diffusers: `UNet2DConditionModel`; LDM: `UNetModel`), laid out as the checkpoint's keys are. */
import { concat, slice, type Value } from "@lexeme/onnx";
import type { AttentionKind } from "./attention.ts";
import { inferUNetConfig, type BlockModule, type UNetConfig } from "./configs/unet-config.ts";
import { conv2d } from "./layers/conv2d.ts";
import { groupNorm } from "./layers/group-norm.ts";
import { linear } from "./layers/linear.ts";
import { silu } from "./layers/silu.ts";
import { upsampleConv2d } from "./layers/upsample.ts";
import type { ParamScope } from "./param-scope.ts";
import { resnetBlock } from "./resnet.ts";
import { timestepEmbedding } from "./timestep-embedding.ts";
import { transformer2d } from "./transformer-2d.ts";

export interface UNetInputs {
  /** Noisy latents [B, 4, H, W], any H and W. */
  latents: Value;
  /** Time steps [B], float32, because samplers use values between the 1000 steps of training. */
  timesteps: Value;
  /** The text [B, tokens, context width]. */
  context: Value;
}

/** Predicts the noise in `latents`, [B, 4, H, W]. `scope` is the checkpoint's `model.diffusion_model`. */
export function unet2dCondition(scope: ParamScope, inputs: UNetInputs, kind: AttentionKind): Value {
  const config = inferUNetConfig(scope);
  const embedding = timestepEmbedding(inputs.timesteps, config.modelChannels);
  const hidden = silu(linear(scope.at("time_embed.0"), embedding));
  // Every residual block begins with SiLU of the embedding, so the SiLU is computed once here.
  const activatedEmbedding = silu(linear(scope.at("time_embed.2"), hidden));
  const run = (blockScope: ParamScope, x: Value, modules: readonly BlockModule[]): Value => {
    const context = { config, kind, activatedEmbedding, text: inputs.context };
    return modules.reduce((h, module, index) => runModule(blockScope.at(index), h, { module, ...context }), x);
  };

  let h = inputs.latents;
  const skips: Value[] = [];
  for (const [index, modules] of config.inputBlocks.entries()) {
    h = run(scope.at("input_blocks").at(index), h, modules);
    skips.push(h);
  }
  h = run(scope.at("middle_block"), h, config.middleBlock);
  for (const [index, modules] of config.outputBlocks.entries()) {
    const skip = skips.pop();
    if (skip === undefined) throw new TypeError("one skip for each output block expected");
    h = run(scope.at("output_blocks").at(index), concat([cropTo(h, skip), skip], 1), modules);
  }
  return conv2d(scope.at("out.2"), silu(groupNorm(scope.at("out.0"), h, 1e-5)), { kernel: 3 });
}

interface ModuleContext {
  module: BlockModule;
  config: UNetConfig;
  kind: AttentionKind;
  activatedEmbedding: Value;
  text: Value;
}

function runModule(
  scope: ParamScope,
  x: Value,
  { module, config, kind, activatedEmbedding, text }: ModuleContext,
): Value {
  switch (module.kind) {
    case "conv":
      return conv2d(scope, x, { kernel: 3 });
    case "resnet":
      return resnetBlock(scope, x, activatedEmbedding);
    case "transformer": {
      const numHeads = config.numHeads(x.shape[1] ?? 0);
      return transformer2d(scope, x, { context: text, depth: module.depth, numHeads, attention: kind });
    }
    case "downsample":
      return conv2d(scope.at("op"), x, { kernel: 3, stride: 2 });
    case "upsample":
      return upsampleConv2d(scope.at("conv"), x);
  }
}

/**
 * An odd size n halves to (n + 1) / 2 and doubles to n + 1. A1111 resizes the doubled tensor to the skip's size by nearest
 * neighbour; from n + 1 to n that picks places 0 to n - 1, which is a crop.
 */
function cropTo(x: Value, skip: Value): Value {
  const ranges = [2, 3].flatMap((axis) => {
    const end = skip.shape[axis];
    return end === undefined || end === x.shape[axis] ? [] : [{ axis, end }];
  });
  return ranges.length === 0 ? x : slice(x, ranges);
}
