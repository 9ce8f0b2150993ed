/** @file The sampling part of txt2img's settings as the drawing takes it. */
import { seedAfter, seedResize, type Txt2imgSettings } from "@lexeme/domain/settings";
import type { NoiseSettings, SamplingPlan } from "@lexeme/schedulers";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import type { DrawRequest } from "./draw.ts";

/** Sampler, schedule, steps and what the sampler's formula reads. */
export function samplingPlan(settings: Txt2imgSettings): SamplingPlan {
  const { samplerName, scheduler, steps, eta, sChurn, sTmin, sTmax, sNoise } = settings;
  const { sigmaMin, sigmaMax, rho, sgmNoiseMultiplier } = settings;
  return {
    samplerName,
    scheduleType: scheduler,
    steps,
    settings: { eta, sChurn, sTmin, sTmax, sNoise },
    limits: { sigmaMin, sigmaMax, rho },
    sgmNoiseMultiplier,
  };
}

/** Everything of a batch but its prompts: `subseeds` are the pictures' own. */
export function drawSettings(
  model: DiffusionModel,
  settings: Txt2imgSettings,
  { seeds, subseeds }: { seeds: readonly bigint[]; subseeds: readonly bigint[] },
): Omit<DrawRequest, "conditional" | "unconditional"> {
  const { cfgScale, subseedStrength, etaNoiseSeedDelta, randnSource, sMinUncond } = settings;
  const resize = seedResize(settings);
  const noise: NoiseSettings = {
    source: randnSource,
    seedDelta: BigInt(etaNoiseSeedDelta),
    ...(subseedStrength > 0 && { variation: { seeds: subseeds, strength: subseedStrength } }),
    ...(resize && { resizeFrom: model.gridOf(resize) }),
  };
  const plan = samplingPlan(settings);
  return { cfgScale, seeds, grid: model.gridOf(settings), plan, noise, minUncondSigma: sMinUncond };
}

/** A variation keeps the seed and counts its own up, as A1111 does. */
export function seedsOf(
  { subseedStrength }: Pick<Txt2imgSettings, "subseedStrength">,
  { seed, subseed, first, count }: { seed: bigint; subseed: bigint; first: number; count: number },
): { seeds: bigint[]; subseeds: bigint[] } {
  const indices = Array.from({ length: count }, (_, i) => first + i);
  return {
    seeds: indices.map((i) => (subseedStrength > 0 ? seed : seedAfter(seed, i))),
    subseeds: indices.map((i) => seedAfter(subseed, i)),
  };
}
