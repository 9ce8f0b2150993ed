/**
 * @file Predicts the memory of one network at one size from a checkpoint's sizes. It is arithmetic alone, for the page, the server and the
 * engine. The factors were measured on SD 1.5's networks on the CPU (`packages/engine/bench/memory.ts`) and rounded up; they scale with
 * the size of the feature maps, channels times places.
 */
import { z } from "zod";

/** A checkpoint's sizes; `formats` reads them from its header. */
export const NetworkSizesSchema = z.object({
  textParameters: z.number(),
  unetParameters: z.number(),
  decoderParameters: z.number(),
  encoderParameters: z.number(),
  unetChannels: z.number(),
  unetHeads: z.number(),
  decoderChannels: z.number(),
  encoderChannels: z.number(),
  vaeFactor: z.number(),
  isWidened: z.boolean(),
});
export type NetworkSizes = z.infer<typeof NetworkSizesSchema>;

/** Bytes that a session needs while it opens and runs for the first time (`peak`), and bytes that it holds from then on (`kept`). No other program can use them. */
export interface SessionBytes {
  readonly peak: number;
  readonly kept: number;
}

/** The size of a picture in pixels, and the number of pictures that are computed at once. */
export interface WorkSize {
  readonly width: number;
  readonly height: number;
  readonly batch: number;
  /** Convolutions that wrap around read from wider copies of their maps. */
  readonly tiling?: boolean;
}

/** The program itself, with all code that a job needs, before any network is open. */
export const BASE_BYTES = 175e6;

const FLOAT_BYTES = 4;

export function textEncoderBytes({ textParameters }: NetworkSizes): SessionBytes {
  const kept = weightBytes(textParameters, PACKED);
  return { peak: kept, kept };
}

/**
 * The UNet on `batch` latents. Packed weights are in the layout of the convolutions: while a half-precision file opens, each weight is in
 * memory twice. Mapped weights need no more memory during opening than afterwards.
 */
export function unetBytes(
  sizes: NetworkSizes,
  { width, height, batch, tiling }: WorkSize,
  weights: "packed" | "mapped" = "packed",
): SessionBytes {
  const { unetParameters, unetChannels, vaeFactor } = sizes;
  const opening = sizes.isWidened && weights === "packed" ? OPENING_WIDENED : PACKED;
  const places = Math.ceil(width / vaeFactor) * Math.ceil(height / vaeFactor);
  const working = (UNET_MAPS + (tiling ? WRAPPED_UNET_MAPS : 0)) * FLOAT_BYTES * unetChannels * places * batch;
  const kept = weightBytes(unetParameters, PACKED) + working;
  return { peak: Math.max(kept, weightBytes(unetParameters, opening)), kept };
}

/** The VAE's decoder for one picture. */
export function decoderBytes(sizes: NetworkSizes, { width, height, tiling }: WorkSize): SessionBytes {
  const maps = (DECODER_MAPS + (tiling ? WRAPPED_MAPS : 0)) * FLOAT_BYTES * sizes.decoderChannels * width * height;
  return sameBytes(weightBytes(sizes.decoderParameters, PACKED) + maps);
}

/** The decoder in bands, which holds nothing afterwards. */
export function bandedDecoderBytes(sizes: NetworkSizes, { width, height, tiling }: WorkSize): SessionBytes {
  const maps = BANDED_MAPS * FLOAT_BYTES * sizes.decoderChannels * width * height;
  return { peak: DECODER_BANDS + (tiling ? WRAPPED_BANDS : 0) + maps, kept: 0 };
}

/** The VAE's encoder for one picture. */
export function encoderBytes(sizes: NetworkSizes, { width, height, tiling }: WorkSize): SessionBytes {
  const maps = (ENCODER_MAPS + (tiling ? WRAPPED_MAPS : 0)) * FLOAT_BYTES * sizes.encoderChannels * width * height;
  return sameBytes(weightBytes(sizes.encoderParameters, PACKED) + maps);
}

/** The encoder in bands, which holds nothing afterwards. */
export function bandedEncoderBytes(sizes: NetworkSizes, { width, height, tiling }: WorkSize): SessionBytes {
  const maps = BANDED_MAPS * FLOAT_BYTES * 2 * sizes.encoderChannels * width * height;
  return { peak: ENCODER_BANDS + (tiling ? WRAPPED_BANDS : 0) + maps, kept: 0 };
}

/** Text encoder and UNet, forward and backward. The backward pass needs the attention scores, whose number grows with the square of the places. */
export function trainingBytes(sizes: NetworkSizes, { width, height, batch }: WorkSize): SessionBytes {
  const { textParameters, unetParameters, unetChannels, unetHeads, vaeFactor } = sizes;
  const places = Math.floor(width / vaeFactor) * Math.floor(height / vaeFactor);
  const maps = TRAINING_MAPS * FLOAT_BYTES * (unetParameters / unetChannels) * places * batch;
  const scores = TRAINING_SCORES * FLOAT_BYTES * unetHeads * places ** 2 * batch;
  return sameBytes(weightBytes(textParameters + unetParameters, MAPPED) + maps + scores);
}

/** Copies of the weights in memory: in a session that packs them for the CPU, the most while such a session opens, and in a session that maps the file. */
const PACKED = 1.25;
const OPENING_WIDENED = 1.95;
const MAPPED = 1.14;

/** Feature maps of full size that are in memory at once. */
const UNET_MAPS = 74;
const DECODER_MAPS = 4.5;
const ENCODER_MAPS = 5.6;
/** The copy with more rows and the copy with more columns are in memory beside the map itself. In the UNet the widest map has three times the channels of the first level. */
const WRAPPED_MAPS = 2.1;
const WRAPPED_UNET_MAPS = 7;
/** Two copies of a band's map of 32 MiB, with its edges. */
const WRAPPED_BANDS = 80e6;
/** Bands alternate between two maps, whose channels the sizes count together; the memory of a band itself is added. */
const BANDED_MAPS = 1.02;
const DECODER_BANDS = 430e6;
const ENCODER_BANDS = 330e6;
/** The maps for the backward pass are kept, so their memory grows with the network's depth: weights for each pair of channels. */
const TRAINING_MAPS = 0.077;
/** Score matrices of the first level for each head. */
const TRAINING_SCORES = 4.6;

function weightBytes(parameters: number, copies: number): number {
  return FLOAT_BYTES * parameters * copies;
}

function sameBytes(bytes: number): SessionBytes {
  return { peak: bytes, kept: bytes };
}
