/** @file The samplers in A1111's list: names, the inputs of each formula, and the traits that code and infotext depend on. */
import { AUTOMATIC_SCHEDULE, type NamedSchedule, type ScheduleType } from "./schedule-types.ts";

/** The inputs that a formula can have: A1111's `eta`, `s_churn`, `s_tmin`, `s_tmax` and `s_noise`. */
export type SamplerInput = "eta" | "sChurn" | "sTmin" | "sTmax" | "sNoise";

interface SamplerFacts {
  /** Whether the sampler steps over sigmas (its schedule can be chosen) or over its own timesteps. */
  readonly kind: "sigmas" | "timesteps";
  /** Other names that A1111 lists for it; in 1.10 no request may use them. */
  readonly aliases: readonly string[];
  /** The inputs of the formula; other inputs have no effect. */
  readonly reads?: readonly SamplerInput[];
  /** The schedule for "Automatic"; if A1111 names none, it is Uniform, which infotext then calls "Automatic". */
  readonly automaticSchedule?: NamedSchedule;
  /** The sampler calls the model twice in each step, so prompts over time are scheduled over twice the steps. */
  readonly isSecondOrder?: true;
  /** A1111 writes ENSD into the infotext of these samplers only, although ENSD affects other samplers with noise too. */
  readonly usesSeedDelta?: true;
  /** The sampler's noise is a Brownian path. */
  readonly hasBrownianNoise?: true;
  /** The solver that A1111 names beside the sampler. */
  readonly solverType?: string;
  /** One more sigma is made, and the last sigma before 0 is left out. */
  readonly discardsNextToLast?: true;
  /** The sampler chooses its number of steps by the error over the batch, so each picture must be drawn alone, and the number is not known in advance. */
  readonly choosesSteps?: true;
  /** The sampler goes from the first sigma to the last above 0 in its own steps; with a single sigma there is no distance to go. */
  readonly solvesRange?: true;
  /** The sampler uses the sigmas of an LCM's own timesteps. */
  readonly onLcmTimesteps?: true;
}

const CHURN = ["sChurn", "sTmin", "sTmax", "sNoise"] as const;
const NOISY = ["eta", "sNoise"] as const;

