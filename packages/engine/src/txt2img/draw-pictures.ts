/** @file Draws every picture that txt2img settings ask for, and passes each finished picture on with its infotext. It does not write files. */
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import type { ContextOf, JobPhase } from "@lexeme/domain/jobs";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { DiffusionModel, LatentGrid } from "../checkpoint/diffusion-model.ts";
import type { JobPorts } from "../job-ports.ts";
import type { FilenameFacts } from "../pictures/filename-tokens.ts";
import type { RawPicture } from "../pictures/raw-picture.ts";
import type { PromptEmbeddingsOptions } from "../prompt/prompt-embeddings.ts";
import { StepTimer } from "../step-timer.ts";
import { modelUpscaler } from "../upscale/model-upscaler.ts";
import { callsOf, workOf, type Draw, type DrawBatch } from "./draw.ts";
import { drawBatch } from "./draw-batch.ts";
import type { KeptPicture, KeptPictures } from "./kept-pictures.ts";
import { decodePicture } from "./draw-latents.ts";
import { loadPreviewMap, type PreviewMap } from "./latent-preview.ts";
import { livePreview } from "./live-preview.ts";
import { makeDraw } from "./make-draw.ts";
import { pictureInfotext } from "./picture-infotext.ts";

export interface Txt2imgPorts extends JobPorts {
  readonly model: DiffusionModel;
  readonly context: ContextOf<"txt2img">;
  /** An embedding that replaces the file with its name. */
  readonly inMemory?: PromptEmbeddingsOptions["inMemory"];
  /** Pictures of an earlier attempt. They are passed on and not drawn, unless another picture of their batch is missing. */
  readonly kept?: KeptPictures;
  /** Called with each picture before hires fix, but not for a kept picture. */
  readonly onFirstPass?: (drawn: DrawnPicture) => Promise<void>;
}

export interface DrawnPicture {
  /** The drawing that the picture belongs to. */
  readonly draw: Draw;
  readonly picture: RawPicture;
  /** False for an interrupted picture. */
  readonly isFinished: boolean;
  readonly seed: bigint;
  /** Place among all pictures of the drawing, from 0. */
  readonly index: number;
  /** Seeds of the picture's batch. */
  readonly batchSeeds: readonly bigint[];
  readonly infotext: string;
  /** True for a picture that an earlier attempt saved. */
  readonly isKept: boolean;
}

type OnPicture = (drawn: DrawnPicture) => Promise<void>;

/** Draws batch after batch; `onPicture` is awaited. A stop leaves out the remaining batches; an interrupted batch gives unfinished pictures. */
export async function drawPictures(
  settings: Txt2imgSettings,
  ports: Txt2imgPorts,
  onPicture: OnPicture,
): Promise<{ warnings: readonly string[] }> {
  const { model, context, inMemory, reporter, control } = ports;
  const { options, styles, upscaler, embeddingsDir: folder, cacheDir } = context;
  const draw = await makeDraw(settings, {
    model,
    prompts: { folder, comments: options.enable_prompt_comments, ...(inMemory && { inMemory }) },
    styles,
    upscalers: upscaler ? [modelUpscaler(upscaler, model.pool, options)] : [],
  });
  for (const warning of draw.warnings) reporter.log(warning);
  const previewMap = await loadPreviewMap(model, { cacheDir, reporter });
  const timer = new StepTimer(callsOf(draw) * draw.batches.length, (step) => workOf(draw, step));
  for (const [index, batch] of draw.batches.entries()) {
    if (control.stopping.aborted) break;
    const before = await keptOf(batch, index, ports.kept);
    if (before.every((picture) => picture !== undefined)) {
      for (const [i, picture] of before.entries()) await onPicture(fromEarlier(picture, { draw, batch, index, i }));
    } else {
      const kept = before.map((picture) => picture !== undefined);
      await new BatchDrawing(draw, { batch, index, kept, timer, previewMap }, ports).run(onPicture);
    }
  }
  return { warnings: draw.warnings };
}

/** The kept pictures of batch `index` by their places in it, with gaps for missing pictures. */
async function keptOf(
  { seeds }: DrawBatch,
  index: number,
  kept: KeptPictures | undefined,
): Promise<readonly (KeptPicture | undefined)[]> {
  return Promise.all(seeds.map(async (_, i) => kept?.read(index * seeds.length + i)));
}

