/** @file Draws a preview picture during a training, with the current vectors and with separate noise. */
import { PARAMETERS_KEYWORD, writePngText } from "@lexeme/formats";
import { writeWholeFile } from "@lexeme/data-folder";
import { seedText, Txt2imgSettingsSchema, type TrainSettings } from "@lexeme/domain/settings";
import { withOptions, type Options } from "@lexeme/domain/options";
import type { Artifact } from "@lexeme/domain/jobs";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import type { JobControl, JobReporter } from "../job-ports.ts";
import { encodePng } from "../pictures/raw-picture.ts";
import { decodePicture, drawLatents } from "../txt2img/draw-latents.ts";
import type { PreviewMap } from "../txt2img/latent-preview.ts";
import { livePreview } from "../txt2img/live-preview.ts";
import { makeDraw } from "../txt2img/make-draw.ts";
import { pictureInfotext } from "../txt2img/picture-infotext.ts";

export interface PreviewSource {
  readonly model: DiffusionModel;
  readonly settings: TrainSettings;
  readonly embeddingsDir: string;
  readonly version: string;
  readonly options: Options;
  readonly previewMap: PreviewMap | undefined;
  readonly reporter: JobReporter;
  readonly control: JobControl;
}

export interface PreviewMoment {
  readonly step: number;
  readonly path: string;
  /** The prompt if the settings give none: the first prompt of the current batch. */
  readonly batchPrompt: string;
  readonly vectors: Float32Array;
  readonly count: number;
}

/** Draws the picture and saves it with infotext. Returns the file's description. Rejects with the signal's reason at a stop or cancel. */
export async function drawTrainingPreview(source: PreviewSource, moment: PreviewMoment): Promise<Artifact> {
  const { model, settings, reporter, options } = source;
  // A stop does not wait for the preview.
  const cancelled = AbortSignal.any([source.control.cancelled, source.control.stopping]);
  const control = { ...source.control, cancelled };
  // Settings without a field in the Train tab come from the options, as in A1111.
  const said = {
    prompt: settings.previewPrompt || moment.batchPrompt,
    negativePrompt: settings.previewNegativePrompt,
    samplerName: settings.previewSamplerName,
    scheduler: settings.previewScheduler,
    steps: settings.previewSteps,
    cfgScale: settings.previewCfgScale,
    width: settings.trainingWidth,
    height: settings.trainingHeight,
    clipSkip: settings.clipSkip,
    seed: settings.previewSeed,
  };
  const draw = await makeDraw(Txt2imgSettingsSchema.parse(withOptions(Txt2imgSettingsSchema, said, options)), {
    model,
    prompts: {
      folder: source.embeddingsDir,
      comments: options.enable_prompt_comments,
      inMemory: { name: settings.embeddingName, count: moment.count, vectors: moment.vectors },
    },
    styles: [],
    upscalers: [],
  });
  const [pass, input] = [draw.passes[0], draw.batches[0]!];
  const { grid } = pass;
  const [latent] = await drawLatents(
    model,
    { pass, input },
    {
      control,
      onStep: livePreview({ map: source.previewMap, grid, length: model.latentLength(grid), reporter, options }),
    },
  );
  const picture = await decodePicture(model, latent!, grid);
  const seed = input.seeds[0]!;
  const { checkpoint } = model;
  const infotext = pictureInfotext(
    draw,
    { seed, subseed: input.subseeds[0]!, negativeSkipped: false },
    { checkpoint, version: source.version, options },
  );
  const png = writePngText(await encodePng(picture), { keyword: PARAMETERS_KEYWORD, text: infotext });
  await writeWholeFile(moment.path, png, { replace: true });
  const { width, height } = picture;
  return { kind: "preview", path: moment.path, step: moment.step, seed: seedText(seed), infotext, width, height };
}
