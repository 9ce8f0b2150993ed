/** @file A checkpoint's networks as functions. Opens what it needs through the pool; batches of pictures are the UNet's only. */
import { CHUNK_TOKENS, LATENT_SCALE } from "@lexeme/networks";
import type { PredictionType } from "@lexeme/formats";
import {
  bandedDecoderBytes,
  bandedEncoderBytes,
  decodesInBands,
  encodesInBands,
  planUnet,
  type UnetPlan,
} from "@lexeme/domain/memory";
import type { Session } from "@lexeme/runtime";
import { TRAIN_TIMESTEPS } from "@lexeme/schedulers";
import type { PromptChunk } from "@lexeme/tokenizer";
import { BAND_BYTES, decodeInBands, encodeInBands, type BandedVaePorts } from "../banded-vae/banded-vae.ts";
import type { GraphOptions } from "../graph-options.ts";
import { checkpointForCancel, type JobControl } from "../job-ports.ts";
import { learnedFeed, tokenFeeds, type LearnedRows } from "../prompt/text-feeds.ts";
import type { SessionPool, SessionRequest } from "../sessions/session-pool.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { noiseFromV } from "./prediction-type.ts";
import { pixelsOf, textEncoderRequest, unetRequest, vaeDecoderRequest, vaeEncoderRequest } from "./network-requests.ts";

/** Height and width in places of the latent. */
export interface LatentGrid {
  readonly height: number;
  readonly width: number;
}

/** A prompt as the UNet reads it: `[tokens, width]`. */
export interface Conditioning {
  readonly tokens: number;
  readonly data: Float32Array;
}

/** The VAE's answer to a picture, both `[4, height, width]`, not yet times the latent scale. */
export interface LatentPosterior {
  readonly mean: Float32Array;
  readonly std: Float32Array;
}

export interface NoiseQuery {
  /** `[batch, 4, height, width]`. */
  readonly latents: Float32Array;
  /** One for each of the batch. */
  readonly timesteps: Float32Array;
  /** The sampler's noise level, the same for the whole batch, by which v becomes noise; that of the timesteps where left out. */
  readonly sigma?: number;
  /** One for each of the batch; all of the same length. */
  readonly conditionings: readonly Conditioning[];
  readonly grid: LatentGrid;
}

export class DiffusionModel {
  readonly checkpoint: Checkpoint;
  readonly pool: SessionPool;
  readonly graphOptions: GraphOptions;
  readonly #control: JobControl | undefined;
  #predictionType: Promise<PredictionType> | undefined;

  /** A job's `control` is listened to inside of what takes long. */
  constructor(checkpoint: Checkpoint, pool: SessionPool, options: GraphOptions & { readonly control?: JobControl }) {
    const { control, ...graphOptions } = options;
    this.checkpoint = checkpoint;
    this.pool = pool;
    this.graphOptions = graphOptions;
    this.#control = control;
  }

  /** The latent of a picture of this size in pixels. Sizes that the VAE's factor does not divide are rounded down. */
  gridOf(size: { width: number; height: number }): LatentGrid {
    const { vaeFactor } = this.checkpoint.sizes;
    return { width: Math.floor(size.width / vaeFactor), height: Math.floor(size.height / vaeFactor) };
  }

  latentLength({ height, width }: LatentGrid): number {
    return this.checkpoint.sizes.latentChannels * height * width;
  }

