/** @file A checkpoint's networks as functions. Opens what it needs through the pool; batches of pictures are the UNet's only. */
import type { PredictionType } from "@lexeme/formats";
import type { PromptChunk } from "@lexeme/tokenizer";
import type { LearnedRows } from "../prompt/text-feeds.ts";
import type { SessionRequest } from "../sessions/session-pool.ts";
import { decodeLatent, encodePicture } from "./autoencoder.ts";
import { vaeDecoderRequest } from "./network-requests.ts";
import type { Conditioning, LatentGrid, LatentPosterior, NoiseQuery } from "./network-values.ts";
import { NoisePredictor } from "./noise-predictor.ts";
import { OpenNetworks } from "./open-networks.ts";
import { encodePrompt } from "./text-encoder.ts";

export type { Conditioning, LatentGrid, LatentPosterior } from "./network-values.ts";

export class DiffusionModel extends OpenNetworks {
  readonly #predictor = new NoisePredictor(this);

  /** Encodes one prompt, chunk by chunk. `rows` are those of the embeddings that it calls. */
  encodePrompt(
    chunks: readonly PromptChunk[],
    rows: LearnedRows,
    { clipSkip = 1 }: { clipSkip?: number } = {},
  ): Promise<Conditioning> {
    return encodePrompt(this, chunks, { rows, clipSkip });
  }

  /** The noise that the UNet sees in the latents, `[batch, 4, height, width]`. `keep` names sessions that must stay open meanwhile. */
  predictNoise(query: NoiseQuery, keep: readonly string[] = []): Promise<Float32Array> {
    return this.#predictor.predictNoise(query, keep);
  }

  /** What the UNet's own answer is: as the file says, or told once from an answer. */
  predictionType(): Promise<PredictionType> {
    return this.#predictor.predictionType();
  }

  /** The session that a batch of this size runs in. */
  unetRequest(size: LatentGrid & { batch: number; tokens: number }): SessionRequest {
    return this.#predictor.request(size);
  }

  /** One picture `[3, 8 height, 8 width]`, about -1 to 1, of one latent in the sampler's scale. */
  decode(latent: Float32Array, grid: LatentGrid): Promise<Float32Array> {
    return decodeLatent(this, latent, grid);
  }

  /** The session of the whole decoder. */
  decoderRequest(grid: LatentGrid): SessionRequest {
    return vaeDecoderRequest(this.checkpoint, this.graphOptions, { batch: 1, ...grid });
  }

  /** The posterior of one picture `[3, 8 height, 8 width]` in -1 to 1. */
  encode(picture: Float32Array, grid: LatentGrid): Promise<LatentPosterior> {
    return encodePicture(this, picture, grid);
  }
}
