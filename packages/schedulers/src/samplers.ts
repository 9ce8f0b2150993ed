/** @file The samplers by the names that A1111 shows, what each of them reads, and their names in infotext. */
import { LexemeError } from "@lexeme/core";
import { sampleDdimCfgpp } from "./samplers/ddim-cfgpp.ts";
import { sampleDdim } from "./samplers/ddim.ts";
import { sampleDpmAdaptive } from "./samplers/dpm-adaptive.ts";
import { sampleDpmFast } from "./samplers/dpm-fast.ts";
import { sampleDpm2Ancestral } from "./samplers/dpm2-ancestral.ts";
import { sampleDpm2 } from "./samplers/dpm2.ts";
import { sampleDpmpp2m } from "./samplers/dpmpp-2m.ts";
import { sampleDpmpp2mSde, sampleDpmpp2mSdeHeun } from "./samplers/dpmpp-2m-sde.ts";
import { sampleDpmpp2sAncestral } from "./samplers/dpmpp-2s-ancestral.ts";
import { sampleDpmpp3mSde } from "./samplers/dpmpp-3m-sde.ts";
import { sampleDpmppSde } from "./samplers/dpmpp-sde.ts";
import { sampleEulerAncestral } from "./samplers/euler-ancestral.ts";
import { sampleEuler } from "./samplers/euler.ts";
import { sampleHeun } from "./samplers/heun.ts";
import { sampleLcm } from "./samplers/lcm.ts";
import { sampleLms } from "./samplers/lms.ts";
import { samplePlms } from "./samplers/plms.ts";
import { sampleRestart } from "./samplers/restart.ts";
import { sampleUnipc } from "./samplers/unipc.ts";
import type { SamplerSettings, SigmaSampler, TimestepSampler } from "./sampling.ts";
import { SCHEDULE_TYPES, type NamedSchedule, type ScheduleType } from "./schedules/sigma-schedules.ts";

/** In A1111's order. */
export const SAMPLER_NAMES = [
  "DPM++ 2M",
  "DPM++ SDE",
  "DPM++ 2M SDE",
  "DPM++ 2M SDE Heun",
  "DPM++ 2S a",
  "DPM++ 3M SDE",
  "Euler a",
  "Euler",
  "LMS",
  "Heun",
  "DPM2",
  "DPM2 a",
  "DPM fast",
  "DPM adaptive",
  "Restart",
  "DDIM",
  "DDIM CFG++",
  "PLMS",
  "UniPC",
  "LCM",
] as const;
export type SamplerName = (typeof SAMPLER_NAMES)[number];

interface SamplerTraits {
  /** Which of A1111's settings the formula has; the others are without effect. */
  readonly reads?: readonly (keyof SamplerSettings)[];
  /** Calls the model twice a step, so that prompts over time are scheduled over twice the steps (A1111's `second_order`). */
  readonly isSecondOrder?: true;
  /** A1111 writes ENSD into the infotext of these alone, though others that draw noise follow it too. */
  readonly usesSeedDelta?: true;
}

export interface SigmaSamplerEntry extends SamplerTraits {
  readonly kind: "sigmas";
  readonly sample: SigmaSampler;
  /** What "Automatic" is; where A1111 names none it is Uniform, called "Automatic" in infotext. */
  readonly automaticSchedule?: NamedSchedule;
  /** One sigma more is made, and the last before 0 left out. */
  readonly discardsNextToLast?: true;
  /** Looks at all latents of a batch together, so that each image must be drawn alone. */
  readonly drawsAlone?: true;
  /** Chooses among the sigmas of an LCM's own timesteps. */
  readonly onLcmTimesteps?: true;
}

export interface TimestepSamplerEntry extends SamplerTraits {
  readonly kind: "timesteps";
  readonly sample: TimestepSampler;
}

/** Whether a sampler walks over sigmas (its schedule can be chosen) or over timesteps of its own. */
export type Sampler = SigmaSamplerEntry | TimestepSamplerEntry;

const CHURN = ["sChurn", "sTmin", "sTmax", "sNoise"] as const;
const NOISY = ["eta", "sNoise"] as const;

