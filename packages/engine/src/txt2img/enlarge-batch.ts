/** @file Enlarges the latents of a pass to the size of the next pass. */
import { TorchGenerator } from "@lexeme/core";
import { LATENT_SCALE } from "@lexeme/networks";
import type { DiffusionModel, LatentGrid } from "../checkpoint/diffusion-model.ts";
import { checkpointForCancel, type JobControl } from "../job-ports.ts";
import { cropPicture, pixelsToPlanes, type RawPicture } from "../pictures/raw-picture.ts";
import { cropLatent, upscaleLatent } from "../upscale/latent-upscaler.ts";
import type { Upscaler } from "../upscale/upscaler.ts";
import type { PassEnlargement } from "./draw.ts";
import { decodePicture } from "./draw-latents.ts";

/** Latents of one size, one for each picture. */
export interface LatentBatch {
  readonly latents: readonly Float32Array[];
  readonly grid: LatentGrid;
}

export interface EnlargeBatchPorts {
  readonly model: DiffusionModel;
  /** The pictures' seeds, from which the samples of the VAE's posterior are drawn. */
  readonly seeds: readonly bigint[];
  readonly control: JobControl;
}

/** One latent of the next pass' size for each latent. Rejects with the signal's reason at a cancel. */
export async function enlargeBatch(
  batch: LatentBatch,
  enlargement: PassEnlargement,
  ports: EnlargeBatchPorts,
): Promise<Float32Array[]> {
  const { upscaler, grid: to, size } = enlargement;
  const enlarged =
    typeof upscaler === "string"
      ? batch.latents.map((latent) => upscaleLatent(latent, { from: batch.grid, to, upscaler }))
      : await throughPixels(batch, { ...enlargement, upscaler }, ports);
  return enlarged.map((latent) => cropLatent(latent, to, size.cut));
}

/**
 * Decodes, enlarges and encodes again. Each stage handles all pictures, because each stage may open its own session. The posterior is
 * sampled as in A1111 for a single picture: from torch's generator on the CPU with the picture's seed, for every noise source.
 */
async function throughPixels(
  { latents, grid }: LatentBatch,
  { upscaler, grid: to, size }: PassEnlargement & { upscaler: Upscaler },
  { model, seeds, control }: EnlargeBatchPorts,
): Promise<Float32Array[]> {
  const pictures: RawPicture[] = [];
  for (const latent of latents) {
    pictures.push(await decodePicture(model, latent, grid));
    await checkpointForCancel(control);
  }
  const enlarged: RawPicture[] = [];
  for (const picture of pictures) {
    enlarged.push(await upscaler.upscale(picture, size.upscaled, control.cancelled));
    await checkpointForCancel(control);
  }
  const { vaeFactor } = model.checkpoint.sizes;
  // The VAE takes whole places of the latent; in A1111 the convolutions read the few pixels beyond them, and drop them.
  const box = { left: 0, top: 0, width: to.width * vaeFactor, height: to.height * vaeFactor };
  const encoded: Float32Array[] = [];
  for (const [i, picture] of enlarged.entries()) {
    const { mean, std } = await model.encode(pixelsToPlanes(cropPicture(picture, box)), to);
    const noise = new TorchGenerator(seeds[i]!).randn(mean.length);
    encoded.push(mean.map((value, at) => (value + std[at]! * noise[at]!) * LATENT_SCALE));
    await checkpointForCancel(control);
  }
  return encoded;
}
