/** @file Hires fix in an infotext: A1111's keys, written in its order and read back into txt2img's fields. */
import { AUTOMATIC_SCHEDULE, goesBySigmas, infotextScheduleType } from "@lexeme/schedulers/catalogue";
import { drawingPasses } from "../settings/drawing-passes.ts";
import { SAME_AS_FIRST_PASS } from "../settings/hires-fields.ts";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import type { KnownParameters, ReadKey } from "./infotext-keys.ts";
import { readSampler } from "./sampler-names.ts";

/** All keys but the strength, which stands among the first pass' keys. Settings that both passes share are left out. Empty if hires fix is off. */
export function hiresParameters(settings: Txt2imgSettings): KnownParameters {
  const [first, second] = drawingPasses(settings);
  if (second === undefined) return [];
  const { hrScale, hrResizeX, hrResizeY, hrSecondPassSteps, hrUpscaler } = settings;
  const isResized = hrResizeX > 0 || hrResizeY > 0;
  const unlessSame = (name: "samplerName" | "prompt" | "negativePrompt"): string | undefined =>
    second[name] === first[name] ? undefined : second[name];
  return [
    ["Hires sampler", unlessSame("samplerName")],
    ["Hires prompt", unlessSame("prompt")],
    ["Hires negative prompt", unlessSame("negativePrompt")],
    ["Hires schedule type", hiresScheduleType(settings)],
    ["Hires upscale", isResized ? undefined : hrScale],
    ["Hires resize", isResized ? `${hrResizeX}x${hrResizeY}` : undefined],
    ["Hires steps", hrSecondPassSteps === 0 ? undefined : hrSecondPassSteps],
    ["Hires upscaler", hrUpscaler === "" ? undefined : hrUpscaler],
  ];
}

/**
 * The second pass' schedule if it differs from the first's. A1111 has no first schedule to compare with when the first sampler goes by
 * timesteps. If the second pass has no named schedule ("Automatic" of Euler and similar samplers), A1111 writes no key, and then reads its
 * own text as the first pass' schedule; we write "Automatic" in that case.
 */
function hiresScheduleType(settings: Txt2imgSettings): string | undefined {
  const [first, second] = drawingPasses(settings).map(({ samplerName, scheduler: scheduleType }) => ({
    samplerName,
    used: infotextScheduleType({ samplerName, scheduleType }),
  }));
  if (first === undefined || second === undefined || !goesBySigmas(second.samplerName)) return undefined;
  const isComparable = goesBySigmas(first.samplerName) || second.used === AUTOMATIC_SCHEDULE;
  return isComparable && second.used === first.used ? undefined : second.used;
}

const MARKS: readonly ReadKey[] = ["Hires upscale", "Hires upscaler", "Hires resize-1"];

/** Whether the text describes a picture of two passes, by A1111's own test. */
export function tellsOfHires(parameters: ReadonlyMap<string, string>): boolean {
  return parameters.has("Denoising strength" satisfies ReadKey) && MARKS.some((key) => parameters.has(key));
}

/** A value equal to the first pass' value is null. An older joined name of the second sampler also gives its schedule. */
export function hiresSampler(parameters: ReadonlyMap<string, string>): {
  hrSamplerName: string | null;
  hrScheduler: string | null;
} {
  const get = (key: ReadKey, same?: string): string | undefined => {
    const value = parameters.get(key);
    return value === same ? undefined : value;
  };
  const first = readSampler(get("Sampler"), get("Schedule type"));
  const sampler = get("Hires sampler", SAME_AS_FIRST_PASS.sampler);
  const schedule = get("Hires schedule type", SAME_AS_FIRST_PASS.scheduler);
  const second = readSampler(sampler ?? first.samplerName, schedule ?? first.scheduler);
  return {
    hrSamplerName: second.samplerName === first.samplerName ? null : (second.samplerName ?? null),
    hrScheduler: second.scheduler === first.scheduler ? null : (second.scheduler ?? null),
  };
}
