/** @file The passes that txt2img's settings ask for: one, or with hires fix a second that goes on from the enlarged picture. */
import type { HiresSettings } from "./hires-fields.ts";
import { hiresSize, type HiresSize } from "./hires-size.ts";
import { effectiveSize } from "./size-field.ts";
import type { Txt2imgSettings } from "./txt2img-settings.ts";

/** One way through the sampler: the settings as they are for it. */
export interface PassSettings extends Omit<Txt2imgSettings, keyof HiresSettings> {
  /** Pixels of its pictures, multiples of 8. */
  readonly width: number;
  readonly height: number;
  /** How the pictures of the pass before become those that this one begins with; undefined for the first. */
  readonly enlargement?: Enlargement;
}

export interface Enlargement {
  /** A latent upscaler, a plain one, or a model of the user's, by name. */
  readonly upscaler: string;
  readonly size: HiresSize;
  readonly denoisingStrength: number;
}

/** In the order of drawing. */
export function drawingPasses(settings: Txt2imgSettings): readonly [PassSettings, ...PassSettings[]] {
  const first = { ...settings, ...pictureSize({ ...settings, enableHr: false }) };
  return settings.enableHr ? [first, secondPass(settings)] : [first];
}

/** What its own fields leave open is as in the first pass. */
function secondPass(settings: Txt2imgSettings): PassSettings {
  const { hrUpscaler: upscaler, denoisingStrength, hrSecondPassSteps, hrPrompt, hrNegativePrompt } = settings;
  const size = hiresSize(settings);
  return {
    ...settings,
    ...size.final,
    samplerName: settings.hrSamplerName ?? settings.samplerName,
    scheduler: settings.hrScheduler ?? settings.scheduler,
    steps: hrSecondPassSteps === 0 ? settings.steps : hrSecondPassSteps,
    prompt: hrPrompt === "" ? settings.prompt : hrPrompt,
    negativePrompt: hrNegativePrompt === "" ? settings.negativePrompt : hrNegativePrompt,
    enlargement: { upscaler, size, denoisingStrength },
  };
}

/** Pixels of the finished pictures. */
export function pictureSize(
  settings: Pick<Txt2imgSettings, "width" | "height" | "enableHr" | "hrScale" | "hrResizeX" | "hrResizeY">,
): { width: number; height: number } {
  if (settings.enableHr) return hiresSize(settings).final;
  return { width: effectiveSize(settings.width), height: effectiveSize(settings.height) };
}
