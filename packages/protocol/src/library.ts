/** @file The schemas of the lists: checkpoints, embeddings, data sets, pictures, folders, the system. */
import { z } from "zod";
import { CHECKPOINT_FAMILIES, CLIP_DIALECTS } from "@lexeme/core";
import { DEVICES } from "@lexeme/domain/jobs";
import { EMBEDDING_FORMATS } from "@lexeme/domain/libraries";
import { NetworkSizesSchema } from "@lexeme/domain/memory";
import { OptionsSchema } from "@lexeme/domain/options";

export const CheckpointSchema = z.object({
  /** Path inside the checkpoint folder with forward slashes and extension. Settings name the checkpoint by it. */
  name: z.string(),
  path: z.string(),
  sizeBytes: z.number(),
  modifiedAt: z.number(),
  /** The model family, found from the tensors' keys and shapes. */
  family: z.enum(CHECKPOINT_FAMILIES),
  /** The tokenizer for its prompts. */
  dialect: z.enum(CLIP_DIALECTS),
  precision: z.string(),
  /** Native picture size in pixels. */
  resolution: z.object({ width: z.number().int(), height: z.number().int() }),
  /** Width of the text encoder, which embeddings must have. */
  textWidth: z.number().int().nullable(),
  /** The sizes from which memory is predicted; null if the checkpoint cannot be used. */
  networkSizes: NetworkSizesSchema.nullable(),
  /** The output of the UNet: the noise ("epsilon") or v; null if only a run of the UNet shows it. */
  predictionType: z.enum(["epsilon", "v"]).nullable(),
  /** A1111's short hash: the first 10 hex digits of `sha256`. Null while the hash is being computed, and for a folder. */
  shortHash: z.string().nullable(),
  sha256: z.string().nullable(),
  /** Why the checkpoint cannot be used; null if it can. */
  unsupportedReason: z.string().nullable(),
  /** The demo world that comes with Lexeme. */
  isDemo: z.boolean(),
});
export type Checkpoint = z.infer<typeof CheckpointSchema>;

/** A separate VAE file; the `vae` setting takes its name. */
export const VaeSchema = z.object({
  name: z.string(),
  path: z.string(),
  sizeBytes: z.number(),
  /** First 10 hex digits of the file's sha256, as in infotext; null while the hash is being computed. */
  shortHash: z.string().nullable(),
});
export type Vae = z.infer<typeof VaeSchema>;

export const EmbeddingSchema = z.object({
  /** The word for it in a prompt: the file's name without ending, a picture's inner name, or `<file>-<key>` if the file holds several embeddings. */
  name: z.string(),
  path: z.string(),
  /** Sub-folder of the folder for embeddings, with forward slashes; empty at its top. */
  folder: z.string(),
  /** The embedding's name inside a file with several embeddings; null if the file holds one. */
  key: z.string().nullable(),
  format: z.enum(EMBEDDING_FORMATS),
  /** Number of vectors; 0 vectors of width 0 if the file cannot be read. */
  vectors: z.number().int(),
  width: z.number().int(),
  step: z.number().int().nullable(),
  /** Name and first 10 hex digits of the sha256 of the checkpoint that it was trained on, if the file has them. */
  checkpointName: z.string().nullable(),
  checkpointHash: z.string().nullable(),
  /** First 12 hex digits of the file's sha256. */
  shortHash: z.string(),
  /** Paths inside the folder of other embeddings with the same name, ignoring case; `isUsed` is true if a prompt uses this embedding. */
  collision: z.object({ isUsed: z.boolean(), others: z.array(z.string()) }).nullable(),
  modifiedAt: z.number(),
  /** Why it does not fit the chosen checkpoint or cannot be read; null if it fits. */
  misfitReason: z.string().nullable(),
  /** Path of a picture that shows the embedding: its own picture, a picture beside its file, or the newest preview of its runs; null if there is none. */
  previewPath: z.string().nullable(),
});
export type Embedding = z.infer<typeof EmbeddingSchema>;

export const DatasetPictureSchema = z.object({
  path: z.string(),
  file: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  caption: z.string(),
  /** True if a .txt file is beside the picture; false if the caption comes from the file name. */
  hasCaptionFile: z.boolean(),
  /** Why the caption file cannot be read and is therefore never overwritten; null if it can be read. */
  captionFault: z.string().nullable(),
  /** Why the caption cannot be a prompt, so that a training leaves the picture out; null if it can. */
  promptFault: z.string().nullable(),
});
export type DatasetPicture = z.infer<typeof DatasetPictureSchema>;

export const DatasetSchema = z.object({
  path: z.string(),
  pictures: z.array(DatasetPictureSchema),
  /** Files that look like pictures and cannot be read, with the reason. */
  broken: z.array(z.object({ file: z.string(), reason: z.string() })),
  /** True for the folder of an upload, to which pictures can be added and from which they can be taken away. */
  isUpload: z.boolean(),
});
export type Dataset = z.infer<typeof DatasetSchema>;

