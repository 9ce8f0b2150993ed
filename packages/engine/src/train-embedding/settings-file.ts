/** @file `settings-<time>.json` in the run folder: A1111's keys, so that its users find what they know. */
import type { TrainSettings } from "@lexeme/domain/settings";
import { localDateTime, type RunFolder } from "@lexeme/data-folder";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";

export interface RunFacts {
  readonly settings: TrainSettings;
  readonly checkpoint: Checkpoint;
  readonly pictures: number;
  readonly vectors: number;
  readonly initialStep: number;
  /** The seed really used, also when a random one was asked for. */
  readonly seed: bigint;
  readonly logDir: string;
  readonly now: Date;
}

export async function writeSettingsFile(folder: RunFolder, facts: RunFacts): Promise<void> {
  const { settings, checkpoint, now } = facts;
  const content = {
    datetime: localDateTime(now),
    model_name: checkpoint.modelName,
    model_hash: checkpoint.shortHash,
    num_of_dataset_images: facts.pictures,
    num_vectors_per_token: facts.vectors,
    embedding_name: settings.embeddingName,
    learn_rate: settings.learnRate,
    batch_size: settings.batchSize,
    gradient_step: settings.gradientStep,
    data_root: settings.dataRoot,
    log_directory: facts.logDir,
    training_width: settings.trainingWidth,
    training_height: settings.trainingHeight,
    steps: settings.steps,
    clip_grad_mode: settings.clipGradMode,
    clip_grad_value: settings.clipGradValue,
    latent_sampling_method: settings.latentSamplingMethod,
    create_image_every: settings.createImageEvery,
    save_embedding_every: settings.saveEmbeddingEvery,
    save_image_with_stored_embedding: settings.saveImageWithStoredEmbedding,
    template_file: settings.templateFilename,
    initial_step: facts.initialStep,
    shuffle_tags: settings.shuffleTags,
    tag_drop_out: settings.tagDropOut,
    seed: facts.seed,
    preview_prompt: settings.previewPrompt,
    preview_negative_prompt: settings.previewNegativePrompt,
    preview_steps: settings.previewSteps,
    preview_sampler_name: settings.previewSamplerName,
    preview_cfg_scale: settings.previewCfgScale,
    preview_seed: BigInt(settings.previewSeed),
    clip_skip: settings.clipSkip,
    resumed_from: settings.resumeFrom,
  };
  await folder.writeSettings(content, now);
}
