/** @file One batch of pictures as latents: the first pass, and with hires fix the way to the second and the second. */
import type { JobPhase } from "@lexeme/domain/jobs";
import { effectiveSize, type Txt2imgSettings } from "@lexeme/domain/settings";
import { progressTotal, type SampleStep } from "@lexeme/schedulers";
import { SAMPLERS, SCHEDULES } from "@lexeme/schedulers/catalogue";
import type { DiffusionModel, LatentGrid } from "../checkpoint/diffusion-model.ts";
import type { Upscaler } from "../upscale/upscaler.ts";
import { encodePromptPair, type ConditioningPair } from "./conditionings.ts";
import { drawSettings } from "./draw-settings.ts";
import { drawLatents, type DrawPorts, type DrawRequest } from "./draw.ts";
import { planHires, type HiresPlan } from "./hires-plan.ts";
import { unlessInterrupted, type BatchControl } from "./interrupted-batch.ts";
import { upscaleBatch } from "./upscale-batch.ts";

export type DrawPhase = Extract<JobPhase, "drawing" | "first-pass" | "upscaling" | "second-pass">;

/** What all batches of a job have in common. */
export interface BatchPlan {
  readonly settings: Txt2imgSettings;
  readonly pair: ConditioningPair;
  /** Of the first pass, and of the finished pictures. */
  readonly firstGrid: LatentGrid;
  readonly grid: LatentGrid;
  readonly hires: (HiresPlan & { readonly pair: ConditioningPair }) | undefined;
  /** Calls of the model in the first pass, and in all of a batch; percent for DPM adaptive. */
  readonly firstCalls: number;
  readonly calls: number;
  /** What will not be as asked, as sentences. */
  readonly warnings: readonly string[];
}

/** Checks the settings of hires fix and encodes all prompts. `models` are the upscalers that are files of the user's. */
export async function planBatch(
  settings: Txt2imgSettings,
  options: { model: DiffusionModel; models: readonly Upscaler[] } & Parameters<typeof encodePromptPair>[2],
): Promise<BatchPlan> {
  const { model, models, ...prompts } = options;
  const hires = planHires(settings, { model, models });
  const pair = await encodePromptPair(model, settings, prompts);
  const secondPair = hires && (await encodePromptPair(model, hires.prompts, prompts));
  const size = { width: effectiveSize(settings.width), height: effectiveSize(settings.height) };
  const firstGrid = model.gridOf(size);
  const { plan } = drawSettings(model, settings, { seeds: [], subseeds: [] });
  const { noiseSchedule } = model.checkpoint;
  const firstCalls = await progressTotal(plan, noiseSchedule);
  const secondCalls = hires ? await progressTotal(hires.plan, noiseSchedule) : 0;
  return {
    settings: { ...settings, ...size },
    pair,
    firstGrid,
    grid: hires?.grid ?? firstGrid,
    hires: hires && { ...hires, pair: secondPair! },
    firstCalls,
    calls: firstCalls + secondCalls,
    warnings: [
      ...new Set([...pair.warnings, ...(secondPair?.warnings ?? [])]),
      ...(firstCalls === 0 ? [noFirstStep(settings)] : []),
      ...(hires && settings.denoisingStrength > 0 && (secondCalls === 0 || goesNowhere(hires)) ? [noStep(hires)] : []),
    ],
  };
}

/** DDIM and its like go from timestep to timestep, and of one alone there is nowhere to go, in A1111 too. */
function noFirstStep({ samplerName, steps }: Txt2imgSettings): string {
  return `${samplerName} makes no step of ${steps}, so the picture is the noise that it begins with: take more Sampling steps`;
}

/** DPM-Solver's way begins at a second pass' first sigma and ends at the last before 0, which of one step is the same, in A1111 too. */
function goesNowhere({ plan: { samplerName, scheduleType, steps } }: HiresPlan): boolean {
  const isSolver = SAMPLERS[samplerName].solvesRange === true;
  return isSolver && steps === 1 && SCHEDULES[scheduleType].endsAboveZero !== true;
}

