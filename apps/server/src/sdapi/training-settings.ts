/** @file From A1111's keyword arguments to our settings. What is left out has A1111's default; what Lexeme lacks is refused by name. */
import { LexemeError } from "@lexeme/core";
import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { CreateEmbeddingSettingsSchema, PreprocessSettingsSchema, TrainSettingsSchema } from "@lexeme/domain/settings";
import { DEFAULT_SAMPLER, SAMPLER_NAMES } from "@lexeme/schedulers/catalogue";
import { withOptions, type Options } from "@lexeme/domain/options";
import type { z } from "zod";
import type { DataFolders } from "../data-folder.ts";

import { issueSentence } from "../plugins/schema-issue.ts";
import { findSampler } from "./sampler-table.ts";
import { notThere } from "./sdapi-errors.ts";
import type { CreateEmbeddingRequest, PreprocessRequest, TrainRequest } from "./training-requests.ts";

/** A1111 drops from a name what is neither letter, digit nor one of these. */
const DROPPED_IN_NAMES = /[^\p{L}\p{N}._\- ]/gu;

/** A path as A1111 takes it: relative ones begin in its own folder, which is the data folder here. */
function pathIn(folders: DataFolders, path: string): string {
  return path.trim() === "" ? "" : resolve(folders.dataDir, path);
}

export function createSettings(request: CreateEmbeddingRequest) {
  return checked(CreateEmbeddingSettingsSchema, {
    name: request.name.replaceAll(DROPPED_IN_NAMES, ""),
    initText: request.init_text,
    numVectorsPerToken: request.num_vectors_per_token,
    overwriteOld: request.overwrite_old,
  });
}

/** Files in the destination are replaced, as A1111 does. */
export function preprocessSettings(request: PreprocessRequest, folders: DataFolders) {
  if (request.process_caption === true) {
    throw notThere("Lexeme cannot caption with BLIP yet: leave process_caption out, or bring captions as .txt files");
  }
  if (request.process_caption_deepbooru === true) {
    throw notThere("Lexeme cannot caption with DeepDanbooru: leave process_caption_deepbooru out");
  }
  if (request.process_multicrop === true) throw notThere("Lexeme has no auto-sized crop: leave process_multicrop out");
  if (request.process_focal_crop_debug === true) {
    throw notThere("Lexeme makes no debug pictures: leave process_focal_crop_debug out");
  }
  return checked(PreprocessSettingsSchema, {
    processSrc: pathIn(folders, request.process_src),
    processDst: pathIn(folders, request.process_dst),
    processWidth: request.process_width,
    processHeight: request.process_height,
    preprocessTxtAction: request.preprocess_txt_action,
    processKeepOriginalSize: request.process_keep_original_size,
    processFlip: request.process_flip,
    processSplit: request.process_split,
    splitThreshold: clamp(request.split_threshold, 1),
    overlapRatio: clamp(request.overlap_ratio, 0.9),
    processFocalCrop: request.process_focal_crop,
    processFocalCropEntropyWeight: request.process_focal_crop_entropy_weight,
    processFocalCropEdgesWeight: request.process_focal_crop_edges_weight,
    overwriteDestination: true,
  });
}

export async function trainSettings(
  request: TrainRequest,
  { folders, options }: { folders: DataFolders; options: Options },
) {
  if (request.varsize === true) throw notThere("Lexeme cannot train on pictures of different sizes: leave varsize out");
  if (request.use_weight === true) throw notThere("Lexeme cannot weigh the loss by alpha yet: leave use_weight out");
  const logDirectory = pathIn(folders, request.log_directory ?? "textual_inversion");
  if (logDirectory !== "" && (await real(logDirectory)) !== (await real(folders.runs))) {
    throw notThere(`Lexeme keeps training runs in "${folders.runs}": give that as log_directory, or leave it out`);
  }
  const settings = {
    embeddingName: request.embedding_name,
    learnRate: request.learn_rate,
    clipGradMode: request.clip_grad_mode,
    clipGradValue: request.clip_grad_value,
    batchSize: request.batch_size,
    gradientStep: request.gradient_step,
    dataRoot: pathIn(folders, request.data_root),
    templateFilename: request.template_filename,
    trainingWidth: request.training_width,
    trainingHeight: request.training_height,
    steps: request.steps,
    createImageEvery: request.create_image_every,
    saveEmbeddingEvery: request.save_embedding_every,
    saveImageWithStoredEmbedding: request.save_image_with_stored_embedding,
    shuffleTags: request.shuffle_tags,
    tagDropOut: request.tag_drop_out,
    latentSamplingMethod: request.latent_sampling_method,
    ...(request.preview_from_txt2img === true ? previewSettings(request) : {}),
  };
  return checked(TrainSettingsSchema, withOptions("train-embedding", settings, options));
}

function previewSettings(request: TrainRequest) {
  const { preview_sampler_name: name, preview_sampler_index: index } = request;
  // 1.6 counts through its list of samplers; ours is 1.10's, and its order is what a number means here.
  const asked = name ?? (typeof index === "number" ? SAMPLER_NAMES[index] : index);
  const sampler = findSampler(asked ?? DEFAULT_SAMPLER, undefined);
  return {
    previewPrompt: request.preview_prompt,
    previewNegativePrompt: request.preview_negative_prompt,
    previewSteps: request.preview_steps,
    previewSamplerName: sampler.samplerName,
    previewScheduler: sampler.scheduler,
    previewCfgScale: request.preview_cfg_scale,
    previewSeed: request.preview_seed,
  };
}

/** A message names A1111's argument, which is ours in snake case. */
function checked<S extends z.ZodType>(schema: S, settings: Readonly<Record<string, unknown>>): z.output<S> {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = String(issue.path[0] ?? "").replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
  throw new LexemeError("REQUEST_MALFORMED", issueSentence(issue, field), { details: { field } });
}

function clamp(value: number | undefined, max: number): number | undefined {
  return value === undefined ? undefined : Math.min(Math.max(value, 0), max);
}

async function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