/** The effect of a preprocess job, known before it starts. */
export const PreprocessPlanSchema = z.object({
  /** Pictures that the job makes, and how many of them an interrupted job with the same settings has made already. */
  pictures: z.number().int(),
  done: z.number().int(),
  /** Pictures of the destination that the job replaces, if it may. */
  replaces: z.number().int(),
  /** Captions of the destination that stay as they are, and captions that the job replaces. */
  keepsCaptions: z.number().int(),
  replacesCaptions: z.number().int(),
  /** Source pictures that cannot be read, with the reason. */
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  /** Why the job would not start, for its destination; null if it would. */
  destinationFault: z.string().nullable(),
});
export type PreprocessPlan = z.infer<typeof PreprocessPlanSchema>;

export const FolderSchema = z.object({
  path: z.string(),
  /** Null at a root. */
  parent: z.string().nullable(),
  folders: z.array(z.object({ name: z.string(), path: z.string(), pictures: z.number().int() })),
  pictures: z.number().int(),
  roots: z.array(z.object({ name: z.string(), path: z.string(), writable: z.boolean() })),
});
export type Folder = z.infer<typeof FolderSchema>;

export const GalleryImageSchema = z.object({
  path: z.string(),
  file: z.string(),
  /** Folder of the day, such as `2026-11-24`. */
  day: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  createdAt: z.number(),
  infotext: z.string().nullable(),
});
export type GalleryImage = z.infer<typeof GalleryImageSchema>;

/** What keeps Lexeme from writing into the data folder. */
export const TroubleSchema = z.object({
  sentence: z.string(),
  /** The disk is full: deleting files for good helps. */
  isDiskFull: z.boolean(),
});
export type Trouble = z.infer<typeof TroubleSchema>;

export const TemplateSchema = z.object({
  filename: z.string(),
  lines: z.array(z.string()),
  hasName: z.boolean(),
  /** Why a line cannot be read as a prompt; null if all lines can. */
  promptFault: z.string().nullable(),
});
export type Template = z.infer<typeof TemplateSchema>;

/** A training run's folder. A training can continue from any of its copies. */
export const RunSchema = z.object({
  embeddingName: z.string(),
  folder: z.string(),
  startedAt: z.number(),
  copies: z.array(z.object({ step: z.number().int(), path: z.string() })),
  previews: z.array(z.object({ step: z.number().int(), path: z.string() })),
});
export type Run = z.infer<typeof RunSchema>;

export const SystemSchema = z.object({
  version: z.string(),
  /** Sentences about the data folder: a full disk, a folder that cannot be written to. */
  troubles: z.array(TroubleSchema),
  dataDir: z.string(),
  folders: z.object({
    checkpoints: z.string(),
    embeddings: z.string(),
    datasets: z.string(),
    outputs: z.string(),
    logs: z.string(),
    templates: z.string(),
  }),
  /** Whether any folder of this machine may be read: it may, it can be allowed, or it cannot. */
  folderAccess: z.enum(["unavailable", "closed", "open"]),
  /** Name of the chosen checkpoint; null if no checkpoint can be used. */
  checkpoint: z.string().nullable(),
  /** Name of a chosen checkpoint that is gone or cannot be used any more, so that `checkpoint` is used instead; otherwise null. */
  missingCheckpoint: z.string().nullable(),
  /** The `vae` setting that jobs have by default. */
  vae: z.string(),
  device: z.object({
    state: z.enum(["starting", "ready", "restarting"]),
    asked: z.enum(DEVICES),
    used: z.enum(DEVICES).nullable(),
    fallbackReason: z.string().nullable(),
    threads: z.number().int().nullable(),
  }),
  cpuModel: z.string(),
  /** `usableBytes` is the memory that jobs are planned for: `--memory`, or most of the machine's memory. */
  memory: z.object({ totalBytes: z.number(), freeBytes: z.number(), usableBytes: z.number() }),
  signedInAs: z.string().nullable(),
  demo: z.object({
    checkpoint: z.string(),
    photos: z.string(),
    /** Prefilled fields of each tab, by the settings' own names. */
    suggested: z.object({
      create: z.record(z.string(), z.unknown()),
      preprocess: z.record(z.string(), z.unknown()),
      train: z.record(z.string(), z.unknown()),
      txt2img: z.record(z.string(), z.unknown()),
    }),
  }),
});
export type System = z.infer<typeof SystemSchema>;