  /** Encodes one prompt, chunk by chunk: with one prompt in the batch, emphasis restores the mean of each chunk alone. */
  async encodePrompt(
    chunks: readonly PromptChunk[],
    rows: LearnedRows,
    options: { clipSkip?: number } = {},
  ): Promise<Conditioning> {
    const { ignoresClipSkip, sizes } = this.checkpoint;
    const clipSkip = ignoresClipSkip ? 1 : (options.clipSkip ?? 1);
    const { textWidth } = sizes;
    const data = new Float32Array(chunks.length * CHUNK_TOKENS * textWidth);
    for (const [index, chunk] of chunks.entries()) {
      if (this.#control) await checkpointForCancel(this.#control);
      const session = await this.pool.get(textEncoderRequest(this.checkpoint, this.graphOptions, clipSkip));
      const feeds = { ...tokenFeeds([[chunk]], this.checkpoint), learned: learnedFeed(chunk, rows, textWidth) };
      data.set(await runFor(session, feeds, "context"), index * CHUNK_TOKENS * textWidth);
    }
    return { tokens: chunks.length * CHUNK_TOKENS, data };
  }

  /** The noise that the UNet sees in the latents, `[batch, 4, height, width]`. `keep` names sessions that must stay open meanwhile. */
  async predictNoise(query: NoiseQuery, keep: readonly string[] = []): Promise<Float32Array> {
    const isV = (await this.predictionType()) === "v";
    const prediction = await this.#predict(query, keep);
    return isV ? noiseFromV(this.checkpoint.noiseSchedule, prediction, query) : prediction;
  }

  /** As the file says, or told once from what the UNet answers. */
  predictionType(): Promise<PredictionType> {
    const { predictionType } = this.checkpoint;
    this.#predictionType ??=
      predictionType === undefined ? this.#guessPredictionType() : Promise.resolve(predictionType);
    return this.#predictionType;
  }

  /** A1111's test for SD 2.x (`is_using_v_parameterization_for_sd2`): at the noisiest step, v lies far below what it is asked about. */
  async #guessPredictionType(): Promise<PredictionType> {
    const { textWidth, latentChannels } = this.checkpoint.sizes;
    const grid = { height: 8, width: 8 };
    const half = (length: number): Float32Array => new Float32Array(length).fill(0.5);
    const latents = half(latentChannels * grid.height * grid.width);
    const conditionings = [{ tokens: 2, data: half(2 * textWidth) }];
    const answer = await this.#predict({
      latents,
      timesteps: Float32Array.of(TRAIN_TIMESTEPS - 1),
      conditionings,
      grid,
    });
    const mean = answer.reduce((sum, value, i) => sum + value - latents[i]!, 0) / answer.length;
    return mean < -1 ? "v" : "epsilon";
  }

  /** What the UNet answers, be it noise or v: the batch at once, or in equal parts where memory is too small for it. */
  async #predict(query: NoiseQuery, keep: readonly string[] = []): Promise<Float32Array> {
    const { latents, timesteps, conditionings, grid } = query;
    const tokens = conditionings[0]!.tokens;
    const { rows: batch } = this.#planUnet({ batch: timesteps.length, ...grid });
    const session = await this.pool.get(this.unetRequest({ batch: timesteps.length, tokens, ...grid }), keep);
    const { textWidth, latentChannels } = this.checkpoint.sizes;
    const shape = [batch, latentChannels, grid.height, grid.width];
    const length = batch * this.latentLength(grid);
    const prediction = new Float32Array(latents.length);
    for (let row = 0; row < timesteps.length; row += batch) {
      if (row > 0 && this.#control) await checkpointForCancel(this.#control);
      const context = new Float32Array(batch * tokens * textWidth);
      const rows = conditionings.slice(row, row + batch);
      for (const [i, { data }] of rows.entries()) context.set(data, i * tokens * textWidth);
      const at = row * this.latentLength(grid);
      const feeds = {
        latents: { dtype: "float32", shape, data: latents.subarray(at, at + length) },
        timesteps: { dtype: "float32", shape: [batch], data: timesteps.subarray(row, row + batch) },
        context: { dtype: "float32", shape: [batch, tokens, textWidth], data: context },
      } as const;
      prediction.set(await runFor(session, feeds, "prediction"), at);
    }
    return prediction;
  }

  /** The session that a batch of this size runs in. */
  unetRequest(size: LatentGrid & { batch: number; tokens: number }): SessionRequest {
    return unetRequest(this.checkpoint, this.graphOptions, { ...size, plan: this.#planUnet(size) });
  }

  #planUnet(size: LatentGrid & { batch: number }): UnetPlan {
    return planUnet(this.checkpoint.networkSizes, pixelsOf(this.checkpoint, size), this.pool.usableBytes);
  }

  /** One picture `[3, 8 height, 8 width]`, about -1 to 1, of one latent in the sampler's scale; in bands where memory is too small for the whole. */
  async decode(latent: Float32Array, grid: LatentGrid): Promise<Float32Array> {
    const unscaled = latent.map((value) => value / LATENT_SCALE);
    const { networkSizes } = this.checkpoint;
    const size = pixelsOf(this.checkpoint, { batch: 1, ...grid });
    if (decodesInBands(networkSizes, size, this.pool.usableBytes)) {
      return this.pool.withRoom(bandedDecoderBytes(networkSizes, size).peak, (open) =>
        decodeInBands(unscaled, grid, this.#bandPorts(open)),
      );
    }
    const session = await this.pool.get(this.decoderRequest(grid));
    const shape = [1, this.checkpoint.sizes.latentChannels, grid.height, grid.width];
    return runFor(session, { latents: { dtype: "float32", shape, data: unscaled } }, "pictures");
  }

  /** The session of the whole decoder. */
  decoderRequest(grid: LatentGrid): SessionRequest {
    return vaeDecoderRequest(this.checkpoint, this.graphOptions, { batch: 1, ...grid });
  }

  /** The posterior of one picture `[3, 8 height, 8 width]` in -1 to 1; in bands where memory is too small for the whole. */
  async encode(picture: Float32Array, grid: LatentGrid): Promise<LatentPosterior> {
    const { networkSizes } = this.checkpoint;
    const size = pixelsOf(this.checkpoint, { batch: 1, ...grid });
    if (encodesInBands(networkSizes, size, this.pool.usableBytes)) {
      const { mean, logvar } = await this.pool.withRoom(bandedEncoderBytes(networkSizes, size).peak, (open) =>
        encodeInBands(picture, size, this.#bandPorts(open)),
      );
      return posteriorOf(mean, logvar);
    }
    const session = await this.pool.get(vaeEncoderRequest(this.checkpoint, this.graphOptions, { batch: 1, ...grid }));
    const shape = [1, 3, size.height, size.width];
    const { mean, logvar } = await session.run({ pictures: { dtype: "float32", shape, data: picture } });
    if (mean?.dtype !== "float32" || logvar?.dtype !== "float32") throw new TypeError("float32 moments expected");
    return posteriorOf(mean.data, logvar.data);
  }

  #bandPorts(open: BandedVaePorts["open"]): BandedVaePorts {
    return {
      open,
      weights: this.checkpoint.weights,
      attention: this.graphOptions.attention,
      bandBytes: BAND_BYTES,
      onBand: async () => {
        if (this.#control) await checkpointForCancel(this.#control);
      },
    };
  }
}

function posteriorOf(mean: Float32Array, logvar: Float32Array): LatentPosterior {
  return { mean, std: logvar.map((value) => Math.exp(value / 2)) };
}

async function runFor(session: Session, feeds: Parameters<Session["run"]>[0], output: string): Promise<Float32Array> {
  const result = (await session.run(feeds, [output]))[output];
  if (result?.dtype !== "float32") throw new TypeError(`"${output}" should be float32`);
  return result.data;
}
