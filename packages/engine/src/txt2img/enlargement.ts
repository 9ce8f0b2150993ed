/** @file How a second pass goes on from the first: settled and checked before anything is drawn. */
import { LexemeError } from "@lexeme/core";
import { isLatentUpscaler, type HiresSize, type PassSettings } from "@lexeme/domain/settings";
import { longestSchedule, wholeSteps } from "@lexeme/schedulers";
import { goesBySigmas } from "@lexeme/schedulers/catalogue";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import type { Upscaler } from "../upscale/upscaler.ts";
import { findUpscaler } from "../upscale/upscalers.ts";
import type { PassEnlargement } from "./draw.ts";

/**
 * The enlargement before a pass; undefined where it begins with noise alone. Throws LexemeError `UPSCALER_MISSING`, `HIRES_TOO_SMALL` or
 * `STEPS_TOO_MANY`. `models` are the upscalers that are files of the user's.
 */
export function enlargementOf(
  pass: PassSettings,
  { model, models }: { model: DiffusionModel; models: readonly Upscaler[] },
): PassEnlargement | undefined {
  if (!pass.enlargement) return undefined;
  const { size, upscaler } = pass.enlargement;
  const grid = model.gridOf(pass);
  if (grid.width < 1 || grid.height < 1) throw tooSmall(size);
  requireSteps(pass, pass.enlargement.denoisingStrength);
  return {
    upscaler: isLatentUpscaler(upscaler) ? upscaler : findUpscaler(upscaler, { models, field: "hrUpscaler" }),
    size,
    grid: model.gridOf(size.upscaled),
  };
}

/** A schedule that is longer than it can be has no end to walk. */
function requireSteps({ samplerName, scheduler, steps }: PassSettings, denoisingStrength: number): void {
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
