/** @file The passes that txt2img's settings ask for: one, or with hires fix a second that goes on from the enlarged picture. */
import { hiresSize, type HiresSize } from "./hires-size.ts";
import { effectiveSize } from "./size-field.ts";
import type { Txt2imgSettings } from "./txt2img-settings.ts";

/** One way through the sampler. */
export interface DrawingPass extends Pick<
  Txt2imgSettings,
  "samplerName" | "scheduler" | "steps" | "prompt" | "negativePrompt"
> {
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
export function drawingPasses(settings: Txt2imgSettings): readonly [DrawingPass, ...DrawingPass[]] {
  const { samplerName, scheduler, steps, prompt, negativePrompt, enableHr } = settings;
  const first = {
    ...pictureSize({ ...settings, enableHr: false }),
    samplerName,
    scheduler,
    steps,
    prompt,
    negativePrompt,
  };
  return enableHr ? [first, secondPass(settings)] : [first];
}

/** What its own fields leave open is as in the first pass. */
function secondPass(settings: Txt2imgSettings): DrawingPass {
  const { hrUpscaler: upscaler, denoisingStrength, hrSecondPassSteps, hrPrompt, hrNegativePrompt } = settings;
  const size = hiresSize(settings);
  return {
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
