/** @file A whole drawing as one value, made once from its settings. The sampler, progress, infotext and file names all read it. */
import type { HiresSize, LatentUpscalerName, Txt2imgSettings } from "@lexeme/domain/settings";
import type { NoiseSettings, SamplingPlan } from "@lexeme/schedulers";
import type { LatentGrid } from "../checkpoint/diffusion-model.ts";
import type { Upscaler } from "../upscale/upscaler.ts";
import type { EncodedPrompts } from "./encode-prompts.ts";

export interface Draw {
  /** The settings of the request: sizes before they are rounded down, prompts without the styles' texts. */
  readonly settings: Txt2imgSettings;
  /** The passes in the order of drawing. */
  readonly passes: readonly [DrawPass, ...DrawPass[]];
  readonly batches: readonly DrawBatch[];
  /** Sentences about parts of the request that cannot be followed. */
  readonly warnings: readonly string[];
}

/** Pictures that are drawn together, with a seed and a variation seed for each. */
export interface DrawBatch {
  readonly seeds: readonly bigint[];
  readonly subseeds: readonly bigint[];
}

/** The values that a sampler and its guidance read. */
export interface SamplingPass extends SamplingPlan, Pick<EncodedPrompts, "conditional" | "unconditional"> {
  readonly grid: LatentGrid;
  readonly cfgScale: number;
  /** Negative guidance minimum sigma: below it every other call leaves the negative prompt out; 0 means never. */
  readonly minUncondSigma?: number;
  /** Source, resizing (sizes in latents) and seed delta of the noise; without it, the seeds' own CPU noise. */
  readonly noise?: Omit<NoiseSettings, "variation">;
  /** Share of the variation seeds' noise. */
  readonly variationStrength?: number;
}

/** One pass through the sampler, with the checkpoint's numbers: the only pass, or one of the two passes of hires fix. */
export interface DrawPass extends SamplingPass, EncodedPrompts {
  readonly phase: "drawing" | "first-pass" | "second-pass";
  /** Model calls for a batch; percent for DPM adaptive. */
  readonly calls: number;
  /** The enlargement of the earlier pass' pictures, from which this pass starts; undefined for the first pass. */
  readonly enlargement?: PassEnlargement;
}

export interface PassEnlargement {
  readonly upscaler: LatentUpscalerName | Upscaler;
  /** Sizes in pixels; the cut is in places of the latent. */
  readonly size: HiresSize;
  /** Size of the enlarged latents before the cut. */
  readonly grid: LatentGrid;
}

/** Model calls for a batch, over all passes. */
export function callsOf({ passes }: Pick<Draw, "passes">): number {
  return passes.reduce((sum, { calls }) => sum + calls, 0);
}

/** Work of a job's first `step` calls, in units of a first-pass call: a call of a larger pass counts more, by its number of pixels. */
export function workOf(draw: Pick<Draw, "passes">, step: number): number {
  const calls = callsOf(draw);
  const batches = calls === 0 ? 0 : Math.floor(step / calls);
  return batches * workOfBatch(draw, calls) + workOfBatch(draw, step - batches * calls);
}

function workOfBatch({ passes }: Pick<Draw, "passes">, done: number): number {
  const [{ grid: first }] = passes;
  let [work, before] = [0, 0];
  for (const { grid, calls } of passes) {
    const ratio = (grid.width * grid.height) / (first.width * first.height);
    work += Math.min(Math.max(0, done - before), calls) * ratio;
    before += calls;
  }
  return work;
}
