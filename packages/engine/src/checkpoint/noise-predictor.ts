/** @file A checkpoint's UNet as a function that returns noise, for a UNet that predicts noise and for one that predicts v. */
import type { PredictionType } from "@lexeme/formats";
import { planUnet, type UnetPlan } from "@lexeme/domain/memory";
import { TRAIN_TIMESTEPS } from "@lexeme/schedulers";
import type { SessionRequest } from "../sessions/session-pool.ts";
import { pixelsOf, unetRequest } from "./network-requests.ts";
import type { LatentGrid, NoiseQuery } from "./network-values.ts";
import { runFor, type OpenNetworks } from "./open-networks.ts";
import { noiseFromV } from "./prediction-type.ts";

export class NoisePredictor {
  readonly #networks: OpenNetworks;
  #predictionType: Promise<PredictionType> | undefined;

  constructor(networks: OpenNetworks) {
    this.#networks = networks;
  }

  /** The noise that the UNet predicts for the latents, `[batch, 4, height, width]`. `keep` names sessions that must stay open meanwhile. */
  async predictNoise(query: NoiseQuery, keep: readonly string[]): Promise<Float32Array> {
    const isV = (await this.predictionType()) === "v";
    const prediction = await this.#predict(query, keep);
    return isV ? noiseFromV(this.#networks.checkpoint.noiseSchedule, prediction, query) : prediction;
  }

  /** The meaning of the UNet's output: from the file, or found once by running the UNet. */
  predictionType(): Promise<PredictionType> {
    const { predictionType } = this.#networks.checkpoint;
    this.#predictionType ??=
      predictionType === undefined ? this.#guessPredictionType() : Promise.resolve(predictionType);
    return this.#predictionType;
  }

  /** The request for the session of a batch of this size. */
  request(size: LatentGrid & { batch: number; tokens: number }): SessionRequest {
    const { checkpoint, graphOptions } = this.#networks;
    return unetRequest(checkpoint, graphOptions, { ...size, plan: this.#plan(size) });
  }

  #plan(size: LatentGrid & { batch: number }): UnetPlan {
    const { checkpoint, pool } = this.#networks;
    return planUnet(checkpoint.networkSizes, pixelsOf(checkpoint, size), pool.usableBytes);
  }

  /** A1111's test for SD 2.x (`is_using_v_parameterization_for_sd2`): at the noisiest step, v is far below the input. */
  async #guessPredictionType(): Promise<PredictionType> {
    const { textWidth, latentChannels } = this.#networks.checkpoint.sizes;
    const grid = { height: 8, width: 8 };
    const half = (length: number): Float32Array => new Float32Array(length).fill(0.5);
    const latents = half(latentChannels * grid.height * grid.width);
    const conditionings = [{ tokens: 2, data: half(2 * textWidth) }];
    const query = { latents, timesteps: Float32Array.of(TRAIN_TIMESTEPS - 1), conditionings, grid };
    const answer = await this.#predict(query, []);
    const mean = answer.reduce((sum, value, i) => sum + value - latents[i]!, 0) / answer.length;
    return mean < -1 ? "v" : "epsilon";
  }

  /** The UNet's own output, noise or v: for the batch at once, or in equal parts if memory is too small. */
  async #predict(query: NoiseQuery, keep: readonly string[]): Promise<Float32Array> {
    const { latents, timesteps, conditionings, grid } = query;
    const networks = this.#networks;
    const tokens = conditionings[0]!.tokens;
    const { rows: batch } = this.#plan({ batch: timesteps.length, ...grid });
    const session = await networks.pool.get(this.request({ batch: timesteps.length, tokens, ...grid }), keep);
    const { textWidth, latentChannels } = networks.checkpoint.sizes;
    const shape = [batch, latentChannels, grid.height, grid.width];
    const length = batch * networks.latentLength(grid);
    const prediction = new Float32Array(latents.length);
    for (let row = 0; row < timesteps.length; row += batch) {
      if (row > 0) await networks.checkForCancel();
      const context = new Float32Array(batch * tokens * textWidth);
      const rows = conditionings.slice(row, row + batch);
      for (const [i, { data }] of rows.entries()) context.set(data, i * tokens * textWidth);
      const at = row * networks.latentLength(grid);
      const feeds = {
        latents: { dtype: "float32", shape, data: latents.subarray(at, at + length) },
        timesteps: { dtype: "float32", shape: [batch], data: timesteps.subarray(row, row + batch) },
        context: { dtype: "float32", shape: [batch, tokens, textWidth], data: context },
      } as const;
      prediction.set(await runFor(session, feeds, "prediction"), at);
    }
    return prediction;
  }
}
