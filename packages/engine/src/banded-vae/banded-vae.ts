/** @file Encoding and decoding in bands. The results are the same as with the whole networks, but only two feature maps of the picture are in memory. */
import {
  buildDecoderStart,
  buildEncoderEnd,
  decoderBandStages,
  encoderBandStages,
  type AttentionKind,
} from "@lexeme/networks";
import type { HostTensor } from "@lexeme/runtime";
import { FeatureMap, type MapSize } from "./feature-map.ts";
import { runBandStages, type BandPorts } from "./run-bands.ts";

/** The size of a band: large enough that halos and calls cost little, and small compared with any map that is worth splitting. */
export const BAND_BYTES = 32 * 2 ** 20;

export interface BandedVaePorts extends BandPorts {
  readonly attention: AttentionKind;
}

/** Latents `[4, h, w]`, already divided by the latent scale, to `[3, f h, f w]`. */
export async function decodeInBands(
  latents: Float32Array,
  grid: MapSize,
  ports: BandedVaePorts,
): Promise<Float32Array> {
  const { height, width } = grid;
  const start = await runOnce(buildDecoderStart(ports.weights, grid, ports.attention), ports, {
    latents: { dtype: "float32", shape: [1, latents.length / (height * width), height, width], data: latents },
  });
  const first = FeatureMap.from(numbers(start["y"]), grid);
  return (await runBandStages(first, decoderBandStages(ports.weights), ports)).toArray();
}

/** A picture `[3, H, W]` in -1 to 1 to its posterior's moments, both `[4, h, w]`. */
export async function encodeInBands(
  picture: Float32Array,
  size: MapSize,
  ports: BandedVaePorts,
): Promise<{ mean: Float32Array; logvar: Float32Array }> {
  const map = await runBandStages(FeatureMap.from(picture, size), encoderBandStages(ports.weights), ports);
  const { channels, height, width, tiling } = map;
  const end = buildEncoderEnd(ports.weights, { channels, height, width, tiling }, ports.attention);
  const { mean, logvar } = await runOnce(end, ports, {
    x: { dtype: "float32", shape: [1, channels, height, width], data: map.toArray() },
  });
  return { mean: numbers(mean), logvar: numbers(logvar) };
}

async function runOnce(
  graph: Parameters<BandPorts["open"]>[0],
  ports: BandPorts,
  feeds: Record<string, HostTensor>,
): Promise<Record<string, HostTensor>> {
  await ports.onBand();
  const session = await ports.open(graph);
  try {
    return await session.run(feeds);
  } finally {
    await session.dispose();
  }
}

function numbers(tensor: HostTensor | undefined): Float32Array {
  if (tensor?.dtype !== "float32") throw new TypeError("float32 results expected");
  return tensor.data;
}
