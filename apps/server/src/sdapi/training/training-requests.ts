/** @file The bodies of A1111's create/embedding, preprocess and train/embedding: a field for every setting of Lexeme, and A1111's arguments that are no settings here. */
import { CreateEmbeddingSettingsSchema, PreprocessSettingsSchema, TrainSettingsSchema } from "@lexeme/domain/settings";
import { z } from "zod";
import { fieldsOfSettings, flag, integer, number, text } from "../request-fields.ts";

export const CreateEmbeddingRequestSchema = z.looseObject(fieldsOfSettings(CreateEmbeddingSettingsSchema));
export type CreateEmbeddingRequest = z.infer<typeof CreateEmbeddingRequestSchema>;

export const PreprocessRequestSchema = z.looseObject({
  ...fieldsOfSettings(PreprocessSettingsSchema),
  id_task: z.string().optional(),
  process_caption: flag(false),
  process_caption_deepbooru: flag(false),
  process_focal_crop_face_weight: number(0.9),
  process_focal_crop_debug: flag(false),
  process_multicrop: flag(false),
});
export type PreprocessRequest = z.infer<typeof PreprocessRequestSchema>;

export const TrainRequestSchema = z.looseObject({
  ...fieldsOfSettings(TrainSettingsSchema),
  id_task: z.string().optional(),
  log_directory: text("textual_inversion"),
  varsize: flag(false),
  use_weight: flag(false),
  preview_from_txt2img: flag(false),
  preview_sampler_index: z.union([z.string(), z.number().int()]).optional(),
  preview_width: integer(512),
  preview_height: integer(512),
});
export type TrainRequest = z.infer<typeof TrainRequestSchema>;
