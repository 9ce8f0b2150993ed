/** @file The lists of samplers and schedules as in A1111 1.10, and the reading of their names in requests. */
import {
  AUTOMATIC_SCHEDULE,
  DEFAULT_SAMPLER,
  SAMPLER_NAMES,
  SAMPLERS,
  SCHEDULE_TYPES,
  SCHEDULES,
  readSamplerName,
  readScheduleType,
  type SamplerName,
  type ScheduleType,
} from "@lexeme/schedulers/catalogue";

interface SamplerEntry {
  name: SamplerName;
  /** For the list only: in A1111 1.10 no request may use an alias. */
  aliases: readonly string[];
  /** Values are texts, as in A1111's answer model. */
  options: Record<string, string>;
}

interface ScheduleEntry {
  name: string;
  label: ScheduleType;
  aliases: readonly string[] | null;
  default_rho: number;
  need_inner_model: boolean;
}

export function listSamplers(): SamplerEntry[] {
  return SAMPLER_NAMES.map((name) => ({ name, aliases: SAMPLERS[name].aliases, options: optionsOf(name) }));
}

/** A sampler's traits under A1111's names; missing traits are left out. */
function optionsOf(name: SamplerName): Record<string, string> {
  const sampler = SAMPLERS[name];
  const { automaticSchedule, solverType } = sampler;
  return {
    ...(automaticSchedule && { scheduler: SCHEDULES[automaticSchedule].key }),
    ...(sampler.discardsNextToLast && { discard_next_to_last_sigma: "True" }),
    ...(sampler.usesSeedDelta && { uses_ensd: "True" }),
    ...(sampler.isSecondOrder && { second_order: "True" }),
    ...(sampler.hasBrownianNoise && { brownian_noise: "True" }),
    ...(solverType && { solver_type: solverType }),
  };
}

export function listSchedules(): ScheduleEntry[] {
  return SCHEDULE_TYPES.map((label) => {
    const { key, aliases = null, rho = -1, needsModel = false } = SCHEDULES[label];
    return { name: key, label, aliases, default_rho: rho, need_inner_model: needsModel };
  });
}

interface FoundSampler {
  samplerName: SamplerName;
  scheduler: ScheduleType;
  /** A sentence for each unknown name in the request. */
  warnings: string[];
}

/**
 * Reads names like A1111: a schedule's name at the end of a sampler's name is split off and used ("DPM++ 2M Karras"), an unknown sampler becomes
 * DPM++ 2M, and an unknown schedule becomes Automatic. A1111 does this silently; here a warning tells it.
 */
export function findSampler(name: string, schedule: string | undefined): FoundSampler {
  const warnings: string[] = [];
  const asked = schedule === undefined ? undefined : readScheduleType(schedule);
  if (asked === undefined && schedule !== undefined && schedule !== "") {
    warnings.push(`There is no schedule type "${schedule}" here: ${AUTOMATIC_SCHEDULE} was used`);
  }
  const { samplerName, scheduleType } = readSamplerName(name);
  if (samplerName === undefined) {
    warnings.push(`There is no sampler "${name}" here: ${DEFAULT_SAMPLER} was used, as A1111 does`);
  }
  return {
    samplerName: samplerName ?? DEFAULT_SAMPLER,
    scheduler: scheduleType ?? asked ?? AUTOMATIC_SCHEDULE,
    warnings,
  };
}
