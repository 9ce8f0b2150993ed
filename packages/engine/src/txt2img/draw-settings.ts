/** @file The sampling part of txt2img's settings as the drawing takes it, and as infotext tells of it. */
import { seedAfter, seedText, type Seed, type Txt2imgSettings } from "@lexeme/domain/settings";
import type { InfotextParameters } from "@lexeme/domain/infotext";
import type { NoiseSettings, SamplingPlan } from "@lexeme/schedulers";
import {
  AUTOMATIC_SCHEDULE,
  defaultEta,
  goesBySigmas,
  infotextScheduleType,
  SAMPLERS,
  SCHEDULES,
  type SamplerName,
} from "@lexeme/schedulers/catalogue";
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

/** What the sampling part of an infotext says, `subseed` being this picture's. */
export function samplingInfotext(
  settings: Txt2imgSettings,
  { subseed, negativeSkipped }: { subseed: bigint; negativeSkipped: boolean },
): {
  sampler: string;
  scheduleType: string;
  variation: { seed: Seed; strength: number } | undefined;
  seedResizeFrom: { width: number; height: number } | undefined;
  ensd: Seed | undefined;
  rng: Txt2imgSettings["randnSource"];
  extra: InfotextParameters;
} {
  const { samplerName, scheduler, subseedStrength, etaNoiseSeedDelta, randnSource } = settings;
  const usesSeedDelta = samplersOf(settings).some((name) => SAMPLERS[name].usesSeedDelta);
  const hasDelta = etaNoiseSeedDelta !== "0" && usesSeedDelta && settings.eta !== 0;
  return {
    sampler: samplerName,
    scheduleType: infotextScheduleType({ samplerName, scheduleType: scheduler }),
    variation: subseedStrength > 0 ? { seed: seedText(subseed), strength: subseedStrength } : undefined,
    seedResizeFrom: seedResize(settings),
    ensd: hasDelta ? etaNoiseSeedDelta : undefined,
    rng: randnSource,
    extra: [
      ...extraParameters(settings),
      ...scheduleParameters(settings),
      ["NGMS", negativeSkipped ? settings.sMinUncond : undefined],
    ],
  };
}

/** What was changed of a schedule that is really used. A1111's names a schedule's own rho "default". */
function scheduleParameters(settings: Txt2imgSettings): InfotextParameters {
  const { samplerName, scheduler, sigmaMin, sigmaMax, rho, sgmNoiseMultiplier } = settings;
  if (!goesBySigmas(samplerName)) return [];
  const type = infotextScheduleType({ samplerName, scheduleType: scheduler });
  const hasLimits = type !== AUTOMATIC_SCHEDULE;
  const { rho: ownRho } = SCHEDULES[type];
  return [
    ["Schedule min sigma", hasLimits && sigmaMin !== 0 ? sigmaMin : undefined],
    ["Schedule max sigma", hasLimits && sigmaMax !== 0 ? sigmaMax : undefined],
    ["Schedule rho", ownRho !== undefined && rho !== 0 && rho !== ownRho ? rho : undefined],
    ["SGM noise multiplier", sgmNoiseMultiplier ? "True" : undefined],
  ];
}

/** The samplers of both passes. */
function samplersOf({ samplerName, enableHr, hrSamplerName }: Txt2imgSettings): SamplerName[] {
  return [...new Set([samplerName, enableHr ? (hrSamplerName ?? samplerName) : samplerName])];
}

/** The first sampler's, then what the second pass' adds. */
function extraParameters(settings: Txt2imgSettings): InfotextParameters {
  const all = samplersOf(settings).flatMap((samplerName) => parametersRead(samplerName, settings));
  return [...new Map(all)];
}

/** In A1111's order: those that the sampler reads and that are not at their defaults. */
function parametersRead(
  samplerName: SamplerName,
  { eta, ...settings }: Txt2imgSettings,
): (readonly [key: string, value: number])[] {
  const { reads = [] } = SAMPLERS[samplerName];
  const etaKey = goesBySigmas(samplerName) ? "Eta" : "Eta DDIM";
  const shownEta = reads.includes("eta") && eta !== null && eta !== defaultEta(samplerName) ? eta : undefined;
  const rest = [
    ["Sigma churn", "sChurn", 0],
    ["Sigma tmin", "sTmin", 0],
    ["Sigma tmax", "sTmax", 0],
    ["Sigma noise", "sNoise", 1],
  ] as const;
  return [
    ...(shownEta === undefined ? [] : [[etaKey, shownEta] as const]),
    ...rest.flatMap(([key, field, standard]) => {
      const isShown = reads.includes(field) && settings[field] !== standard;
      return isShown ? [[key, settings[field]] as const] : [];
    }),
  ];
}

function seedResize(settings: Txt2imgSettings): { width: number; height: number } | undefined {
  const { seedResizeFromW: width, seedResizeFromH: height } = settings;
  return width > 0 && height > 0 ? { width, height } : undefined;
}
