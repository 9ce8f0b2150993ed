/** @file The sizes of a checkpoint's networks, from its header alone, for the prediction of memory. */
import { elementCount, type Shape } from "@lexeme/core";

type Tensors = ReadonlyMap<string, { readonly dtype: string; readonly shape: Shape }>;

export interface NetworkSizes {
  /** Numbers in the weights of each network. The text encoder's token table is not counted, because only few of its rows are read. */
  readonly textParameters: number;
  readonly unetParameters: number;
  readonly decoderParameters: number;
  readonly encoderParameters: number;
  /** Channels of the UNet's first level (SD 1.x: 320). */
  readonly unetChannels: number;
  /** Attention heads of the UNet's first level (SD 1.x: 8). */
  readonly unetHeads: number;
  /** Sum of the input and output channels of the decoder's first block at full size (SD 1.x: 256 + 128). */
  readonly decoderChannels: number;
  /** Channels of the encoder at full size (SD 1.x: 128). */
  readonly encoderChannels: number;
  /** Side in pixels of one place of the latent (8). */
  readonly vaeFactor: number;
  /** Whether the UNet's weights are stored with fewer bits than the computation uses. */
  readonly isWidened: boolean;
}

const TEXT = "cond_stage_model.";
const UNET = "model.diffusion_model.";
const DECODER = "first_stage_model.decoder.";
const ENCODER = "first_stage_model.encoder.";

/** SD 1.x: `num_heads` in CompVis's v1-inference.yaml. */
const SD1_HEADS = 8;

/** Undefined if a key that gives a size is missing: such a checkpoint cannot be used. */
export function networkSizes(tensors: Tensors, numHeadChannels: number | undefined): NetworkSizes | undefined {
  const sizeOf = (key: string, dimension: number): number | undefined => tensors.get(key)?.shape[dimension];
  const fullSize = `${DECODER}up.0.block.0.conv1.weight`;
  const sizes = {
    unetChannels: sizeOf(`${UNET}input_blocks.0.0.weight`, 0),
    decoderOutputs: sizeOf(fullSize, 0),
    decoderInputs: sizeOf(fullSize, 1),
    encoderChannels: sizeOf(`${ENCODER}conv_in.weight`, 0),
  };
  const { unetChannels, decoderOutputs, decoderInputs, encoderChannels } = sizes;
  if (!unetChannels || !decoderOutputs || !decoderInputs || !encoderChannels) return undefined;
  const doublings = [...tensors.keys()].filter((key) =>
    /^first_stage_model\.decoder\.up\.\d+\.upsample\.conv\.weight$/.test(key),
  );
  return {
    textParameters: parametersBelow(tensors, TEXT),
    unetParameters: parametersBelow(tensors, UNET),
    decoderParameters: parametersBelow(tensors, DECODER),
    encoderParameters: parametersBelow(tensors, ENCODER),
    unetChannels,
    unetHeads: numHeadChannels === undefined ? SD1_HEADS : unetChannels / numHeadChannels,
    decoderChannels: decoderInputs + decoderOutputs,
    encoderChannels,
    vaeFactor: 2 ** doublings.length,
    isWidened: [...tensors].some(([key, { dtype }]) => key.startsWith(UNET) && dtype !== "F32"),
  };
}

function parametersBelow(tensors: Tensors, prefix: string): number {
  let count = 0;
  for (const [key, { shape }] of tensors) {
    if (key.startsWith(prefix) && !key.endsWith("token_embedding.weight")) count += elementCount(shape);
  }
  return count;
}