export const SAMPLERS: Readonly<Record<SamplerName, Sampler>> = {
  "DPM++ 2M": { kind: "sigmas", sample: sampleDpmpp2m, automaticSchedule: "Karras" },
  "DPM++ SDE": {
    kind: "sigmas",
    sample: sampleDpmppSde,
    automaticSchedule: "Karras",
    reads: NOISY,
    isSecondOrder: true,
  },
  "DPM++ 2M SDE": { kind: "sigmas", sample: sampleDpmpp2mSde, automaticSchedule: "Exponential", reads: NOISY },
  "DPM++ 2M SDE Heun": { kind: "sigmas", sample: sampleDpmpp2mSdeHeun, automaticSchedule: "Exponential", reads: NOISY },
  "DPM++ 2S a": {
    kind: "sigmas",
    sample: sampleDpmpp2sAncestral,
    automaticSchedule: "Karras",
    reads: NOISY,
    usesSeedDelta: true,
    isSecondOrder: true,
  },
  "DPM++ 3M SDE": {
    kind: "sigmas",
    sample: sampleDpmpp3mSde,
    automaticSchedule: "Exponential",
    discardsNextToLast: true,
    reads: NOISY,
  },
  "Euler a": { kind: "sigmas", sample: sampleEulerAncestral, reads: ["eta"], usesSeedDelta: true },
  Euler: { kind: "sigmas", sample: sampleEuler, reads: CHURN },
  LMS: { kind: "sigmas", sample: sampleLms },
  Heun: { kind: "sigmas", sample: sampleHeun, reads: CHURN, isSecondOrder: true },
  DPM2: {
    kind: "sigmas",
    sample: sampleDpm2,
    automaticSchedule: "Karras",
    discardsNextToLast: true,
    reads: CHURN,
    isSecondOrder: true,
  },
  "DPM2 a": {
    kind: "sigmas",
    sample: sampleDpm2Ancestral,
    automaticSchedule: "Karras",
    discardsNextToLast: true,
    reads: NOISY,
    usesSeedDelta: true,
    isSecondOrder: true,
  },
  "DPM fast": { kind: "sigmas", sample: sampleDpmFast, reads: NOISY, usesSeedDelta: true },
  "DPM adaptive": { kind: "sigmas", sample: sampleDpmAdaptive, reads: ["eta"], usesSeedDelta: true, drawsAlone: true },
  Restart: { kind: "sigmas", sample: sampleRestart, automaticSchedule: "Karras", isSecondOrder: true },
  DDIM: { kind: "timesteps", sample: sampleDdim, reads: ["eta"] },
  "DDIM CFG++": { kind: "timesteps", sample: sampleDdimCfgpp, reads: ["eta"] },
  PLMS: { kind: "timesteps", sample: samplePlms },
  UniPC: { kind: "timesteps", sample: sampleUnipc },
  LCM: { kind: "sigmas", sample: sampleLcm, onLcmTimesteps: true },
};

/** Without a choice of the user's: all of the noise that an ancestral or SDE step may add, none for DDIM (`eta_ancestral`, `eta_ddim`). */
export function defaultEta(samplerName: SamplerName): number {
  return SAMPLERS[samplerName].kind === "timesteps" ? 0 : 1;
}

/** What infotext calls the schedule: the real one, but "Automatic" for a sampler without one of its own and for those on timesteps as asked. */
export function infotextScheduleType({
  samplerName,
  scheduleType,
}: {
  samplerName: SamplerName;
  scheduleType: ScheduleType;
}): ScheduleType {
  const sampler = SAMPLERS[samplerName];
  if (sampler.kind === "timesteps" || scheduleType !== "Automatic") return scheduleType;
  return sampler.automaticSchedule ?? "Automatic";
}

/** A name as it stands in infotext, older combined ones ("DPM++ 2M Karras") included. Throws LexemeError `SAMPLER_UNKNOWN`. */
export function parseSamplerName(name: string): { samplerName: SamplerName; scheduleType: ScheduleType } {
  for (const samplerName of SAMPLER_NAMES) {
    if (name === samplerName) return { samplerName, scheduleType: "Automatic" };
    const scheduleType = SCHEDULE_TYPES.find((type) => name.toLowerCase() === `${samplerName} ${type}`.toLowerCase());
    if (scheduleType && name.startsWith(samplerName)) return { samplerName, scheduleType };
  }
  throw new LexemeError("SAMPLER_UNKNOWN", `There is no sampler "${name}": choose one of ${SAMPLER_NAMES.join(", ")}`, {
    details: { field: "samplerName", name },
  });
}
