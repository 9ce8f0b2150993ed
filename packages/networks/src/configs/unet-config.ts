/** @file The UNet's layout, read from a checkpoint's keys and shapes: the modules of each block, their widths, and the number of blocks. */
import { LexemeError } from "@lexeme/core";
import type { ParamScope } from "../param-scope.ts";

/** One module of a block. Its number in the checkpoint's keys is its position in the list. */
export type BlockModule =
  | { readonly kind: "conv" }
  | { readonly kind: "resnet" }
  | { readonly kind: "transformer"; readonly depth: number }
  | { readonly kind: "downsample" }
  | { readonly kind: "upsample" };

export interface UNetConfig {
  /** Channels of the input latent and of the predicted output (SD 1.x: 4). */
  readonly inChannels: number;
  /** Width of the sinusoidal time embedding and of the first level (SD 1.x: 320). */
  readonly modelChannels: number;
  /** Width of the text embeddings that condition the UNet (SD 1.x: 768). */
  readonly contextWidth: number;
  readonly inputBlocks: readonly (readonly BlockModule[])[];
  readonly middleBlock: readonly BlockModule[];
  readonly outputBlocks: readonly (readonly BlockModule[])[];
  /** Number of heads of a transformer with the given width. */
  readonly numHeads: (width: number) => number;
}

/** SD 1.x: `num_heads` in CompVis's v1-inference.yaml. */
const SD1_HEADS = 8;

/** Infers the layout below `scope` (`model.diffusion_model`). Throws LexemeError when keys that show it are missing. */
export function inferUNetConfig(scope: ParamScope): UNetConfig {
  const inputBlocks = blocksOf(scope.at("input_blocks"));
  const outputBlocks = blocksOf(scope.at("output_blocks"));
  if (outputBlocks.length !== inputBlocks.length) {
    throw layoutFault(
      `The checkpoint's UNet has ${inputBlocks.length} input blocks but ${outputBlocks.length} output blocks: it is incomplete or of another family`,
    );
  }
  const { numHeadChannels } = scope.weights;
  return {
    inChannels: scope.sizeOf("input_blocks.0.0.weight", 1),
    modelChannels: scope.sizeOf("time_embed.0.weight", 1),
    contextWidth: contextWidthOf(scope),
    inputBlocks,
    middleBlock: modulesOf(scope.at("middle_block")),
    outputBlocks,
    numHeads: (width) => (numHeadChannels === undefined ? SD1_HEADS : width / numHeadChannels),
  };
}

function blocksOf(scope: ParamScope): BlockModule[][] {
  return Array.from({ length: scope.count() }, (_, index) => modulesOf(scope.at(index)));
}

function modulesOf(scope: ParamScope): BlockModule[] {
  const count = scope.count();
  if (count === 0)
    throw layoutFault(`The checkpoint lacks every "${scope.path}." key: it is incomplete or of another family`);
  return Array.from({ length: count }, (_, index) => moduleAt(scope.at(index)));
}

function moduleAt(scope: ParamScope): BlockModule {
  if (scope.hasChild("in_layers") || scope.hasChild("out_layers")) return { kind: "resnet" };
  if (scope.hasChild("transformer_blocks")) return { kind: "transformer", depth: scope.count("transformer_blocks") };
  if (scope.hasChild("op")) return { kind: "downsample" };
  if (scope.hasChild("conv")) return { kind: "upsample" };
  if (scope.has("weight") || scope.has("bias")) return { kind: "conv" };
  throw layoutFault(`The checkpoint's "${scope.path}" is no module of a Stable Diffusion UNet`);
}

function contextWidthOf(scope: ParamScope): number {
  const suffix = "transformer_blocks.0.attn2.to_k.weight";
  for (const [key, { shape }] of scope.weights.tensors) {
    if (key.startsWith(`${scope.path}.`) && key.endsWith(suffix) && shape[1] !== undefined) return shape[1];
  }
  throw layoutFault(`The checkpoint's UNet has no "${suffix}": nothing in it reads the prompt`);
}

function layoutFault(message: string): LexemeError {
  return new LexemeError("CHECKPOINT_LAYOUT", message);
}
