/** @file Runs any sampler from plain noise to finished latents, and gives the number of model calls in advance. */
import {
  AUTOMATIC_SCHEDULE,
  defaultEta,
  goesBySigmas,
  SAMPLERS,
  type SamplerName,
  type ScheduleType,
} from "./catalogue/index.ts";
import { createNoiseSchedule, type NoiseSchedule } from "./noise-schedule.ts";
import { ddimTimesteps } from "./samplers/ddim.ts";
import { lcmSigmas } from "./samplers/lcm.ts";
import { sigmaRange } from "./samplers/sigma-range.ts";
import { SIGMA_SAMPLERS, TIMESTEP_SAMPLERS } from "./samplers.ts";
import {
  combine,
  DEFAULT_SAMPLER_SETTINGS,
  type Latents,
  type SampleOptions,
  type SamplerContext,
  type SamplerSettings,
} from "./sampling.ts";
import { discardNextToLast, scheduleSigmas, type BetaShape, type SigmaLimits } from "./schedules/sigma-schedules.ts";
import { trainingSigmas } from "./schedules/sigma-table.ts";
import { timestepStart, wholeSteps } from "./second-pass.ts";

export interface SamplingPlan {
  readonly samplerName: SamplerName;
  readonly scheduleType: ScheduleType;
  readonly steps: number;
  /** A1111's defaults if left out. */
  readonly settings?: Partial<SamplerSettings>;
  /** Limits of the schedule, for samplers on sigmas. */
  readonly limits?: SigmaLimits;
  /** The shape of the schedule Beta; A1111's default if left out. */
  readonly betaShape?: BetaShape;
  /** One more sigma is made, and the last before 0 is left out, also for samplers that do not do so by themselves. */
  readonly discardsNextToLast?: boolean;
  /** Scales the first noise by sqrt(1 + sigma²), as Stability's own code does, instead of by sigma. */
  readonly sgmNoiseMultiplier?: boolean;
  /**
   * Makes this a second pass, from a picture instead of from plain noise: `steps` are this share of a longer schedule. At 0 the picture stays
   * unchanged.
   */
  readonly denoisingStrength?: number;
}

/** The total that a sampler reports if it does not know the number of its calls. */
const PERCENT = 100;

/**
 * Samples latents from plain normal noise, or in a second pass from `options.picture` with this noise. Rejects with the signal's reason at
 * an abort.
 */
export async function sampleLatents(noise: Latents, plan: SamplingPlan, options: SampleOptions): Promise<Latents> {
  const total = await progressTotal(plan, options.schedule);
  return run(noise, plan, { options, total });
}

/** The sigmas of the whole schedule; a second pass uses the end of a longer schedule. */
function planSigmas(schedule: NoiseSchedule, plan: SamplingPlan): Float32Array {
  const sampler = SAMPLERS[plan.samplerName];
  const table = sampler.onLcmTimesteps ? lcmSigmas(schedule) : trainingSigmas(schedule);
  const chosen = plan.scheduleType === AUTOMATIC_SCHEDULE ? sampler.automaticSchedule : plan.scheduleType;
  const type = chosen ?? "Uniform";
  // A1111 applies no limits if neither the plan nor the sampler names a schedule.
  const limits = chosen && plan.limits;
  const { steps, betaShape: shape } = plan;
  const discards = sampler.discardsNextToLast ?? plan.discardsNextToLast;
  if (!discards) return scheduleSigmas(table, type, { steps, limits, shape });
  return discardNextToLast(scheduleSigmas(table, type, { steps: steps + 1, limits, shape }));
}

/** The value of `SampleStep.total`: the number of model calls, or 100 if it is not known in advance. */
export async function progressTotal(plan: SamplingPlan, schedule?: NoiseSchedule): Promise<number> {
  return (await modelCalls(plan, schedule)) ?? PERCENT;
}

/**
 * The number of model calls, which differs from the number of steps for samplers of second order, DDIM and some schedules. Undefined for
 * samplers that choose their steps while sampling. Found by sampling a single number.
 */
export async function modelCalls(
  plan: SamplingPlan,
  schedule: NoiseSchedule = createNoiseSchedule(),
): Promise<number | undefined> {
  if (SAMPLERS[plan.samplerName].choosesSteps) return undefined;
  let calls = 0;
  const silent = new Float32Array(1);
  const predictNoise = () => {
    calls++;
    return Promise.resolve(new Float32Array(1));
  };
  const predictGuided = async () => ({ guided: await predictNoise(), unconditional: silent });
  const noise = { next: () => silent, brownian: () => () => silent };
  await run(silent, plan, { options: { schedule, predictNoise, predictGuided, noise, picture: silent }, total: 0 });
  return calls;
}

