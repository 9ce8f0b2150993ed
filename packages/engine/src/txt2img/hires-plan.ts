/** @file What hires fix will do, settled and checked before anything is drawn. */
import { LexemeError } from "@lexeme/core";
import {
  hiresSize,
  isLatentUpscaler,
  type HiresSize,
  type LatentUpscalerName,
  type Txt2imgSettings,
} from "@lexeme/domain/settings";
import { longestSchedule, wholeSteps, type SamplingPlan } from "@lexeme/schedulers";
import { goesBySigmas } from "@lexeme/schedulers/catalogue";
import type { DiffusionModel, LatentGrid } from "../checkpoint/diffusion-model.ts";
import type { Upscaler } from "../upscale/upscaler.ts";
import { findUpscaler } from "../upscale/upscalers.ts";
import { scheduledSteps, type PromptPair } from "./conditionings.ts";
import { samplingPlan } from "./draw-settings.ts";

export interface HiresPlan {
  /** In pixels; what is cut off in places of the latent. */
  readonly size: HiresSize;
  /** Latents as they are enlarged, and as the second pass takes them. */
  readonly upscaledGrid: LatentGrid;
  readonly grid: LatentGrid;
  readonly upscaler: LatentUpscalerName | Upscaler;
  readonly plan: SamplingPlan;
  /** The second pass' prompts, over its own steps. */
  readonly prompts: PromptPair;
}

/**
 * Undefined where hires fix is off. Throws LexemeError `UPSCALER_MISSING`, `HIRES_TOO_SMALL` or `STEPS_TOO_MANY`. `models` are the
 * upscalers that are files of the user's.
 */
export function planHires(
  settings: Txt2imgSettings,
  { model, models }: { model: DiffusionModel; models: readonly Upscaler[] },
): HiresPlan | undefined {
  if (!settings.enableHr) return undefined;
  const { hrUpscaler, hrPrompt, hrNegativePrompt, denoisingStrength } = settings;
  const size = hiresSize(settings);
  const grid = model.gridOf(size.final);
  if (grid.width < 1 || grid.height < 1) throw tooSmall(size);
  const second = {
    ...settings,
    samplerName: settings.hrSamplerName ?? settings.samplerName,
    scheduler: settings.hrScheduler ?? settings.scheduler,
    steps: settings.hrSecondPassSteps === 0 ? settings.steps : settings.hrSecondPassSteps,
  };
  requireSteps(second);
  return {
    size,
    upscaledGrid: model.gridOf(size.upscaled),
    grid,
    upscaler: isLatentUpscaler(hrUpscaler) ? hrUpscaler : findUpscaler(hrUpscaler, { models, field: "hrUpscaler" }),
    plan: { ...samplingPlan(second), denoisingStrength },
    prompts: {
      ...second,
      prompt: hrPrompt === "" ? settings.prompt : hrPrompt,
      negativePrompt: hrNegativePrompt === "" ? settings.negativePrompt : hrNegativePrompt,
      firstPassSteps: scheduledSteps(settings),
    },
  };
}

/** A schedule that is longer than it can be has no end to walk. */
function requireSteps(
  second: Pick<Txt2imgSettings, "samplerName" | "scheduler" | "steps" | "denoisingStrength">,
): void {
  const { samplerName, scheduler, steps, denoisingStrength } = second;
  const whole = wholeSteps({ steps, denoisingStrength });
  const most = longestSchedule({ samplerName, scheduleType: scheduler });
  if (whole <= most) return;
  const what = goesBySigmas(samplerName) ? `${samplerName} on the schedule ${scheduler}` : samplerName;
  throw new LexemeError(
    "STEPS_TOO_MANY",
    `${what} has at most ${most} steps, and ${steps} steps at a denoising strength of ${denoisingStrength} would be the end of ${whole}: take a higher strength or fewer Hires steps`,
    { details: { field: "denoisingStrength" } },
  );
}

function tooSmall({ final: { width, height } }: HiresSize): LexemeError {
  return new LexemeError(
    "HIRES_TOO_SMALL",
    `A hires size of ${width} x ${height} pixels has no picture in it: choose a larger one`,
    { details: { field: "hrResizeX" } },
  );
}
