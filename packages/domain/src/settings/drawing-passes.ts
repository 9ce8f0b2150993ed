/** @file The passes that txt2img's settings ask for: one pass, or with hires fix a second pass that continues from the enlarged picture. */
import type { HiresSettings } from "./hires-fields.ts";
import { hiresSize, type HiresSize } from "./hires-size.ts";
import { effectiveSize } from "./size-field.ts";
import type { Txt2imgSettings } from "./txt2img-settings.ts";
import { namedUpscaler } from "./upscalers.ts";

/** The settings of one pass through the sampler. */
export interface PassSettings extends Omit<Txt2imgSettings, keyof HiresSettings> {
  /** The pictures' size in pixels, multiples of 8. */
  readonly width: number;
  readonly height: number;
  /** The enlargement of the earlier pass' pictures, from which this pass starts; undefined for the first pass. */
  readonly enlargement?: Enlargement;
}

export interface Enlargement {
  /** The name of a latent upscaler, a pixel upscaler, or a model of the user's. */
  readonly upscaler: string;
  readonly size: HiresSize;
  readonly denoisingStrength: number;
}

/** The passes in the order of drawing. */
export function drawingPasses(settings: Txt2imgSettings): readonly [PassSettings, ...PassSettings[]] {
  const first = { ...settings, ...pictureSize({ ...settings, enableHr: false }) };
  return settings.enableHr ? [first, secondPass(settings)] : [first];
}

/** A field of the second pass that is left open has the first pass' value. */
function secondPass(settings: Txt2imgSettings): PassSettings {
  const { hrUpscaler, denoisingStrength, hrSecondPassSteps, hrPrompt, hrNegativePrompt } = settings;
  const size = hiresSize(settings);
  return {
    ...settings,
    ...size.final,
    samplerName: settings.hrSamplerName ?? settings.samplerName,
    scheduler: settings.hrScheduler ?? settings.scheduler,
    steps: hrSecondPassSteps === 0 ? settings.steps : hrSecondPassSteps,
    prompt: hrPrompt === "" ? settings.prompt : hrPrompt,
    negativePrompt: hrNegativePrompt === "" ? settings.negativePrompt : hrNegativePrompt,
    enlargement: { upscaler: namedUpscaler(hrUpscaler), size, denoisingStrength },
  };
}

/** The size of the finished pictures in pixels. */
export function pictureSize(
  settings: Pick<Txt2imgSettings, "width" | "height" | "enableHr" | "hrScale" | "hrResizeX" | "hrResizeY">,
): { width: number; height: number } {
  if (settings.enableHr) return hiresSize(settings).final;
  return { width: effectiveSize(settings.width), height: effectiveSize(settings.height) };
}
