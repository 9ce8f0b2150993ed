/** @file Draws every picture that txt2img settings ask for and hands each over, with its infotext, when it is finished. Knows nothing of files. */
import { LexemeError } from "@lexeme/core";
import { effectiveSize, type JobContext, type Txt2imgSettings } from "@lexeme/protocol";
import { progressTotal } from "@lexeme/schedulers";
import { randomInt } from "node:crypto";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import type { JobPorts } from "../job-ports.ts";
import type { FilenameFacts } from "../pictures/filename-tokens.ts";
import type { RawPicture } from "../pictures/raw-picture.ts";
import { StepTimer } from "../step-timer.ts";
import { encodePromptPair, type ConditioningPair } from "./conditionings.ts";
import { drawSettings, samplingPlan, seedsOf } from "./draw-settings.ts";
import { decodePicture, drawLatents } from "./draw.ts";
import { loadPreviewMap } from "./latent-preview.ts";
import { livePreview } from "./live-preview.ts";
import { drawSkippable } from "./skippable-batch.ts";
import { pictureInfotext, type InfotextFacts } from "./picture-infotext.ts";

export interface Txt2imgPorts extends JobPorts {
  readonly model: DiffusionModel;
  readonly context: JobContext;
}

export interface DrawnPicture {
  readonly picture: RawPicture;
  readonly seed: number;
  /** Place among all pictures of the settings, from 0. */
  readonly index: number;
  /** Seeds of the batch that it was drawn in. */
  readonly batchSeeds: readonly number[];
  /** Prompts as infotext shows them. */
  readonly shown: ConditioningPair["shown"];
  readonly infotext: string;
}

/** Largest random seed, A1111's own limit. */
const RANDOM_SEEDS = 4294967294;

/** A seed for -1. */
function randomSeed(): number {
  return randomInt(RANDOM_SEEDS);
}

/** Draws batch after batch; `onPicture` is awaited. Stopping leaves out the batches not yet begun. */
export async function drawPictures(
  settings: Txt2imgSettings,
  ports: Txt2imgPorts,
  onPicture: (drawn: DrawnPicture) => Promise<void>,
): Promise<{ warnings: readonly string[] }> {
  const { model, context, reporter, control } = ports;
  const { clipSkip, nIter, batchSize } = settings;
  requireClipSkip(clipSkip, model.checkpoint.textLayers);
  const seed = settings.seed === -1 ? randomSeed() : settings.seed;
  const subseed = settings.subseed === -1 ? randomSeed() : settings.subseed;
  const previewMap = await loadPreviewMap(model, { cacheDir: context.cacheDir, reporter });
  const { embeddingsDir: folder, options } = context;
  const pair = await encodePromptPair(model, settings, { folder, comments: options.enable_prompt_comments });
  for (const warning of pair.warnings) reporter.log(warning);

  const size = { width: effectiveSize(settings.width), height: effectiveSize(settings.height) };
  const grid = model.gridOf(size);
  const calls = await progressTotal(samplingPlan(settings), model.checkpoint.noiseSchedule);
  const timer = new StepTimer(calls * nIter);
  for (let batch = 0; batch < nIter && !control.stopping.aborted; batch++) {
    const numbers = seedsOf(settings, { seed, subseed, first: batch * batchSize, count: batchSize });
    const { seeds } = numbers;
    const image = { index: batch * batchSize + 1, count: nIter * batchSize };
    const preview = livePreview({ map: previewMap, grid, length: model.latentLength(grid), reporter, options });
    reporter.progress({ phase: "Drawing", ...timer.progress(batch * calls), image });
    const request = { ...pair, ...drawSettings(model, { ...settings, ...size }, numbers) };
    let negativeSkipped = false;
    const latents = await drawSkippable(control, (skippable) =>
      drawLatents(model, request, {
        control: skippable,
        onNegativeSkipped: () => void (negativeSkipped = true),
        async onStep(step) {
          reporter.progress({ phase: "Drawing", ...timer.progress(batch * calls + step.step), image });
          await preview(step);
        },
      }),
    );
    if (latents === undefined) continue;
    for (const [i, latent] of latents.entries()) {
      reporter.progress({
        phase: "Decoding",
        ...timer.progress((batch + 1) * calls),
        image: { ...image, index: image.index + i },
      });
      const picture = await decodePicture(model, latent, grid);
      control.cancelled.throwIfAborted();
      const facts = { seed: seeds[i]!, subseed: numbers.subseeds[i]!, negativeSkipped };
      const infotext = infotextOf(settings, { pair, picture: facts, ports });
      const index = batch * batchSize + i;
      await onPicture({ picture, seed: seeds[i]!, index, batchSeeds: seeds, shown: pair.shown, infotext });
    }
  }
  return { warnings: pair.warnings };
}

/** What names of files may say of a picture. */
export function filenameFacts(
  settings: Txt2imgSettings,
  { picture, seed, batchSeeds, index, shown }: DrawnPicture,
  { model: { checkpoint } }: Pick<Txt2imgPorts, "model">,
): Pick<
  FilenameFacts,
  | "picture"
  | "settings"
  | "prompt"
  | "negativePrompt"
  | "seed"
  | "batchSeeds"
  | "index"
  | "modelName"
  | "modelHash"
  | "vaeName"
> {
  const { modelName, shortHash: modelHash } = checkpoint;
  const vaeName = checkpoint.vae?.name ?? null;
  return { picture, settings, ...shown, seed, batchSeeds, index, modelName, modelHash, vaeName };
}

function requireClipSkip(clipSkip: number, layers: number): void {
  if (clipSkip <= layers) return;
  throw new LexemeError(`Clip skip is at most ${layers} here: this checkpoint's text encoder has ${layers} layers`, {
    code: "CLIP_SKIP_TOO_LARGE",
    kind: "input",
    details: { field: "clipSkip" },
  });
}

type PictureFacts = Required<Pick<InfotextFacts, "seed" | "subseed" | "negativeSkipped">>;

function infotextOf(
  settings: Txt2imgSettings,
  { pair, picture, ports }: { pair: ConditioningPair; picture: PictureFacts; ports: Txt2imgPorts },
): string {
  const { checkpoint } = ports.model;
  return pictureInfotext({
    settings: { ...settings, ...pair.shown },
    ...picture,
    checkpoint,
    embeddingHashes: pair.embeddingHashes,
    version: ports.context.version,
    options: ports.context.options,
  });
}
