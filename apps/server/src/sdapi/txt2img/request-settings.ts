/** @file The fields of A1111's txt2img request as settings of ours, one by one; nothing is checked here. */
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import { findSampler } from "../sampler-table.ts";
import type { Txt2imgRequest } from "./txt2img-request.ts";

/** Field of the request by the setting that it is. */
const REQUEST_FIELD = {
  prompt: "prompt",
  negativePrompt: "negative_prompt",
  steps: "steps",
  width: "width",
  height: "height",
  nIter: "n_iter",
  batchSize: "batch_size",
  cfgScale: "cfg_scale",
  seed: "seed",
  subseed: "subseed",
  subseedStrength: "subseed_strength",
  seedResizeFromW: "seed_resize_from_w",
  seedResizeFromH: "seed_resize_from_h",
  eta: "eta",
  sChurn: "s_churn",
  sTmin: "s_tmin",
  sTmax: "s_tmax",
  sNoise: "s_noise",
  sMinUncond: "s_min_uncond",
  enableHr: "enable_hr",
  hrScale: "hr_scale",
  hrUpscaler: "hr_upscaler",
  hrSecondPassSteps: "hr_second_pass_steps",
  denoisingStrength: "denoising_strength",
  hrResizeX: "hr_resize_x",
  hrResizeY: "hr_resize_y",
  hrPrompt: "hr_prompt",
  hrNegativePrompt: "hr_negative_prompt",
} as const satisfies Partial<Record<keyof Txt2imgSettings, keyof Txt2imgRequest>>;

/** The request's own name of a setting, for messages. */
export function requestField(setting: string): string {
  return (REQUEST_FIELD as Readonly<Record<string, string>>)[setting] ?? setting;
}

/** Settings that the request names; null and what is left out are not among them. */
export function settingsOfRequest(request: Partial<Txt2imgRequest>): Partial<Record<keyof Txt2imgSettings, unknown>> {
  const named = Object.entries(REQUEST_FIELD).flatMap(([setting, field]) => {
    const value = request[field] ?? undefined;
    return value === undefined ? [] : [[setting, value] as const];
  });
  return { ...Object.fromEntries(named), ...oldFirstPass(request) };
}

/** Before 1.0 `width` and `height` were the finished picture's, and the first pass had fields of its own. */
function oldFirstPass(request: Partial<Txt2imgRequest>): Partial<Record<keyof Txt2imgSettings, unknown>> {
  const { enable_hr, width, height, firstphase_width = 0, firstphase_height = 0 } = request;
  if (enable_hr !== true || (firstphase_width === 0 && firstphase_height === 0)) return {};
  return { width: firstphase_width, height: firstphase_height, hrResizeX: width, hrResizeY: height };
}

interface Samplers
  extends
    Pick<Txt2imgSettings, "samplerName" | "scheduler">,
    Partial<Pick<Txt2imgSettings, "hrSamplerName" | "hrScheduler">> {
  /** What was asked for under a name that nothing has, as sentences. */
  warnings: string[];
}

/** Samplers and schedules of both passes. `request` is complete: with the defaults of what the program left out. */
export function samplersOfRequest(request: Txt2imgRequest): Samplers {
  const first = findSampler(request.sampler_name || request.sampler_index || "Euler", request.scheduler);
  const secondName = unlessSame(request.hr_sampler_name, "Use same sampler");
  const secondSchedule = unlessSame(request.hr_scheduler, "Use same scheduler");
  const { samplerName, scheduler } = first;
  if (request.enable_hr !== true || (secondName === undefined && secondSchedule === undefined)) {
    return { samplerName, scheduler, warnings: first.warnings };
  }
  const second = findSampler(secondName ?? samplerName, secondSchedule ?? scheduler);
  return {
    samplerName,
    scheduler,
    hrSamplerName: secondName === undefined ? null : second.samplerName,
    hrScheduler: second.scheduler === scheduler ? null : second.scheduler,
    warnings: [...first.warnings, ...second.warnings],
  };
}

function unlessSame(name: string | undefined, same: string): string | undefined {
  return name === undefined || name === null || name === "" || name === same ? undefined : name;
}
