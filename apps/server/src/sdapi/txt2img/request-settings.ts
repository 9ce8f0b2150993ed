/** @file Converts the fields of A1111's txt2img request to Lexeme's settings, one by one, without checking them. */
import { optionsByField } from "@lexeme/domain/options";
import { a1111Name, SAME_AS_FIRST_PASS, Txt2imgSettingsSchema, type Txt2imgSettings } from "@lexeme/domain/settings";
import { namedSettings } from "../named-settings.ts";
import { findSampler } from "../sampler-table.ts";
import { A1111_SAMPLER, Txt2imgRequestSchema, type Txt2imgRequest } from "./txt2img-request.ts";

/** The request's own name of a setting, for messages; the option's name if only an override can set it. */
export function requestField(setting: string): string {
  const field = a1111Name(setting);
  if (Object.hasOwn(Txt2imgRequestSchema.shape, field)) return field;
  return optionsByField(Txt2imgSettingsSchema).get(setting) ?? setting;
}

/** The settings in the request, except samplers and styles, which are found by their names. */
export function settingsOfRequest(request: Partial<Txt2imgRequest>): Partial<Record<keyof Txt2imgSettings, unknown>> {
  const named = namedSettings(PLAIN_SETTINGS, request, Txt2imgRequestSchema);
  return { ...named, ...oldFirstPass(request) };
}

const PLAIN_SETTINGS = Txt2imgSettingsSchema.omit({
  samplerName: true,
  scheduler: true,
  hrSamplerName: true,
  hrScheduler: true,
  styles: true,
});

/** Before A1111 1.0, `width` and `height` were the size of the finished picture, and the first pass had its own fields. */
function oldFirstPass(request: Partial<Txt2imgRequest>): Partial<Record<keyof Txt2imgSettings, unknown>> {
  const { enable_hr, width, height, firstphase_width = 0, firstphase_height = 0 } = request;
  if (enable_hr !== true || (firstphase_width === 0 && firstphase_height === 0)) return {};
  return { width: firstphase_width, height: firstphase_height, hrResizeX: width, hrResizeY: height };
}

interface Samplers
  extends
    Pick<Txt2imgSettings, "samplerName" | "scheduler">,
    Partial<Pick<Txt2imgSettings, "hrSamplerName" | "hrScheduler">> {
  /** A sentence for each unknown name in the request. */
  warnings: string[];
}

/** Samplers and schedules of both passes. `request` must be complete, with defaults for the missing fields. */
export function samplersOfRequest(request: Txt2imgRequest): Samplers {
  const first = findSampler(request.sampler_name || request.sampler_index || A1111_SAMPLER, request.scheduler);
  const secondName = unlessSame(request.hr_sampler_name, SAME_AS_FIRST_PASS.sampler);
  const secondSchedule = unlessSame(request.hr_scheduler, SAME_AS_FIRST_PASS.scheduler);
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
