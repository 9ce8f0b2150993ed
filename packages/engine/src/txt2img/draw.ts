/** @file All of a drawing as one value, made once from its settings: drawing, progress, infotext and names of files read it. */
import type { HiresSize, LatentUpscalerName, Txt2imgSettings } from "@lexeme/domain/settings";
import type { NoiseSettings, SamplingPlan } from "@lexeme/schedulers";
import type { LatentGrid } from "../checkpoint/diffusion-model.ts";
import type { Upscaler } from "../upscale/upscaler.ts";
import type { EncodedPrompts } from "./encode-prompts.ts";

export interface Draw {
  /** As asked: sizes before they are rounded down, prompts without the styles' texts. */
  readonly settings: Txt2imgSettings;
  /** In the order of drawing. */
  readonly passes: readonly [DrawPass, ...DrawPass[]];
  readonly batches: readonly DrawBatch[];
  /** What will not be as asked, as sentences. */
  readonly warnings: readonly string[];
}

/** Pictures that are drawn together: a seed and a variation seed for each. */
export interface DrawBatch {
  readonly seeds: readonly bigint[];
  readonly subseeds: readonly bigint[];
}

/** What a sampler and its guidance read. */
export interface SamplingPass extends SamplingPlan, Pick<EncodedPrompts, "conditional" | "unconditional"> {
  readonly grid: LatentGrid;
  readonly cfgScale: number;
  /** Negative guidance minimum sigma: below it every other call leaves the negative prompt out, 0 for never. */
  readonly minUncondSigma?: number;
  /** Source, resizing and seed delta of the noise, sizes in latents; the seeds' own CPU noise without. */
  readonly noise?: Omit<NoiseSettings, "variation">;
  /** Share of the variation seeds' noise. */
  readonly variationStrength?: number;
}

/** One way through the sampler with the checkpoint's own numbers: the only one, or one of hires fix's two. */
export interface DrawPass extends SamplingPass, EncodedPrompts {
  readonly phase: "drawing" | "first-pass" | "second-pass";
  /** Calls of the model for a batch; percent for DPM adaptive. */
  readonly calls: number;
  /** How the pictures of the pass before become those that this one begins with; undefined for the first. */
  readonly enlargement?: PassEnlargement;
}

export interface PassEnlargement {
  readonly upscaler: LatentUpscalerName | Upscaler;
  /** In pixels; what is cut off in places of the latent. */
  readonly size: HiresSize;
  /** Latents as they are enlarged, before the cut. */
  readonly grid: LatentGrid;
}

/** Calls of the model for a batch, over all passes. */
export function callsOf({ passes }: Pick<Draw, "passes">): number {
  return passes.reduce((sum, { calls }) => sum + calls, 0);
}

/** Work of a job's first `step` calls, in calls of the first pass: those of a larger one take longer by their pixels. */
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
