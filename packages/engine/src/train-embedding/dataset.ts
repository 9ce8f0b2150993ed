/** @file Loads the training pictures: each is encoded once to a latent in memory, with its caption. */
import { LexemeError, withField } from "@lexeme/core";
import { captionOfFileName, DatasetFolder, pictureFault, readCaption, type FolderPicture } from "@lexeme/data-folder";
import { LATENT_SCALE } from "@lexeme/networks";
import type { TrainSettings } from "@lexeme/domain/settings";
import type { Options } from "@lexeme/domain/options";
import { promptFault } from "@lexeme/tokenizer";
import { basename } from "node:path";
import type { DiffusionModel, LatentGrid, LatentPosterior } from "../checkpoint/diffusion-model.ts";
import { checkpointForCancel, giveWay, type JobPorts } from "../job-ports.ts";
import { coverCentre, pixelsToPlanes, readPicture, type RawPicture } from "../pictures/raw-picture.ts";
import { randomStream } from "./random-streams.ts";

export interface TrainingPicture {
  readonly file: string;
  readonly caption: string;
  /** The VAE's output, unscaled. */
  readonly posterior: LatentPosterior;
}

export interface Dataset {
  readonly pictures: readonly TrainingPicture[];
  readonly grid: LatentGrid;
  readonly skipped: readonly { file: string; reason: string }[];
  /** The latent of a picture in the sampler's scale. Random sampling draws its numbers from `noise`. */
  latent(index: number, noise: (count: number) => Float32Array): Float32Array;
}

export interface DatasetOptions extends JobPorts, CaptionRules {
  readonly model: DiffusionModel;
  readonly seed: bigint;
}

export interface CaptionRules {
  readonly options: Options;
  /** Throws LexemeError `CAPTION_UNREADABLE` for a caption that no prompt of the training can have. */
  readonly checkCaption?: (caption: string) => void;
}

const NO_STEPS = { step: 0, steps: 0, secondsPerStep: null, etaSeconds: null } as const;

/**
 * Reads `dataRoot` and encodes every picture at the training size. A picture of another size is scaled to cover that size and cut in the
 * middle (A1111 squashes it). A broken picture, and one whose caption cannot be used, is reported and left out. Throws LexemeError `FOLDER_MISSING` or `NO_PICTURES`, and the
 * signal's reason at a stop or cancel.
 */
export async function loadDataset(settings: TrainSettings, options: DatasetOptions): Promise<Dataset> {
  const { model, reporter, control, seed } = options;
  const files = await requirePictures(settings.dataRoot);
  const grid = model.gridOf({ width: settings.trainingWidth, height: settings.trainingHeight });
  const { vaeFactor } = model.checkpoint.sizes;
  const size = { width: grid.width * vaeFactor, height: grid.height * vaeFactor };
  const pictures: TrainingPicture[] = [];
  const skipped: { file: string; reason: string }[] = [];
  for (const [index, source] of files.entries()) {
    const { file, path } = source;
    await checkpointForCancel(control);
    await giveWay(control, () => reporter.progress({ ...NO_STEPS, phase: "giving-way" }));
    control.stopping.throwIfAborted();
    reporter.progress({
      ...NO_STEPS,
      phase: "encoding-pictures",
      step: index,
      steps: files.length,
      file,
    });
    let picture: RawPicture;
    let caption: string;
    try {
      picture = await coverCentre(await readPicture(path), size);
      caption = await captionOf(source, options);
    } catch (cause) {
      const reason = pictureFault(cause, file);
      skipped.push({ file, reason });
      reporter.log(`Left out ${file}: ${reason}`);
      continue;
    }
    pictures.push({ file, caption, posterior: await model.encode(pixelsToPlanes(picture), grid) });
  }
  if (pictures.length === 0) throw noPictures(settings.dataRoot, skipped);
  return { pictures, grid, skipped, latent: latentSampler(pictures, settings.latentSamplingMethod, seed) };
}

/** The usable captions of all files that look like pictures, without opening the pictures. */
export async function readCaptions(dataRoot: string, rules: CaptionRules): Promise<string[]> {
  const captions: string[] = [];
  for (const picture of await requirePictures(dataRoot)) {
    // A caption that cannot be used is reported when its picture is loaded.
    try {
      captions.push(await captionOf(picture, rules));
    } catch (cause) {
      if (!(cause instanceof LexemeError)) throw cause;
    }
  }
  return captions;
}

/**
 * The caption from the .txt beside a picture, or else from the file name. Throws LexemeError `CAPTION_UNREADABLE` for a caption that cannot be read,
 * or that cannot be read as a prompt, such as `(x:1.2.3)`: its picture is left out, and the other pictures are trained.
 */
async function captionOf(picture: FolderPicture, { options, checkCaption }: CaptionRules): Promise<string> {
  const own = (await readCaption(picture))?.trim();
  const caption = own ?? captionOfFileName(picture.file, options);
  const fault = promptFault(caption);
  if (fault !== undefined) {
    const source = own === undefined ? "of its file name" : `"${basename(picture.captionPath)}"`;
    throw new LexemeError("CAPTION_UNREADABLE", `The caption ${source} cannot be a prompt: ${fault}`);
  }
  checkCaption?.(caption);
  return caption;
}

function requirePictures(dataRoot: string): Promise<FolderPicture[]> {
  return withField("dataRoot", () => new DatasetFolder(dataRoot).requirePictures());
}

/** A1111's three methods: one random sample for the whole run, the mean, or a new sample in every step. */
function latentSampler(
  pictures: readonly TrainingPicture[],
  method: TrainSettings["latentSamplingMethod"],
  seed: bigint,
): Dataset["latent"] {
  switch (method) {
    case "once": {
      const latents = pictures.map(({ posterior }, i) =>
        sample(posterior, randomStream(seed, "latents", i).randn(posterior.mean.length)),
      );
      return (index) => latents[index]!;
    }
    case "deterministic": {
      const latents = pictures.map(({ posterior }) => meanLatent(posterior));
      return (index) => latents[index]!;
    }
    case "random":
      return (index, noise) => sample(pictures[index]!.posterior, noise(pictures[index]!.posterior.mean.length));
    default:
      throw new TypeError(`unknown latent sampling method ${String(method satisfies never)}`);
  }
}

/** The posterior's mean in the sampler's scale. */
export function meanLatent({ mean }: LatentPosterior): Float32Array {
  return mean.map((value) => value * LATENT_SCALE);
}

function sample({ mean, std }: LatentPosterior, noise: Float32Array): Float32Array {
  return mean.map((value, i) => (value + std[i]! * noise[i]!) * LATENT_SCALE);
}

function noPictures(folder: string, skipped: readonly { file: string; reason: string }[]): LexemeError {
  const broken =
    skipped.length === 0
      ? ""
      : `: none of its ${skipped.length} pictures can be read (${skipped[0]!.file}: ${skipped[0]!.reason})`;
  return new LexemeError("NO_PICTURES", `There are no pictures to train on in "${folder}"${broken}`, {
    details: { field: "dataRoot", skipped },
  });
}