/** A text as the text encoder will see it. */
export const TokenizedSchema = z.object({
  /** At most the first 1,000 tokens. */
  tokens: z.array(z.object({ id: z.number().int(), text: z.string() })),
  /** Number of used tokens and their limit (a multiple of 75). An embedding counts as many tokens as it has vectors. */
  used: z.number().int(),
  limit: z.number().int(),
  /** Number of tokens in each chunk of 75. The sum can be less than `used`, because a chunk that ends early counts as full. */
  chunks: z.array(z.number().int()),
  /**
   * The parts that the prompt's grammar finds, in order and without overlap: text with its effective weight, and parts that are not text. Plain
   * text of weight 1 has no span. Only the first few thousand spans are listed.
   */
  spans: z.array(
    z.object({
      start: z.number().int(),
      end: z.number().int(),
      kind: z.enum(["text", "emphasis", "schedule", "and", "break", "comment", "network"]),
      weight: z.number(),
    }),
  ),
  /** Embeddings named in the text. */
  embeddings: z.array(z.string()),
  /** Hints, never errors: unbalanced brackets, a malformed weight, a misspelt name of an embedding. `position` counts characters. */
  hints: z.array(
    z.object({
      position: z.number().int(),
      message: z.string(),
      kind: z.enum(["bracket", "network", "weight", "name"]),
    }),
  ),
});
export type Tokenized = z.infer<typeof TokenizedSchema>;

/** The information in a picture about how it was made. */
export const PictureInfoSchema = z.object({
  width: z.number().int(),
  height: z.number().int(),
  /** `infotext`: a text as A1111 and similar programs write it; `workflow`: only settings in the form of another program, such as ComfyUI's node graph; `none`: neither. */
  kind: z.enum(["infotext", "workflow", "none"]),
  /** The program that made the picture, if it stores settings in a form of its own: "NovelAI", "InvokeAI", "ComfyUI". */
  program: z.string().nullable(),
  infotext: z.string().nullable(),
  prompt: z.string(),
  negativePrompt: z.string(),
  /** The keys and values of the infotext; `Size` is split into `Size-1` and `Size-2`. */
  parameters: z.record(z.string(), z.string()),
});
export type PictureInfo = z.infer<typeof PictureInfoSchema>;

/** The options with their defaults. */
export const OptionsStateSchema = z.object({
  values: OptionsSchema,
  /** The values after a reset. */
  defaults: OptionsSchema,
  /** Options whose default comes from A1111's `config.json` in the data folder. */
  imported: z.array(z.string()),
  /** Options whose values in `config.json` cannot be used here: the value as shortened JSON, and the reason. */
  notTaken: z.array(z.object({ name: z.string(), value: z.string(), reason: z.string() })),
  /** Why the whole `config.json` is not used; null if it is used or missing. */
  importFault: z.string().nullable(),
  /** A1111's options that have no effect here and are set to other values than A1111's defaults: they are kept for programs. */
  withoutEffect: z.record(
    z.string(),
    z.union([z.boolean(), z.number(), z.string(), z.null(), z.array(z.string()).readonly()]),
  ),
  /** Why options cannot be saved; null if they can. */
  fault: z.string().nullable(),
});
export type OptionsState = z.infer<typeof OptionsStateSchema>;

/** An upscaler of the list and its kind: it works on latents or on pixels, or is a `model`, a file of the user. */
export const UpscalerSchema = z.object({
  name: z.string(),
  kind: z.enum(["latent", "pixel", "model"]),
  /** The model's file. */
  path: z.string().nullable(),
  /** The factor by which a model enlarges each side; null for the other kinds, which enlarge to any size. */
  scale: z.number().nullable(),
  /** Why a model's file cannot be used; null if it can. */
  unusableReason: z.string().nullable(),
});
export type ListedUpscaler = z.infer<typeof UpscalerSchema>;

/** An entry of the bin: the files of one deletion or replacement. */
const BinEntrySchema = z.object({
  /** Restores the entry, as the undo token of a deletion does. */
  id: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** The day of `at` in the server's time, as `2026-11-24`. */
  day: z.string(),
  why: z.enum(["deleted", "replaced"]),
  /** The action that replaced the files; null if unknown. */
  by: z.string().nullable(),
  /** The kind of its first file. */
  kind: z.enum(["embedding", "picture", "caption", "other"]),
  /** `from` is the place to which the file is restored. */
  files: z.array(z.object({ from: z.string(), sizeBytes: z.number() })),
  sizeBytes: z.number(),
  hasPicture: z.boolean(),
  /** False if the places are guesses, because an earlier version moved the files to the bin. */
  isPlaceKnown: z.boolean(),
});

export const BinSchema = z.object({
  /** Newest first. */
  entries: z.array(BinEntrySchema),
  /** The bytes of all entries. */
  sizeBytes: z.number(),
  /** Free bytes on the bin's disk; null if the system does not tell. */
  freeBytes: z.number().nullable(),
});
