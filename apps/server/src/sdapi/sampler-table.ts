/** @file Samplers, schedules and latent upscale modes as A1111 1.10 lists them, and the reading of names as it reads them. */
import { SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/domain/settings";

type SamplerName = (typeof SAMPLER_NAMES)[number];
type ScheduleType = (typeof SCHEDULE_TYPES)[number];

interface SamplerEntry {
  name: SamplerName;
  aliases: string[];
  /** Values are texts, as A1111's answer model makes them. */
  options: Record<string, string>;
}

const SECOND_ORDER = { second_order: "True" };
const BROWNIAN = { brownian_noise: "True" };
const ENSD = { uses_ensd: "True" };
const DISCARD = { discard_next_to_last_sigma: "True" };

/** Aliases and options of each; the aliases are listed only, as in A1111 1.10 no request may use them. */
const SAMPLERS: Record<SamplerName, Omit<SamplerEntry, "name">> = {
  "DPM++ 2M": { aliases: ["k_dpmpp_2m"], options: { scheduler: "karras" } },
  "DPM++ SDE": { aliases: ["k_dpmpp_sde"], options: { scheduler: "karras", ...SECOND_ORDER, ...BROWNIAN } },
  "DPM++ 2M SDE": { aliases: ["k_dpmpp_2m_sde"], options: { scheduler: "exponential", ...BROWNIAN } },
  "DPM++ 2M SDE Heun": {
    aliases: ["k_dpmpp_2m_sde_heun"],
    options: { scheduler: "exponential", ...BROWNIAN, solver_type: "heun" },
  },
  "DPM++ 2S a": { aliases: ["k_dpmpp_2s_a"], options: { scheduler: "karras", ...ENSD, ...SECOND_ORDER } },
  "DPM++ 3M SDE": { aliases: ["k_dpmpp_3m_sde"], options: { scheduler: "exponential", ...DISCARD, ...BROWNIAN } },
  "Euler a": { aliases: ["k_euler_a", "k_euler_ancestral"], options: ENSD },
  Euler: { aliases: ["k_euler"], options: {} },
  LMS: { aliases: ["k_lms"], options: {} },
  Heun: { aliases: ["k_heun"], options: SECOND_ORDER },
  DPM2: { aliases: ["k_dpm_2"], options: { scheduler: "karras", ...DISCARD, ...SECOND_ORDER } },
  "DPM2 a": { aliases: ["k_dpm_2_a"], options: { scheduler: "karras", ...DISCARD, ...ENSD, ...SECOND_ORDER } },
  "DPM fast": { aliases: ["k_dpm_fast"], options: ENSD },
  "DPM adaptive": { aliases: ["k_dpm_ad"], options: ENSD },
  Restart: { aliases: ["restart"], options: { scheduler: "karras", ...SECOND_ORDER } },
  DDIM: { aliases: ["ddim"], options: {} },
  "DDIM CFG++": { aliases: ["ddim_cfgpp"], options: {} },
  PLMS: { aliases: ["plms"], options: {} },
  UniPC: { aliases: ["unipc"], options: {} },
  LCM: { aliases: ["k_lcm"], options: {} },
};

interface ScheduleEntry {
  name: string;
  label: ScheduleType;
  aliases: string[] | null;
  default_rho: number;
  need_inner_model: boolean;
}

/** Key, and what else A1111 tells of a schedule. */
const SCHEDULES: Record<ScheduleType, Pick<ScheduleEntry, "name"> & Partial<ScheduleEntry>> = {
  Automatic: { name: "automatic" },
  Uniform: { name: "uniform", need_inner_model: true },
  Karras: { name: "karras", default_rho: 7 },
  Exponential: { name: "exponential" },
  Polyexponential: { name: "polyexponential", default_rho: 1 },
  "SGM Uniform": { name: "sgm_uniform", aliases: ["SGMUniform"], need_inner_model: true },
  "KL Optimal": { name: "kl_optimal" },
  "Align Your Steps": { name: "align_your_steps" },
  Simple: { name: "simple", need_inner_model: true },
  Normal: { name: "normal", need_inner_model: true },
  DDIM: { name: "ddim", need_inner_model: true },
  Beta: { name: "beta", need_inner_model: true },
};

export function listSamplers(): SamplerEntry[] {
  return SAMPLER_NAMES.map((name) => ({ name, ...SAMPLERS[name] }));
}

export function listSchedules(): ScheduleEntry[] {
  return SCHEDULE_TYPES.map((label) => ({
    aliases: null,
    default_rho: -1,
    need_inner_model: false,
    ...SCHEDULES[label],
    label,
  }));
}

interface FoundSampler {
  samplerName: SamplerName;
  scheduler: ScheduleType;
  /** What was asked for under a name that nothing has, as sentences. */
  warnings: string[];
}

/**
 * A1111's reading: a schedule's name at the end of a sampler's is taken off and used ("DPM++ 2M Karras"), and an unknown sampler becomes
 * DPM++ 2M, an unknown schedule Automatic. A1111 says nothing of that; here a warning does.
 */
export function findSampler(name: string, schedule: string | undefined): FoundSampler {
  const warnings: string[] = [];
  const schedules = listSchedules();
  let scheduler = schedules.find(({ label, name: key }) => schedule === label || schedule === key)?.label;
  if (scheduler === undefined && schedule !== undefined && schedule !== "") {
    warnings.push(`There is no schedule type "${schedule}" here: Automatic was used`);
  }
  let sampler = name;
  const suffixes = isSampler(name) ? [] : schedules.flatMap((one) => suffixOf(name, one));
  // "SGM Uniform" ends in "Uniform": what leaves a sampler's name is meant. A1111 takes the first, and then knows no such sampler.
  const found = suffixes.find(({ rest }) => isSampler(rest)) ?? suffixes[0];
  if (found !== undefined) {
    scheduler = found.label;
    sampler = found.rest;
  }
  if (isSampler(sampler)) return { samplerName: sampler, scheduler: scheduler ?? "Automatic", warnings };
  warnings.push(`There is no sampler "${name}" here: DPM++ 2M was used, as A1111 does`);
  return { samplerName: "DPM++ 2M", scheduler: scheduler ?? "Automatic", warnings };
}

function suffixOf(text: string, { label, name, aliases }: ScheduleEntry): { label: ScheduleType; rest: string }[] {
  const suffix = [label, name, ...(aliases ?? [])].find((one) => text.endsWith(` ${one}`));
  return suffix === undefined ? [] : [{ label, rest: text.slice(0, -suffix.length - 1) }];
}

function isSampler(name: string): name is SamplerName {
  return (SAMPLER_NAMES as readonly string[]).includes(name);
}
