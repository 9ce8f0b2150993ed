/** @file Hires fix in an infotext: A1111's keys, written in its order and read back into txt2img's fields. */
import type { HiresSettings } from "../settings/hires-fields.ts";

/** What a picture of two passes says of the second; what it shares with the first is left out. */
export interface HiresInfotext {
  denoisingStrength: number;
  sampler?: string | undefined;
  scheduleType?: string | undefined;
  prompt?: string | undefined;
  negativePrompt?: string | undefined;
  size: Pick<HiresSettings, "hrScale" | "hrResizeX" | "hrResizeY">;
  /** 0 for as many as the first pass had. */
  steps: number;
  upscaler: string;
}

/** All keys but the strength, which stands among the first pass' own. */
export function hiresParameters(
  hires: HiresInfotext | undefined,
): (readonly [key: string, value: string | number | undefined])[] {
  if (!hires) return [];
  const { hrScale, hrResizeX, hrResizeY } = hires.size;
  const isResized = hrResizeX > 0 || hrResizeY > 0;
  return [
    ["Hires sampler", hires.sampler],
    ["Hires prompt", hires.prompt],
    ["Hires negative prompt", hires.negativePrompt],
    ["Hires schedule type", hires.scheduleType],
    ["Hires upscale", isResized ? undefined : hrScale],
    ["Hires resize", isResized ? `${hrResizeX}x${hrResizeY}` : undefined],
    ["Hires steps", hires.steps === 0 ? undefined : hires.steps],
    ["Hires upscaler", hires.upscaler],
  ];
}

/** Splits a sampler's older joined name, as the caller does for the first pass. */
type SamplerReader = (
  sampler: string | undefined,
  schedule: string | undefined,
) => { readonly samplerName?: string; readonly scheduler?: string };

/**
 * The fields of hires fix. Off by A1111's own test when the text knows nothing of it; then the others stay as they are. Values are as
 * written: not every one is one that a field takes.
 */
export function hiresFromParameters(
  parameters: ReadonlyMap<string, string>,
  readSampler: SamplerReader,
): Record<string, string | number | boolean | null> {
  const marks = ["Hires upscale", "Hires upscaler", "Hires resize-1"];
  if (!parameters.has("Denoising strength") || !marks.some((key) => parameters.has(key))) return { enableHr: false };
  const number = (key: string, otherwise: number): number | string => {
    const text = parameters.get(key);
    if (text === undefined || text.trim() === "") return otherwise;
    return Number.isFinite(Number(text)) ? Number(text) : text;
  };
  return {
    enableHr: true,
    hrUpscaler: parameters.get("Hires upscaler") ?? "Latent",
    hrSecondPassSteps: number("Hires steps", 0),
    denoisingStrength: number("Denoising strength", 0.7),
    hrScale: number("Hires upscale", 2),
    hrResizeX: number("Hires resize-1", 0),
    hrResizeY: number("Hires resize-2", 0),
    ...hiresSampler(parameters, readSampler),
    hrPrompt: parameters.get("Hires prompt") ?? "",
    hrNegativePrompt: parameters.get("Hires negative prompt") ?? "",
  };
}

/** What is the first pass' own is null; an older joined name of the second's sampler brings its schedule. */
function hiresSampler(
  parameters: ReadonlyMap<string, string>,
  readSampler: SamplerReader,
): { hrSamplerName: string | null; hrScheduler: string | null } {
  const first = readSampler(parameters.get("Sampler"), parameters.get("Schedule type"));
  const sampler = unlessSame(parameters.get("Hires sampler"), "Use same sampler");
  const schedule = unlessSame(parameters.get("Hires schedule type"), "Use same scheduler");
  const second = readSampler(sampler ?? first.samplerName, schedule ?? first.scheduler);
  return {
    hrSamplerName: second.samplerName === first.samplerName ? null : (second.samplerName ?? null),
    hrScheduler: second.scheduler === first.scheduler ? null : (second.scheduler ?? null),
  };
}

function unlessSame(value: string | undefined, same: string): string | undefined {
  return value === same ? undefined : value;
}

/** A1111's pixel count for a first pass whose size the infotext gives as 0x0, and the step it was rounded up to. */
const OLD_FIRST_PASS_PIXELS = 512 * 512;
const OLD_FIRST_PASS_STEP = 64;

/** Before 2023 `Size` was the finished picture's and the first pass had a key of its own: put as today, as A1111 does when it reads them. */
export function restoreFirstPassSize(parameters: Map<string, string>): void {
  const [first, size] = ["First pass size", "Size"].map((key) =>
    [1, 2].map((side) => Number(parameters.get(`${key}-${side}`))),
  ) as [number[], number[]];
  if (![...first, ...size].every(Number.isInteger)) return;
  const scale = Math.sqrt(OLD_FIRST_PASS_PIXELS / (size[0]! * size[1]!));
  const isGiven = first[0] !== 0 && first[1] !== 0;
  for (const side of [0, 1]) {
    const computed = Math.ceil((scale * size[side]!) / OLD_FIRST_PASS_STEP) * OLD_FIRST_PASS_STEP;
    parameters.set(`Size-${side + 1}`, String(isGiven ? first[side] : computed));
    parameters.set(`Hires resize-${side + 1}`, String(size[side]));
  }
}