/** A1111's 20 samplers in its order: programs may name one by its number there. Samplers that A1111 lacks come after them. */
const CATALOGUE = {
  "DPM++ 2M": { kind: "sigmas", aliases: ["k_dpmpp_2m"], automaticSchedule: "Karras" },
  "DPM++ SDE": {
    kind: "sigmas",
    aliases: ["k_dpmpp_sde"],
    reads: NOISY,
    automaticSchedule: "Karras",
    isSecondOrder: true,
    hasBrownianNoise: true,
  },
  "DPM++ 2M SDE": {
    kind: "sigmas",
    aliases: ["k_dpmpp_2m_sde"],
    reads: NOISY,
    automaticSchedule: "Exponential",
    hasBrownianNoise: true,
  },
  "DPM++ 2M SDE Heun": {
    kind: "sigmas",
    aliases: ["k_dpmpp_2m_sde_heun"],
    reads: NOISY,
    automaticSchedule: "Exponential",
    hasBrownianNoise: true,
    solverType: "heun",
  },
  "DPM++ 2S a": {
    kind: "sigmas",
    aliases: ["k_dpmpp_2s_a"],
    reads: NOISY,
    automaticSchedule: "Karras",
    isSecondOrder: true,
    usesSeedDelta: true,
  },
  "DPM++ 3M SDE": {
    kind: "sigmas",
    aliases: ["k_dpmpp_3m_sde"],
    reads: NOISY,
    automaticSchedule: "Exponential",
    hasBrownianNoise: true,
    discardsNextToLast: true,
  },
  "Euler a": { kind: "sigmas", aliases: ["k_euler_a", "k_euler_ancestral"], reads: ["eta"], usesSeedDelta: true },
  Euler: { kind: "sigmas", aliases: ["k_euler"], reads: CHURN },
  LMS: { kind: "sigmas", aliases: ["k_lms"] },
  Heun: { kind: "sigmas", aliases: ["k_heun"], reads: CHURN, isSecondOrder: true },
  DPM2: {
    kind: "sigmas",
    aliases: ["k_dpm_2"],
    reads: CHURN,
    automaticSchedule: "Karras",
    isSecondOrder: true,
    discardsNextToLast: true,
  },
  "DPM2 a": {
    kind: "sigmas",
    aliases: ["k_dpm_2_a"],
    reads: NOISY,
    automaticSchedule: "Karras",
    isSecondOrder: true,
    usesSeedDelta: true,
    discardsNextToLast: true,
  },
  "DPM fast": { kind: "sigmas", aliases: ["k_dpm_fast"], reads: NOISY, usesSeedDelta: true, solvesRange: true },
  "DPM adaptive": {
    kind: "sigmas",
    aliases: ["k_dpm_ad"],
    reads: ["eta"],
    usesSeedDelta: true,
    choosesSteps: true,
    solvesRange: true,
  },
  Restart: { kind: "sigmas", aliases: ["restart"], automaticSchedule: "Karras", isSecondOrder: true },
  DDIM: { kind: "timesteps", aliases: ["ddim"], reads: ["eta"] },
  "DDIM CFG++": { kind: "timesteps", aliases: ["ddim_cfgpp"], reads: ["eta"] },
  PLMS: { kind: "timesteps", aliases: ["plms"] },
  UniPC: { kind: "timesteps", aliases: ["unipc"] },
  LCM: { kind: "sigmas", aliases: ["k_lcm"], onLcmTimesteps: true },
} as const satisfies Record<string, SamplerFacts>;

type Catalogue = typeof CATALOGUE;
export type SamplerName = keyof Catalogue;

/** The samplers of one kind, for tables with a row for each of them. */
export type SamplerOfKind<K extends SamplerFacts["kind"]> = {
  [N in SamplerName]: Catalogue[N]["kind"] extends K ? N : never;
}[SamplerName];

export const SAMPLERS: Readonly<Record<SamplerName, SamplerFacts>> = CATALOGUE;

/** The samplers' names in A1111's order. */
export const SAMPLER_NAMES = Object.keys(CATALOGUE) as readonly SamplerName[];

/** The first choice of a form, and A1111's replacement for an unknown sampler. */
export const DEFAULT_SAMPLER: SamplerName = "DPM++ 2M";

export function isSamplerName(text: unknown): text is SamplerName {
  return typeof text === "string" && Object.hasOwn(CATALOGUE, text);
}

export function goesBySigmas(samplerName: SamplerName): samplerName is SamplerOfKind<"sigmas"> {
  return SAMPLERS[samplerName].kind === "sigmas";
}

/** Samplers whose formula has the input, in A1111's order. */
export function samplersReading(input: SamplerInput): SamplerName[] {
  return SAMPLER_NAMES.filter((name) => SAMPLERS[name].reads?.includes(input));
}

/** The eta if the user chooses none: all the noise that an ancestral or SDE step may add, no noise for DDIM (`eta_ancestral`, `eta_ddim`). */
export function defaultEta(samplerName: SamplerName): number {
  return goesBySigmas(samplerName) ? 1 : 0;
}

/** The schedule's name in infotext: the schedule that is really used, but "Automatic" for a sampler without its own schedule; for a sampler on timesteps, the type as asked. */
export function infotextScheduleType({
  samplerName,
  scheduleType,
}: {
  samplerName: SamplerName;
  scheduleType: ScheduleType;
}): ScheduleType {
  if (!goesBySigmas(samplerName) || scheduleType !== AUTOMATIC_SCHEDULE) return scheduleType;
  return SAMPLERS[samplerName].automaticSchedule ?? AUTOMATIC_SCHEDULE;
}
