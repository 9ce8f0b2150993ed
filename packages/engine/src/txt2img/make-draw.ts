/** @file Makes a drawing's value: checks the settings, draws the seeds, encodes the prompts. */
import { drawingPasses, seedAfter, seedResize, type PassSettings, type Txt2imgSettings } from "@lexeme/domain/settings";
import type { PromptStyle } from "@lexeme/domain/styles";
import { progressTotal } from "@lexeme/schedulers";
import { SAMPLERS, SCHEDULES } from "@lexeme/schedulers/catalogue";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { drawnSeed } from "../drawn-seed.ts";
import { requireClipSkip } from "../prompt/clip-skip.ts";
import type { Upscaler } from "../upscale/upscaler.ts";
import type { Draw, DrawBatch, DrawPass } from "./draw.ts";
import { encodePrompts, type EncodePromptsOptions, type EncodedPrompts } from "./encode-prompts.ts";
import { enlargementOf } from "./enlargement.ts";
import { styledSettings } from "./styled-settings.ts";

export interface DrawSource {
  readonly model: DiffusionModel;
  readonly prompts: Omit<EncodePromptsOptions, "firstPass">;
  /** The styles that the settings name. */
  readonly styles: readonly PromptStyle[];
  /** The upscalers from the user's files. */
  readonly upscalers: readonly Upscaler[];
}

/** Throws LexemeError `CLIP_SKIP_TOO_LARGE` and the errors of `enlargementOf`. */
export async function makeDraw(settings: Txt2imgSettings, source: DrawSource): Promise<Draw> {
  const { model, styles, upscalers } = source;
  requireClipSkip(settings.clipSkip, model.checkpoint);
  const wanted = drawingPasses(styledSettings(settings, styles));
  const enlargements = wanted.map((pass) => enlargementOf(pass, { model, models: upscalers }));
  const passes: DrawPass[] = [];
  for (const [i, pass] of wanted.entries()) {
    const firstPass = i === 0 ? undefined : wanted[0];
    const prompts = await encodePrompts(model, pass, { ...source.prompts, firstPass });
    const sampling = samplingOf(pass, model);
    const calls = await progressTotal(sampling, model.checkpoint.noiseSchedule);
    const phase = i > 0 ? "second-pass" : wanted.length > 1 ? "first-pass" : "drawing";
    const enlargement = enlargements[i];
    passes.push({ phase, ...prompts, ...sampling, calls, ...(enlargement && { enlargement }) });
  }
  return {
    settings,
    passes: passes as [DrawPass, ...DrawPass[]],
    batches: batchesOf(settings),
    warnings: warningsOf(passes),
  };
}

/** All parts of a pass except its prompts. */
function samplingOf(
  pass: PassSettings,
  model: DiffusionModel,
): Omit<DrawPass, keyof EncodedPrompts | "phase" | "calls" | "enlargement"> {
  const { samplerName, scheduler, steps, eta, sChurn, sTmin, sTmax, sNoise, enlargement } = pass;
  const { sigmaMin, sigmaMax, rho, sgmNoiseMultiplier, betaDistAlpha, betaDistBeta } = pass;
  const resize = seedResize(pass);
  return {
    samplerName,
    scheduleType: scheduler,
    steps,
    settings: { eta, sChurn, sTmin, sTmax, sNoise },
    limits: { sigmaMin, sigmaMax, rho },
    betaShape: { alpha: betaDistAlpha, beta: betaDistBeta },
    discardsNextToLast: pass.alwaysDiscardNextToLastSigma,
    sgmNoiseMultiplier,
    ...(enlargement && { denoisingStrength: enlargement.denoisingStrength }),
    grid: model.gridOf(pass),
    cfgScale: pass.cfgScale,
    minUncondSigma: pass.sMinUncond,
    noise: {
      source: pass.randnSource,
      seedDelta: BigInt(pass.etaNoiseSeedDelta),
      ...(resize && { resizeFrom: model.gridOf(resize) }),
    },
    variationStrength: pass.subseedStrength,
  };
}

/** Seeds count up from picture to picture; with a variation the seed stays and the variation seed counts up, as in A1111. */
function batchesOf(settings: Txt2imgSettings): DrawBatch[] {
  const { nIter, batchSize, subseedStrength } = settings;
  const seed = drawnSeed(settings.seed);
  const subseed = drawnSeed(settings.subseed);
  return Array.from({ length: nIter }, (_, batch) => {
    const indices = Array.from({ length: batchSize }, (__, i) => batch * batchSize + i);
    return {
      seeds: indices.map((i) => (subseedStrength > 0 ? seed : seedAfter(seed, i))),
      subseeds: indices.map((i) => seedAfter(subseed, i)),
    };
  });
}

function warningsOf(passes: readonly DrawPass[]): string[] {
  return [...new Set(passes.flatMap(({ warnings }) => warnings)), ...passes.flatMap((pass) => stepWarning(pass) ?? [])];
}

/** DDIM and similar samplers skip the first steps, as in A1111; if there are only one or two steps, none is left. */
function stepWarning({ samplerName, steps, calls, denoisingStrength, ...pass }: DrawPass): string | undefined {
  if (denoisingStrength === undefined) {
    if (calls > 0) return undefined;
    return `${samplerName} takes no step if the number of steps is ${steps}, so the picture is only noise: use more Sampling steps`;
  }
  if (denoisingStrength === 0 || (calls > 0 && !goesNowhere({ samplerName, steps, ...pass }))) return undefined;
  return `${samplerName} takes no step in a second pass if its number of steps is ${steps}, so noise stays in the picture: use more Hires steps`;
}

/** In a second pass DPM-Solver goes from the first sigma to the last before 0; with one step these are the same sigma, in A1111 too. */
function goesNowhere({ samplerName, scheduleType, steps }: Pick<DrawPass, "samplerName" | "scheduleType" | "steps">) {
  const isSolver = SAMPLERS[samplerName].solvesRange === true;
  return isSolver && steps === 1 && SCHEDULES[scheduleType].endsAboveZero !== true;
}
