/** @file What an infotext says of sampler, schedule, noise, seeds and emphasis, as fields of txt2img. */
import type { Infotext } from "./infotext.ts";
import { hiresFromParameters } from "./infotext-hires.ts";
import { AUTOMATIC_SCHEDULE, readSamplerName, readScheduleType } from "@lexeme/schedulers/catalogue";
import { RANDOM_SEED, type Seed } from "../settings/seed-field.ts";

/** Names and values as the infotext has them: not every one is one that a field takes. */
export type InfotextSampling = Readonly<Record<string, string | number | boolean | null>>;

/**
 * All sampling fields of txt2img, A1111's defaults for what the infotext leaves out, so that nothing set before stays in force. Empty for a
 * text without parameters.
 */
export function samplingFromInfotext({ parameters }: Infotext): InfotextSampling {
  if (parameters.size === 0) return {};
  const number = (key: string, otherwise: number | null): number | string | null => {
    const text = parameters.get(key);
    if (text === undefined || text.trim() === "") return otherwise;
    const value = Number(text);
    return Number.isFinite(value) ? value : text;
  };
  // Digits as they are: a double would round them.
  const seed = (key: string, otherwise: Seed): string => parameters.get(key)?.trim() || otherwise;
  const variation = parameters.has("Variation seed") ? { subseed: seed("Variation seed", RANDOM_SEED) } : {};
  return {
    ...samplerOf(parameters.get("Sampler"), parameters.get("Schedule type")),
    ...hiresFromParameters(parameters, samplerOf),
    ...variation,
    subseedStrength: number("Variation seed strength", 0),
    seedResizeFromW: number("Seed resize from-1", 0),
    seedResizeFromH: number("Seed resize from-2", 0),
    eta: number("Eta", number("Eta DDIM", null) as number | null),
    sChurn: number("Sigma churn", 0),
    sTmin: number("Sigma tmin", 0),
    sTmax: number("Sigma tmax", 0),
    sNoise: number("Sigma noise", 1),
    sMinUncond: number("NGMS", 0),
    sigmaMin: number("Schedule min sigma", 0),
    sigmaMax: number("Schedule max sigma", 0),
    rho: number("Schedule rho", 0),
    sgmNoiseMultiplier: parameters.get("SGM noise multiplier") === "True",
    etaNoiseSeedDelta: seed("ENSD", "0"),
    randnSource: parameters.get("RNG") ?? "GPU",
    emphasis: parameters.get("Emphasis") ?? "Original",
  };
}

/** Older files join the two: "DPM++ 2M Karras". A name that is not known stays whole. */
function samplerOf(sampler: string | undefined, schedule: string | undefined): Record<string, string> {
  if (sampler === undefined) return {};
  const { samplerName, scheduleType = scheduleOf(schedule) } = readSamplerName(sampler);
  if (samplerName === undefined) return { samplerName: sampler, scheduler: scheduleOf(schedule) };
  return { samplerName, scheduler: scheduleType };
}

function scheduleOf(schedule: string | undefined): string {
  return schedule === undefined ? AUTOMATIC_SCHEDULE : (readScheduleType(schedule) ?? schedule);
}
