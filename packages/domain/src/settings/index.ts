export {
  CreateEmbeddingSettingsSchema,
  EmbeddingFileNameSchema,
  EmbeddingNameSchema,
  type CreateEmbeddingSettings,
} from "./create-embedding-settings.ts";
export {
  MERGE_METHODS,
  MergeEmbeddingsSchema,
  PruneEmbeddingSchema,
  type MergeEmbeddings,
  type MergeMethod,
  type PruneEmbedding,
} from "./combine-embeddings-settings.ts";
export { NotebookSettingsSchema, type NotebookSettings } from "./notebook-settings.ts";
export { PreprocessSettingsSchema, type PreprocessSettings } from "./preprocess-settings.ts";
export { chooseVariants, countVariants, preprocessTarget, splitFault, type SplitPlan } from "./preprocess-variants.ts";
export {
  RANDOM_SEED,
  RANDOM_SEEDS_END,
  SEED_MAX,
  SEED_MIN,
  SeedSchema,
  seedAfter,
  seedText,
  type Seed,
} from "./seed-field.ts";
export { seedResize } from "./seed-resize.ts";
export { effectiveSize } from "./size-field.ts";
export { requireStepsLeft } from "./steps-left.ts";
export { TrainSettingsSchema, type TrainSettings } from "./train-settings.ts";
export { drawingPasses, pictureSize, type PassSettings } from "./drawing-passes.ts";
export { type HiresSize } from "./hires-size.ts";
export { HIRES_FIELDS, SAME_AS_FIRST_PASS } from "./hires-fields.ts";
export { RANDOM_SOURCES } from "./sampling-fields.ts";
export { type EmphasisMode } from "./prompt-reading-fields.ts";
export { a1111DefaultOf, a1111Name, beyondSlider, factsOf } from "./setting.ts";
export { Txt2imgSettingsSchema, type Txt2imgSettings } from "./txt2img-settings.ts";
export {
  isLatentUpscaler,
  LATENT_UPSCALERS,
  namedUpscaler,
  PIXEL_UPSCALERS,
  type LatentUpscalerName,
} from "./upscalers.ts";
export { AUTOMATIC_VAE, OWN_VAE } from "./vae-field.ts";
