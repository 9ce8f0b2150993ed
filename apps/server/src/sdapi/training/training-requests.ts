/** @file The bodies of A1111's create/embedding, preprocess and train/embedding: A1111's keyword arguments, all of 1.6 and of 1.10. */
import { SeedSchema } from "@lexeme/domain/settings";
import { z } from "zod";
import { flag, integer, number, text } from "../request-fields.ts";

export const CreateEmbeddingRequestSchema = z.looseObject({
  name: z.string(),
  num_vectors_per_token: integer(1),
  overwrite_old: flag(false),
  init_text: text("*"),
});
export type CreateEmbeddingRequest = z.infer<typeof CreateEmbeddingRequestSchema>;

export const PreprocessRequestSchema = z.looseObject({
  id_task: z.string().optional(),
  process_src: z.string(),
  process_dst: z.string(),
  process_width: integer(512),
  process_height: integer(512),
  preprocess_txt_action: text("ignore"),
  process_keep_original_size: flag(false),
  process_flip: flag(false),
  process_split: flag(false),
  process_caption: flag(false),
  process_caption_deepbooru: flag(false),
  split_threshold: number(0.5),
  overlap_ratio: number(0.2),
  process_focal_crop: flag(false),
  process_focal_crop_face_weight: number(0.9),
  process_focal_crop_entropy_weight: number(0.15),
  process_focal_crop_edges_weight: number(0.5),
  process_focal_crop_debug: flag(false),
  process_multicrop: flag(false),
});
export type PreprocessRequest = z.infer<typeof PreprocessRequestSchema>;

export const TrainRequestSchema = z.looseObject({
  id_task: z.string().optional(),
  embedding_name: z.string(),
  learn_rate: text("0.005"),
  batch_size: integer(1),
  gradient_step: integer(1),
  data_root: z.string(),
  log_directory: text("textual_inversion"),
  training_width: integer(512),
  training_height: integer(512),
  varsize: flag(false),
  steps: integer(100_000),
  clip_grad_mode: text("disabled"),
  clip_grad_value: text("0.1"),
  shuffle_tags: flag(false),
  tag_drop_out: number(0),
  latent_sampling_method: text("once"),
  use_weight: flag(false),
  create_image_every: integer(500),
  save_embedding_every: integer(500),
  template_filename: text("style_filewords.txt"),
  save_image_with_stored_embedding: flag(true),
  preview_from_txt2img: flag(false),
  preview_prompt: text(""),
  preview_negative_prompt: text(""),
  preview_steps: integer(20),
  preview_sampler_name: z.string().optional(),
  preview_sampler_index: z.union([z.string(), z.number().int()]).optional(),
  preview_cfg_scale: number(7),
  preview_seed: SeedSchema.optional().meta({ default: -1 }),
  preview_width: integer(512),
  preview_height: integer(512),
});
export type TrainRequest = z.infer<typeof TrainRequestSchema>;
