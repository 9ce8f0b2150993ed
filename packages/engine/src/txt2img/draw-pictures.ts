/** @file Draws every picture that txt2img settings ask for and hands each over, with its infotext, when it is finished. Knows nothing of files. */
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import type { ContextOf } from "@lexeme/domain/jobs";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { drawnSeed } from "../drawn-seed.ts";
import type { JobPorts } from "../job-ports.ts";
import type { FilenameFacts } from "../pictures/filename-tokens.ts";
import type { RawPicture } from "../pictures/raw-picture.ts";
import type { PromptEmbeddingsOptions } from "../prompt/prompt-embeddings.ts";
import { requireClipSkip } from "../prompt/clip-skip.ts";
import { StepTimer } from "../step-timer.ts";
import { modelUpscaler } from "../upscale/model-upscaler.ts";
import type { ConditioningPair } from "./conditionings.ts";
import { drawBatch, planBatch, workOf, type BatchPlan, type DrawPhase } from "./draw-batch.ts";
import { seedsOf } from "./draw-settings.ts";
import { decodePicture } from "./draw.ts";
import { loadPreviewMap } from "./latent-preview.ts";
import { livePreview } from "./live-preview.ts";
import { pictureInfotext, type InfotextFacts } from "./picture-infotext.ts";
import { styledSettings } from "./styled-settings.ts";

export interface Txt2imgPorts extends JobPorts {
  readonly model: DiffusionModel;
  readonly context: ContextOf<"txt2img">;
  /** Stands for the embedding of its name. */
  readonly inMemory?: PromptEmbeddingsOptions["inMemory"];
  /** Given each picture as it is before hires fix. */
  readonly onFirstPass?: (drawn: DrawnPicture) => Promise<void>;
}

export interface DrawnPicture {
  readonly picture: RawPicture;
  /** False for one that was ended in the middle. */
  readonly isFinished: boolean;
  readonly seed: bigint;
  /** Place among all pictures of the settings, from 0. */
  readonly index: number;
  /** Seeds of the batch that it was drawn in. */
  readonly batchSeeds: readonly bigint[];
  /** Prompts as infotext shows them. */
  readonly shown: ConditioningPair["shown"];
  readonly infotext: string;
}

/** Draws batch after batch; `onPicture` is awaited. Stopping leaves out the batches not yet begun, interrupting a batch gives its pictures unfinished. */
export async function drawPictures(
  asked: Txt2imgSettings,
  ports: Txt2imgPorts,
  onPicture: (drawn: DrawnPicture) => Promise<void>,
): Promise<{ warnings: readonly string[] }> {
  const { model, context, inMemory, reporter, control, onFirstPass } = ports;
  const settings = styledSettings(asked, context.styles);
  const { clipSkip, nIter, batchSize } = settings;
  requireClipSkip(clipSkip, model.checkpoint);
  const seed = drawnSeed(settings.seed);
  const subseed = drawnSeed(settings.subseed);
  const previewMap = await loadPreviewMap(model, { cacheDir: context.cacheDir, reporter });
  const { embeddingsDir: folder, options } = context;
  const comments = options.enable_prompt_comments;
  const models = context.upscaler ? [modelUpscaler(context.upscaler, model.pool, context.options)] : [];
  const plan = await planBatch(settings, { model, models, folder, comments, ...(inMemory && { inMemory }) });
  const { pair, calls, grid, warnings } = plan;
  for (const warning of warnings) reporter.log(warning);

  const timer = new StepTimer(calls * nIter, (step) => workOf(plan, step));
  for (let batch = 0; batch < nIter && !control.stopping.aborted; batch++) {
    const numbers = seedsOf(settings, { seed, subseed, first: batch * batchSize, count: batchSize });
    const { seeds } = numbers;
    const image = { index: batch * batchSize + 1, count: nIter * batchSize };
    const [preview, secondPreview] = [plan.firstGrid, grid].map((of) =>
      livePreview({ map: previewMap, grid: of, length: model.latentLength(of), reporter, options }),
    );
    const report = (phase: DrawPhase, done: number): void =>
      reporter.progress({ phase, ...timer.progress(batch * calls + done), image });
    let negativeSkipped = false;
    const drawn = (picture: RawPicture, i: number): Omit<DrawnPicture, "isFinished"> => {
      const facts = { seed: seeds[i]!, subseed: numbers.subseeds[i]!, negativeSkipped };
      const infotext = infotextOf(settings, { plan, picture: facts, ports });
      const index = batch * batchSize + i;
      return { picture, seed: seeds[i]!, index, batchSeeds: seeds, shown: pair.shown, infotext };
    };
    const { latents, ...batchDrawn } = await drawBatch(plan, numbers, {
      model,
      control: { ...control, interrupted: control.nextBatch?.() },
      onNegativeSkipped: () => void (negativeSkipped = true),
      onPhase(phase, done) {
        // What was done between two passes is no step's time.
        timer.pause();
        report(phase, done);
      },
      async onStep(phase, step, done) {
        report(phase, done);
        await (phase === "second-pass" ? secondPreview : preview)!(step);
      },
      onFirstPass:
        onFirstPass &&
        (async (firsts) => {
          for (const [i, latent] of firsts.entries()) {
            await onFirstPass({ ...drawn(await decodePicture(model, latent, plan.firstGrid), i), isFinished: true });
            control.cancelled.throwIfAborted();
          }
        }),
    });
    for (const [i, latent] of latents.entries()) {
      reporter.progress({
        phase: "decoding",
        ...timer.progress((batch + 1) * calls),
        image: { ...image, index: image.index + i },
      });
      const picture = await decodePicture(model, latent, batchDrawn.grid);
      control.cancelled.throwIfAborted();
      await onPicture({ ...drawn(picture, i), isFinished: batchDrawn.isFinished });
    }
  }
  return { warnings };
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

type PictureFacts = Required<Pick<InfotextFacts, "seed" | "subseed" | "negativeSkipped">>;

function infotextOf(
  settings: Txt2imgSettings,
  { plan: { pair, hires }, picture, ports }: { plan: BatchPlan; picture: PictureFacts; ports: Txt2imgPorts },
): string {
  const { checkpoint } = ports.model;
  const { prompt: hrPrompt = "", negativePrompt: hrNegativePrompt = "" } = hires?.pair.shown ?? {};
  // A1111 hashes the embeddings of the first pass alone.
  const known = new Set(pair.embeddingHashes.map(({ name }) => name));
  const added = hires?.pair.embeddingHashes.filter(({ name }) => !known.has(name)) ?? [];
  return pictureInfotext({
    settings: { ...settings, ...pair.shown, hrPrompt, hrNegativePrompt },
    ...picture,
    checkpoint,
    embeddingHashes: [...pair.embeddingHashes, ...added],
    version: ports.context.version,
    options: ports.context.options,
  });
}