/** DDIM and its like skip the first steps of a second pass, as in A1111; of one or two nothing is left. */
function noStep({ plan: { samplerName, steps } }: HiresPlan): string {
  return `${samplerName} makes no step of a second pass of ${steps}, so the noise that it began with stays in the picture: take more Hires steps`;
}

/** Work of a job's first `step` calls, in calls of the first pass: the second's take longer by their pixels. */
export function workOf({ firstCalls, calls, firstGrid, grid }: BatchPlan, step: number): number {
  const ratio = (grid.width * grid.height) / (firstGrid.width * firstGrid.height);
  const within = (done: number): number => Math.min(done, firstCalls) + Math.max(0, done - firstCalls) * ratio;
  const batches = calls === 0 ? 0 : Math.floor(step / calls);
  return batches * within(calls) + within(step - batches * calls);
}

export interface DrawBatchPorts extends Pick<DrawPorts, "onNegativeSkipped"> {
  readonly model: DiffusionModel;
  readonly control: BatchControl;
  /** When a phase begins, `done` calls of the batch having been made. */
  readonly onPhase: (phase: DrawPhase, done: number) => void;
  /** After each step, counted over both passes. */
  readonly onStep: (phase: DrawPhase, step: SampleStep, done: number) => Promise<void>;
  /** With what the first of two passes made, of the plan's `firstGrid`. */
  readonly onFirstPass?: ((latents: readonly Float32Array[]) => Promise<void>) | undefined;
}

export interface DrawnBatch {
  /** One for each picture; fewer when it was interrupted before each had a step. */
  readonly latents: readonly Float32Array[];
  /** The plan's `grid`, or its `firstGrid` when it was interrupted before the second pass. */
  readonly grid: LatentGrid;
  readonly isFinished: boolean;
}

/** Draws until the batch is finished or interrupted. Rejects with the signal's reason when cancelled. */
export async function drawBatch(
  plan: BatchPlan,
  numbers: { seeds: readonly bigint[]; subseeds: readonly bigint[] },
  ports: DrawBatchPorts,
): Promise<DrawnBatch> {
  const { settings, pair, hires, firstGrid, firstCalls } = plan;
  const { model, control, onPhase } = ports;
  const first = { ...pair, ...drawSettings(model, settings, numbers) };
  const latents = await drawPass(first, { phase: hires ? "first-pass" : "drawing", before: 0 }, ports);
  const isInterrupted = (): boolean => control.interrupted?.aborted === true;
  const firstOnly = (): DrawnBatch => ({ latents, grid: firstGrid, isFinished: !hires && !isInterrupted() });
  if (!hires || isInterrupted()) return firstOnly();
  onPhase("upscaling", firstCalls);
  await ports.onFirstPass?.(latents);
  const { seeds } = numbers;
  const pictures = await unlessInterrupted(control, (within) =>
    upscaleBatch(latents, { hires, grid: firstGrid }, { model, seeds, control: within }),
  );
  if (pictures === undefined) return firstOnly();
  const { conditional, unconditional } = hires.pair;
  const second = { ...first, conditional, unconditional, plan: hires.plan, grid: hires.grid, pictures };
  const finished = await drawPass(second, { phase: "second-pass", before: firstCalls }, ports);
  if (finished.length === 0) return firstOnly();
  return { latents: finished, grid: hires.grid, isFinished: !isInterrupted() };
}

function drawPass(
  request: DrawRequest,
  { phase, before }: { phase: DrawPhase; before: number },
  { model, control, onPhase, onStep, onNegativeSkipped }: DrawBatchPorts,
): Promise<Float32Array[]> {
  onPhase(phase, before);
  return drawLatents(model, request, {
    control,
    ...(onNegativeSkipped && { onNegativeSkipped }),
    onStep: (step) => onStep(phase, step, before + step.step),
  });
}