async function run(noise: Latents, plan: SamplingPlan, ports: RunPorts): Promise<Latents> {
  if (plan.denoisingStrength !== undefined) return runSecondPass(noise, plan, ports);
  const { samplerName, steps } = plan;
  const { schedule } = ports.options;
  if (!goesBySigmas(samplerName)) {
    return TIMESTEP_SAMPLERS[samplerName](noise, ddimTimesteps(steps), contextOf(plan, ports));
  }
  const sigmas = planSigmas(schedule, plan);
  const first = sigmas[0]!;
  // A1111 scales by the first sigma, unless the multiplier is asked for.
  const scale = plan.sgmNoiseMultiplier ? Math.sqrt(1 + first * first) : first;
  const start = noise.map((value) => value * scale);
  return SIGMA_SAMPLERS[samplerName](start, sigmas, contextOf(plan, ports, sigmas));
}

async function runSecondPass(noise: Latents, plan: SamplingPlan, ports: RunPorts): Promise<Latents> {
  const { samplerName, steps, denoisingStrength = 0 } = plan;
  const { schedule, picture } = ports.options;
  if (!picture) throw new TypeError("a second pass needs a picture");
  const whole = wholeSteps({ steps, denoisingStrength });
  if (whole === 0) return picture;
  if (!goesBySigmas(samplerName)) {
    const { latents, timesteps } = timestepStart(schedule, { picture, noise, steps, whole });
    return TIMESTEP_SAMPLERS[samplerName](latents, timesteps, contextOf(plan, ports));
  }
  const sigmas = planSigmas(schedule, { ...plan, steps: whole });
  const rest = sigmas.subarray(whole - steps);
  return SIGMA_SAMPLERS[samplerName](combine([1, picture], [rest[0]!, noise]), rest, contextOf(plan, ports, sigmas));
}

interface RunPorts {
  readonly options: SampleOptions;
  readonly total: number;
}

/** Counts the model's calls, checks the results, and stops before a call after an abort. `wholeSigmas` is the whole schedule of samplers on sigmas. */
function contextOf(
  plan: SamplingPlan,
  { options, total }: RunPorts,
  wholeSigmas: Float32Array = options.schedule.sigmas,
): SamplerContext {
  let calls = 0;
  const { sigmas } = options.schedule;
  const sigmaAt = (timestep: number) => sigmas[Math.trunc(timestep)]!;
  return {
    schedule: options.schedule,
    wholeRange: sigmaRange(wholeSigmas),
    isSecondPass: plan.denoisingStrength !== undefined,
    noise: options.noise,
    settings: settingsOf(plan),
    async predict(latents, timestep, sigma) {
      options.signal?.throwIfAborted();
      const call = { index: calls++, level: sigma ?? timestep, sigma: sigma ?? sigmaAt(timestep) };
      const noise = await options.predictNoise(latents, timestep, call);
      requireSameLength(latents, noise);
      return noise;
    },
    async predictGuided(latents, timestep, guidanceFactor) {
      options.signal?.throwIfAborted();
      if (!options.predictGuided) throw new TypeError(`${plan.samplerName} needs predictGuided`);
      const call = { index: calls++, level: timestep, sigma: sigmaAt(timestep), guidanceFactor };
      const both = await options.predictGuided(latents, timestep, call);
      requireSameLength(latents, both.guided);
      requireSameLength(latents, both.unconditional);
      return both;
    },
    async report({ latents, denoised, done }) {
      const step = done === undefined ? calls : Math.round(done * PERCENT);
      await options.onStep?.({ step, total, latents, denoised });
    },
  };
}

/** The plan's settings, with defaults for the settings that the sampler's formula does not use. */
function settingsOf({ samplerName, settings = {} }: SamplingPlan): SamplerContext["settings"] {
  const reads = SAMPLERS[samplerName].reads ?? [];
  const read = Object.fromEntries(reads.flatMap((name) => (name in settings ? [[name, settings[name]]] : [])));
  const merged: SamplerSettings = { ...DEFAULT_SAMPLER_SETTINGS, ...read };
  const sTmax = merged.sTmax === 0 ? Infinity : merged.sTmax;
  return { ...merged, sTmax, eta: merged.eta ?? defaultEta(samplerName) };
}

function requireSameLength(latents: Latents, other: Latents): void {
  if (other.length !== latents.length) {
    throw new TypeError(`the model returned ${other.length} values for ${latents.length} latents`);
  }
}
