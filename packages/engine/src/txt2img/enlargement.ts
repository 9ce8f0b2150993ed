/** @file Plans and checks the enlargement before a second pass, before anything is drawn. */
import { LexemeError } from "@lexeme/core";
import { isLatentUpscaler, type HiresSize, type PassSettings } from "@lexeme/domain/settings";
import { longestSchedule, wholeSteps } from "@lexeme/schedulers";
import { goesBySigmas } from "@lexeme/schedulers/catalogue";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import type { Upscaler } from "../upscale/upscaler.ts";
import { findUpscaler } from "../upscale/upscalers.ts";
import type { PassEnlargement } from "./draw.ts";

/**
 * The enlargement before a pass; undefined for a pass that starts from noise alone. Throws LexemeError `UPSCALER_MISSING`,
 * `HIRES_TOO_SMALL` or `STEPS_TOO_MANY`. `models` are the upscalers from the user's files.
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
    grid: model.gridOf({ ...size.upscaled, tiling: pass.tiling }),
  };
}

/** Throws if the whole schedule, of which a second pass takes the end, would be longer than the longest possible schedule. */
function requireSteps({ samplerName, scheduler, steps }: PassSettings, denoisingStrength: number): void {
  const whole = wholeSteps({ steps, denoisingStrength });
  const most = longestSchedule({ samplerName, scheduleType: scheduler });
  if (whole <= most) return;
  const what = goesBySigmas(samplerName) ? `${samplerName} on the schedule ${scheduler}` : samplerName;
  throw new LexemeError(
    "STEPS_TOO_MANY",
    `${what} has at most ${most} steps, but ${steps} steps at a denoising strength of ${denoisingStrength} are the end of ${whole} steps: use a higher strength or fewer Hires steps`,
    { details: { field: "denoisingStrength" } },
  );
}

function tooSmall({ final: { width, height } }: HiresSize): LexemeError {
  return new LexemeError(
    "HIRES_TOO_SMALL",
    `A hires size of ${width} x ${height} pixels is too small for a picture: choose a larger size`,
    { details: { field: "hrResizeX" } },
  );
}
