/** @file txt2img: prompts in, numbered PNG files with A1111's infotext out. */
import { LexemeError } from "@lexeme/core";
import { PARAMETERS_KEYWORD, writePngText } from "@lexeme/formats";
import { effectiveSize, type Artifact, type JobContext, type JobResults, type Txt2imgSettings } from "@lexeme/protocol";
import { progressTotal } from "@lexeme/schedulers";
import { randomInt } from "node:crypto";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import type { JobPorts } from "../job-ports.ts";
import { encodePng } from "../pictures/raw-picture.ts";
import { encodePromptPair, type ConditioningPair } from "./conditionings.ts";
import { drawSettings, samplingPlan, seedsOf } from "./draw-settings.ts";
import { decodePicture, drawLatents } from "./draw.ts";
import { openDayFolder, saveNumbered } from "./image-files.ts";
import { loadPreviewMap } from "./latent-preview.ts";
import { livePreview } from "./live-preview.ts";
import { pictureInfotext, type InfotextFacts } from "./picture-infotext.ts";
import { StepTimer } from "../step-timer.ts";

export interface Txt2imgPorts extends JobPorts {
  readonly model: DiffusionModel;
  readonly context: JobContext;
}

/** Largest random seed, A1111's own limit. */
const RANDOM_SEEDS = 4294967294;

/** Draws and saves every picture asked for. Stopping keeps what was drawn and leaves out the batches not yet begun. */
export async function txt2img(settings: Txt2imgSettings, ports: Txt2imgPorts): Promise<JobResults> {
  const { model, context, reporter, control } = ports;
  const { clipSkip, nIter, batchSize } = settings;
  requireClipSkip(clipSkip, model.checkpoint.textLayers);
  const seed = settings.seed === -1 ? randomInt(RANDOM_SEEDS) : settings.seed;
  const subseed = settings.subseed === -1 ? randomInt(RANDOM_SEEDS) : settings.subseed;
  const previewMap = await loadPreviewMap(model, { cacheDir: context.cacheDir, reporter });
  const folder = context.embeddingsDir;
  const pair = await encodePromptPair(model, settings, { folder });
  for (const warning of pair.warnings) reporter.log(warning);

  const size = { width: effectiveSize(settings.width), height: effectiveSize(settings.height) };
  const grid = model.gridOf(size);
  const calls = await progressTotal(samplingPlan(settings), model.checkpoint.noiseSchedule);
  const timer = new StepTimer(calls * nIter);
  const artifacts: Artifact[] = [];
  const dayFolder = await openDayFolder(context.outputsDir, new Date());
  for (let batch = 0; batch < nIter && !control.stopping.aborted; batch++) {
    const numbers = seedsOf(settings, { seed, subseed, first: batch * batchSize, count: batchSize });
    const { seeds } = numbers;
    const image = { index: batch * batchSize + 1, count: nIter * batchSize };
    const preview = livePreview({ map: previewMap, grid, length: model.latentLength(grid), reporter });
    reporter.progress({ phase: "Drawing", ...timer.progress(batch * calls), image });
    const request = { ...pair, ...drawSettings(model, { ...settings, ...size }, numbers) };
    let negativeSkipped = false;
    const latents = await drawLatents(model, request, {
      control,
      onNegativeSkipped: () => void (negativeSkipped = true),
      async onStep(step) {
        reporter.progress({ phase: "Drawing", ...timer.progress(batch * calls + step.step), image });
        await preview(step);
      },
    });
    for (const [i, latent] of latents.entries()) {
      reporter.progress({
        phase: "Decoding",
        ...timer.progress((batch + 1) * calls),
        image: { ...image, index: image.index + i },
      });
      const picture = await decodePicture(model, latent, grid);
      control.cancelled.throwIfAborted();
      const infotext = infotextOf(settings, {
        pair,
        picture: { seed: seeds[i]!, subseed: numbers.subseeds[i]!, negativeSkipped },
        ports,
      });
      const png = writePngText(await encodePng(picture), { keyword: PARAMETERS_KEYWORD, text: infotext });
      const path = await saveNumbered(dayFolder, seeds[i]!, png);
      const artifact: Artifact = { kind: "image", path, seed: seeds[i]!, infotext, ...sizeOf(picture) };
      artifacts.push(artifact);
      reporter.artifact(artifact);
    }
  }
  const stopped =
    artifacts.length < nIter * batchSize ? `Stopped after ${artifacts.length} of ${nIter * batchSize}: ` : "";
  const summary = `${stopped}${artifacts.length === 1 ? "1 picture" : `${artifacts.length} pictures`} drawn`;
  return { artifacts, warnings: [...pair.warnings], folder: dayFolder, summary };
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
  });
}

function sizeOf({ width, height }: { width: number; height: number }): { width: number; height: number } {
  return { width, height };
}
