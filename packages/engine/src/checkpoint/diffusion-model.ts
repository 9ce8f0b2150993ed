/** @file A checkpoint's networks as functions. The pool opens their sessions. Only the UNet takes batches of pictures. */
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

  /** Encodes one prompt, chunk by chunk. `rows` are the rows of the embeddings that it calls. */
  encodePrompt(
    chunks: readonly PromptChunk[],
    rows: LearnedRows,
    { clipSkip = 1 }: { clipSkip?: number } = {},
  ): Promise<Conditioning> {
    return encodePrompt(this, chunks, { rows, clipSkip });
  }

  /** The noise that the UNet predicts for the latents, `[batch, 4, height, width]`. `keep` names sessions that must stay open meanwhile. */
  predictNoise(query: NoiseQuery, keep: readonly string[] = []): Promise<Float32Array> {
    return this.#predictor.predictNoise(query, keep);
  }

  /** The meaning of the UNet's output: from the file, or found once by running the UNet. */
  predictionType(): Promise<PredictionType> {
    return this.#predictor.predictionType();
  }

  /** The request for the session of a batch of this size. */
  unetRequest(size: LatentGrid & { batch: number; tokens: number }): SessionRequest {
    return this.#predictor.request(size);
  }

  /** Decodes one latent in the sampler's scale to a picture `[3, 8 height, 8 width]`, about -1 to 1. */
  decode(latent: Float32Array, grid: LatentGrid): Promise<Float32Array> {
    return decodeLatent(this, latent, grid);
  }

  /** The request for the session of the whole decoder. */
  decoderRequest(grid: LatentGrid): SessionRequest {
    return vaeDecoderRequest(this.checkpoint, this.graphOptions, { batch: 1, ...grid });
  }

  /** The posterior of one picture `[3, 8 height, 8 width]` in -1 to 1. */
  encode(picture: Float32Array, grid: LatentGrid): Promise<LatentPosterior> {
    return encodePicture(this, picture, grid);
  }
}
