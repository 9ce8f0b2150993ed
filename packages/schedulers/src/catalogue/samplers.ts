/** @file The samplers as A1111 lists them: names, what the formula of each reads, and the traits that code and infotext go by. */
import { AUTOMATIC_SCHEDULE, type NamedSchedule, type ScheduleType } from "./schedule-types.ts";

/** A1111's `eta`, `s_churn`, `s_tmin`, `s_tmax` and `s_noise`, as far as a formula has them. */
export type SamplerInput = "eta" | "sChurn" | "sTmin" | "sTmax" | "sNoise";

interface SamplerFacts {
  /** Whether it walks over sigmas (its schedule can be chosen) or over timesteps of its own. */
  readonly kind: "sigmas" | "timesteps";
  /** Names that A1111 lists beside it; in 1.10 no request may use them. */
  readonly aliases: readonly string[];
  /** Which inputs the formula has; the others are without effect. */
  readonly reads?: readonly SamplerInput[];
  /** What "Automatic" is; where A1111 names none it is Uniform, called "Automatic" in infotext. */
  readonly automaticSchedule?: NamedSchedule;
  /** Calls the model twice a step, so that prompts over time are scheduled over twice the steps. */
  readonly isSecondOrder?: true;
  /** A1111 writes ENSD into the infotext of these alone, though others that draw noise follow it too. */
  readonly usesSeedDelta?: true;
  /** Its noise is a Brownian path. */
  readonly hasBrownianNoise?: true;
  /** The solver that A1111 names beside the sampler. */
  readonly solverType?: string;
  /** One sigma more is made, and the last before 0 left out. */
  readonly discardsNextToLast?: true;
  /** Measures its error over the batch, so that each picture must be drawn alone, and cannot tell how many steps it will take. */
  readonly choosesSteps?: true;
  /** Solves from the first sigma to the last above 0 in steps of its own, which with one sigma is no way at all. */
  readonly solvesRange?: true;
  /** Chooses among the sigmas of an LCM's own timesteps. */
  readonly onLcmTimesteps?: true;
}

const CHURN = ["sChurn", "sTmin", "sTmax", "sNoise"] as const;
const NOISY = ["eta", "sNoise"] as const;

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

/** The samplers of one kind, for tables that are total over it. */
export type SamplerOfKind<K extends SamplerFacts["kind"]> = {
  [N in SamplerName]: Catalogue[N]["kind"] extends K ? N : never;
}[SamplerName];

export const SAMPLERS: Readonly<Record<SamplerName, SamplerFacts>> = CATALOGUE;

/** In A1111's order. */
export const SAMPLER_NAMES = Object.keys(CATALOGUE) as readonly SamplerName[];

/** What a form begins with, and what A1111 takes for a sampler that it does not know. */
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

/** Without a choice of the user's: all of the noise that an ancestral or SDE step may add, none for DDIM (`eta_ancestral`, `eta_ddim`). */
export function defaultEta(samplerName: SamplerName): number {
  return goesBySigmas(samplerName) ? 1 : 0;
}

/** What infotext calls the schedule: the real one, but "Automatic" for a sampler without one of its own and for those on timesteps as asked. */
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