/** Kept picture `i` of batch `index`, as if it had been drawn now. */
function fromEarlier(
  { artifact, picture }: KeptPicture,
  { draw, batch: { seeds }, index, i }: { draw: Draw; batch: DrawBatch; index: number; i: number },
): DrawnPicture {
  const { infotext = "" } = artifact;
  const place = index * seeds.length + i;
  return { draw, picture, seed: seeds[i]!, index: place, batchSeeds: seeds, infotext, isFinished: true, isKept: true };
}

interface PlacedBatch {
  readonly batch: DrawBatch;
  /** Place among the drawing's batches, from 0. */
  readonly index: number;
  /** Whether an earlier attempt saved the picture at each place of the batch. */
  readonly kept: readonly boolean[];
  readonly timer: StepTimer;
  readonly previewMap: PreviewMap | undefined;
}

/** Draws one batch from its noise to finished pictures, and reports its progress. */
class BatchDrawing {
  readonly #draw: Draw;
  readonly #placed: PlacedBatch;
  readonly #ports: Txt2imgPorts;
  #negativeSkipped = false;

  constructor(draw: Draw, placed: PlacedBatch, ports: Txt2imgPorts) {
    this.#draw = draw;
    this.#placed = placed;
    this.#ports = ports;
  }

  async run(onPicture: OnPicture): Promise<void> {
    const { model, context, control, reporter, onFirstPass } = this.#ports;
    const { batch, timer, previewMap: map } = this.#placed;
    const { options } = context;
    const previews = new Map(
      this.#draw.passes.map((pass) => {
        const { grid } = pass;
        return [pass, livePreview({ map, grid, length: model.latentLength(grid), reporter, options })];
      }),
    );
    const { latents, grid, isFinished } = await drawBatch(this.#draw, batch, {
      model,
      control: { ...control, interrupted: control.nextBatch?.() },
      onNegativeSkipped: () => void (this.#negativeSkipped = true),
      onPhase: (phase, done) => {
        // The time between two passes is not part of a step.
        timer.pause();
        this.#report(phase, done);
      },
      onStep: async (pass, step, done) => {
        this.#report(pass.phase, done);
        await previews.get(pass)!(step);
      },
      onPassDone:
        onFirstPass &&
        (async (drawn) => {
          for (const [i, latent] of drawn.latents.entries()) {
            if (this.#placed.kept[i] === true) continue;
            await onFirstPass({ ...(await this.#finish(latent, drawn.grid, i)), isFinished: true });
            control.cancelled.throwIfAborted();
          }
        }),
    });
    for (const [i, latent] of latents.entries()) {
      this.#report("decoding", callsOf(this.#draw), i);
      const drawn = await this.#finish(latent, grid, i);
      control.cancelled.throwIfAborted();
      await onPicture({ ...drawn, isFinished });
    }
  }

  /** `done` counts the batch's model calls, `picture` its pictures from 0. */
  #report(phase: JobPhase, done: number, picture = 0): void {
    const { batches } = this.#draw;
    const { batch, index, timer } = this.#placed;
    const size = batch.seeds.length;
    const image = { index: index * size + picture + 1, count: batches.length * size };
    this.#ports.reporter.progress({ phase, ...timer.progress(index * callsOf(this.#draw) + done), image });
  }

  /** Decodes picture `i` of the batch and writes its infotext. */
  async #finish(latent: Float32Array, grid: LatentGrid, i: number): Promise<Omit<DrawnPicture, "isFinished">> {
    const draw = this.#draw;
    const { model, context } = this.#ports;
    const { batch, index, kept } = this.#placed;
    const picture = await decodePicture(model, latent, grid);
    const [seed, subseed] = [batch.seeds[i]!, batch.subseeds[i]!];
    const { version, options } = context;
    const { checkpoint } = model;
    const facts = { seed, subseed, negativeSkipped: this.#negativeSkipped };
    const infotext = pictureInfotext(draw, facts, { checkpoint, version, options });
    const place = index * batch.seeds.length + i;
    return { draw, picture, seed, index: place, batchSeeds: batch.seeds, infotext, isKept: kept[i] === true };
  }
}

/** The facts about a picture that file names can contain. */
export function filenameFacts(
  { draw, picture, seed, batchSeeds, index }: DrawnPicture,
  { modelName, shortHash: modelHash, vae }: Checkpoint,
): Omit<FilenameFacts, "basename" | "now" | "jobStartedAt" | "maxPromptWords"> {
  const { settings, passes } = draw;
  const vaeName = vae?.name ?? null;
  return { picture, settings, ...passes[0].shown, seed, batchSeeds, index, modelName, modelHash, vaeName };
}
