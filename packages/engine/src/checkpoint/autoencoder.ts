/** @file A checkpoint's VAE as functions for one picture at a time: as a whole, or in bands if memory is too small. */
import { bandedDecoderBytes, bandedEncoderBytes, decodesInBands, encodesInBands } from "@lexeme/domain/memory";
import { LATENT_SCALE } from "@lexeme/networks";
import { BAND_BYTES, decodeInBands, encodeInBands, type BandedVaePorts } from "../banded-vae/banded-vae.ts";
import { pixelsOf, vaeDecoderRequest, vaeEncoderRequest } from "./network-requests.ts";
import type { LatentGrid, LatentPosterior } from "./network-values.ts";
import { runFor, type OpenNetworks } from "./open-networks.ts";

/** Decodes one latent in the sampler's scale to a picture `[3, 8 height, 8 width]`, about -1 to 1. */
export async function decodeLatent(
  networks: OpenNetworks,
  latent: Float32Array,
  grid: LatentGrid,
): Promise<Float32Array> {
  const { checkpoint, pool, graphOptions } = networks;
  const { networkSizes } = checkpoint;
  const unscaled = latent.map((value) => value / LATENT_SCALE);
  const size = pixelsOf(checkpoint, { batch: 1, ...grid });
  if (decodesInBands(networkSizes, size, pool.usableBytes)) {
    return pool.withRoom(bandedDecoderBytes(networkSizes, size).peak, (open) =>
      decodeInBands(unscaled, grid, bandPorts(networks, open)),
    );
  }
  const session = await pool.get(vaeDecoderRequest(checkpoint, graphOptions, { batch: 1, ...grid }));
  const shape = [1, checkpoint.sizes.latentChannels, grid.height, grid.width];
  return runFor(session, { latents: { dtype: "float32", shape, data: unscaled } }, "pictures");
}

/** The posterior of one picture `[3, 8 height, 8 width]` in -1 to 1. */
export async function encodePicture(
  networks: OpenNetworks,
  picture: Float32Array,
  grid: LatentGrid,
): Promise<LatentPosterior> {
  const { checkpoint, pool, graphOptions } = networks;
  const { networkSizes } = checkpoint;
  const size = pixelsOf(checkpoint, { batch: 1, ...grid });
  if (encodesInBands(networkSizes, size, pool.usableBytes)) {
    const { mean, logvar } = await pool.withRoom(bandedEncoderBytes(networkSizes, size).peak, (open) =>
      encodeInBands(picture, size, bandPorts(networks, open)),
    );
    return posteriorOf(mean, logvar);
  }
  const session = await pool.get(vaeEncoderRequest(checkpoint, graphOptions, { batch: 1, ...grid }));
  const shape = [1, 3, size.height, size.width];
  const { mean, logvar } = await session.run({ pictures: { dtype: "float32", shape, data: picture } });
  if (mean?.dtype !== "float32" || logvar?.dtype !== "float32") throw new TypeError("float32 moments expected");
  return posteriorOf(mean.data, logvar.data);
}

function bandPorts(networks: OpenNetworks, open: BandedVaePorts["open"]): BandedVaePorts {
  return {
    open,
    weights: networks.checkpoint.weights,
    attention: networks.graphOptions.attention,
    bandBytes: BAND_BYTES,
    onBand: () => networks.checkForCancel(),
  };
}

function posteriorOf(mean: Float32Array, logvar: Float32Array): LatentPosterior {
  return { mean, std: logvar.map((value) => Math.exp(value / 2)) };
}
