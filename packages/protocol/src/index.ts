export { WireErrorSchema, fromWireError, toWireError, type WireError } from "./wire-error.ts";
export {
  CreateEmbeddingSettingsSchema,
  EmbeddingNameSchema,
  type CreateEmbeddingSettings,
} from "./settings/create-embedding-settings.ts";
export {
  MERGE_METHODS,
  MergeEmbeddingsSchema,
  PruneEmbeddingSchema,
  type MergeEmbeddings,
  type MergeMethod,
  type PruneEmbedding,
} from "./settings/combine-embeddings-settings.ts";
export { NotebookSettingsSchema, type NotebookSettings } from "./settings/notebook-settings.ts";
export { NotebookSchema, type NearWord, type Notebook, type NotebookVector } from "./notebook.ts";
export { PromptStyleSchema, StyleListSchema, applyStyles, type PromptStyle, type StyleList } from "./prompt-styles.ts";
export { ImageOptionsSchema, type ImageOptions, type PictureFormat } from "./settings/image-options.ts";
export { defaultsFromOptions, etaWhereUnsaid, OPTION_OF_TXT2IMG, withOptions } from "./options/job-defaults.ts";
export {
  DEFAULT_OPTIONS,
  OPTION_NAMES,
  OPTION_SECTIONS,
  OptionsSchema,
  a1111Default,
  type OptionName,
  type OptionSection,
  type Options,
  type OptionsState,
} from "./options/options.ts";
export { PreprocessSettingsSchema, type PreprocessSettings } from "./settings/preprocess-settings.ts";
export { SIZE_MAX, SIZE_MIN, SIZE_STEP, effectiveSize } from "./settings/size-field.ts";
export { TrainSettingsSchema, type TrainSettings } from "./settings/train-settings.ts";
export { hiresSize, type HiresSize } from "./hires-size.ts";
export { HIRES_FIELDS, type HiresSettings } from "./settings/hires-fields.ts";
export { SAMPLER_NAMES, SCHEDULE_TYPES } from "./settings/sampling-names.ts";
export {
  EMPHASIS_MODES,
  RANDOM_SOURCES,
  SEED_MAX,
  Txt2imgSettingsSchema,
  type EmphasisMode,
  type Txt2imgSettings,
} from "./settings/txt2img-settings.ts";
export {
  BASE_BYTES,
  NetworkSizesSchema,
  bandedDecoderBytes,
  bandedEncoderBytes,
  decoderBytes,
  encoderBytes,
  textEncoderBytes,
  trainingBytes,
  unetBytes,
  type NetworkSizes,
  type SessionBytes,
  type WorkSize,
} from "./memory/network-memory.ts";
export {
  decodesInBands,
  encodesInBands,
  keptBytes,
  planUnet,
  usableBytes,
  type MemoryForecast,
  type UnetPlan,
} from "./memory/memory-plan.ts";
export { trainingMemory, txt2imgMemory } from "./memory/job-memory.ts";
export { gigabytes, trainingMemoryProblem, txt2imgMemoryProblem, type MemoryProblem } from "./memory/memory-problem.ts";
export {
  ArtifactSchema,
  JOB_STATES,
  JobProgressSchema,
  JobRequestSchema,
  JobResultsSchema,
  JobSchema,
  LANES,
  LANE_OF,
  MetricPointSchema,
  isFinished,
  type Artifact,
  type Job,
  type JobKind,
  type JobProgress,
  type JobRequest,
  type JobResults,
  type JobState,
  type Lane,
  type MetricPoint,
} from "./job.ts";
export {
  DEVICES,
  type CheckpointRef,
  type Device,
  type DeviceReport,
  type JobContext,
  type ServerToWorker,
  type UpscalerRef,
  type WorkerToServer,
} from "./worker-messages.ts";
export {
  EventsQuerySchema,
  MAX_MESSAGES_PER_SECOND,
  NumberedEventSchema,
  PROTOCOL_VERSION,
  ServerMessageSchema,
  type NumberedEvent,
  type ServerEventBody,
  type ServerMessage,
} from "./events.ts";
export {
  CheckpointSchema,
  DatasetPictureSchema,
  DatasetSchema,
  EmbeddingSchema,
  FolderSchema,
  GalleryImageSchema,
  PictureInfoSchema,
  RunSchema,
  SystemSchema,
  TemplateSchema,
  TokenizedSchema,
  type Checkpoint,
  type Dataset,
  type DatasetPicture,
  type Embedding,
  type Folder,
  type GalleryImage,
  type PictureInfo,
  type Run,
  type System,
  type Template,
  type Tokenized,
  type Vae,
} from "./library.ts";
export { EVENTS_PATH, OPENAPI_PATH, ROUTES, type Route, type RouteName } from "./routes.ts";
export { samplingFromInfotext, type InfotextSampling } from "./infotext-sampling.ts";
export {
  insertParameters,
  parseInfotext,
  writeInfotext,
  writeTxt2imgInfotext,
  type Infotext,
  type InfotextParameters,
  type Txt2imgInfotext,
} from "./infotext.ts";
export type { HiresInfotext } from "./infotext-hires.ts";
export {
  parseLearningRateSchedule,
  rateAt,
  type LearningRateIssue,
  type LearningRateSchedule,
  type LearningRateSegment,
} from "./learning-rate-schedule.ts";
export {
  captionFromFileName,
  fillTemplate,
  parseTemplate,
  varyCaption,
  type CaptionTagOptions,
  type TemplateWords,
} from "./prompt-template.ts";
export { SHIPPED_TEMPLATES } from "./shipped-templates.ts";
export {
  isLatentUpscaler,
  LATENT_UPSCALERS,
  PIXEL_UPSCALERS,
  UpscalerSchema,
  type LatentUpscalerName,
  type ListedUpscaler,
} from "./upscalers.ts";
export {
  XYZ_AXIS_TYPES,
  XyzAxesSchema,
  XyzPlotSettingsSchema,
  type XyzAxes,
  type XyzAxisType,
  type XyzPlotSettings,
} from "./xyz-plot/xyz-plot-settings.ts";
export {
  MAX_GRID_PIXELS,
  planXyzPlot,
  xyzCells,
  xyzCellSettings,
  xyzLabel,
  XYZ_AXIS_NAMES,
  type XyzAxis,
  type XyzCell,
  type XyzPlan,
} from "./xyz-plot/xyz-plan.ts";
export { plotAsDrawing } from "./xyz-plot/plot-work.ts";
