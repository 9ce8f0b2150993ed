/** @file The samplers by the names that A1111 shows, and one entry that runs any of them from plain noise to finished latents. */
import { LexemeError } from "@lexeme/core";
import { ddimTimesteps, sampleDdim } from "./ddim.ts";
import { sampleDpmSolverMultistep } from "./dpm-solver-multistep.ts";
import { sampleEulerAncestral } from "./euler-ancestral.ts";
import { sampleEuler } from "./euler.ts";
import type { Latents, SampleOptions, SigmaSampler } from "./sampling.ts";
import { SCHEDULE_TYPES, scheduleSigmas, type NamedSchedule, type ScheduleType } from "./sigma-schedules.ts";

/** In A1111's order. */
export const SAMPLER_NAMES = ["DPM++ 2M", "Euler a", "Euler", "DDIM"] as const;
export type SamplerName = (typeof SAMPLER_NAMES)[number];

/** Whether a sampler walks over sigmas (its schedule can be chosen) or over timesteps of its own. */
export type Sampler =
  | { readonly kind: "sigmas"; readonly sample: SigmaSampler; readonly automaticSchedule: NamedSchedule }
  | { readonly kind: "timesteps" };

export const SAMPLERS: Readonly<Record<SamplerName, Sampler>> = {
  "DPM++ 2M": { kind: "sigmas", sample: sampleDpmSolverMultistep, automaticSchedule: "Karras" },
  "Euler a": { kind: "sigmas", sample: sampleEulerAncestral, automaticSchedule: "Uniform" },
  Euler: { kind: "sigmas", sample: sampleEuler, automaticSchedule: "Uniform" },
  DDIM: { kind: "timesteps" },
};

export interface SamplingPlan {
  samplerName: SamplerName;
  scheduleType: ScheduleType;
  steps: number;
}

/** From plain normal noise to latents without it. Rejects with the signal's reason when aborted. */
export async function sampleLatents(noise: Latents, plan: SamplingPlan, options: SampleOptions): Promise<Latents> {
  const sampler = SAMPLERS[plan.samplerName];
  if (sampler.kind === "timesteps") return sampleDdim(noise, ddimTimesteps(plan.steps), options);
  const type = plan.scheduleType === "Automatic" ? sampler.automaticSchedule : plan.scheduleType;
  const sigmas = scheduleSigmas(options.schedule, type, plan.steps);
  // A1111 scales by the first sigma itself, not by sqrt(1 + sigma²).
  return sampler.sample(
    noise.map((value) => value * sigmas[0]!),
    sigmas,
    options,
  );
}

/** How often the model will be called, which for DDIM is not always the number of steps. */
export function modelCalls({ samplerName, steps }: Omit<SamplingPlan, "scheduleType">): number {
  return SAMPLERS[samplerName].kind === "timesteps" ? ddimTimesteps(steps).length - 1 : steps;
}

/** What infotext calls the schedule: the real one of sigmas, but "Automatic" for plain Uniform by default and for DDIM as asked. */
export function infotextScheduleType({ samplerName, scheduleType }: Omit<SamplingPlan, "steps">): ScheduleType {
  const sampler = SAMPLERS[samplerName];
  if (sampler.kind === "timesteps" || scheduleType !== "Automatic") return scheduleType;
  return sampler.automaticSchedule === "Uniform" ? "Automatic" : sampler.automaticSchedule;
}

/** A name as it stands in infotext, older combined ones ("DPM++ 2M Karras") included. Throws LexemeError `SAMPLER_UNKNOWN`. */
export function parseSamplerName(name: string): { samplerName: SamplerName; scheduleType: ScheduleType } {
  for (const samplerName of SAMPLER_NAMES) {
    if (name === samplerName) return { samplerName, scheduleType: "Automatic" };
    const scheduleType = SCHEDULE_TYPES.find((type) => name.toLowerCase() === `${samplerName} ${type}`.toLowerCase());
    if (scheduleType && name.startsWith(samplerName)) return { samplerName, scheduleType };
  }
  throw new LexemeError(`There is no sampler "${name}": choose one of ${SAMPLER_NAMES.join(", ")}`, {
    code: "SAMPLER_UNKNOWN",
    kind: "input",
    details: { field: "samplerName", name },
  });
}
