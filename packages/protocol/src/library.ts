/** @file What the lists show: checkpoints, embeddings, data sets, pictures, folders, the system. */
import { z } from "zod";
import { CHECKPOINT_FAMILIES, CLIP_DIALECTS } from "@lexeme/core";
import { DEVICES } from "@lexeme/domain/jobs";
import { EMBEDDING_FORMATS } from "@lexeme/domain/libraries";
import { NetworkSizesSchema } from "@lexeme/domain/memory";
import { OptionsSchema } from "@lexeme/domain/options";

export const CheckpointSchema = z.object({
  /** Path under its folder with forward slashes, extension included; what settings name it by. */
  name: z.string(),
  path: z.string(),
  sizeBytes: z.number(),
  modifiedAt: z.number(),
  /** As told from keys and shapes. */
  family: z.enum(CHECKPOINT_FAMILIES),
  /** How its prompts are cut into words. */
  dialect: z.enum(CLIP_DIALECTS),
  precision: z.string(),
  /** Native picture size in pixels. */
  resolution: z.object({ width: z.number().int(), height: z.number().int() }),
  /** Width of the text encoder, which embeddings must have. */
  textWidth: z.number().int().nullable(),
  /** What memory is predicted from; null where it cannot be used. */
  networkSizes: NetworkSizesSchema.nullable(),
  /** What the UNet's output is: the noise ("epsilon") or v; null when only running it tells. */
  predictionType: z.enum(["epsilon", "v"]).nullable(),
  /** A1111's: the first 10 hex digits of `sha256`. Null while the file is being read for it, and for a folder. */
  shortHash: z.string().nullable(),
  sha256: z.string().nullable(),
  /** Why it cannot be used; null when it can. */
  unsupportedReason: z.string().nullable(),
  /** The demo world that comes with Lexeme. */
  isDemo: z.boolean(),
});
export type Checkpoint = z.infer<typeof CheckpointSchema>;

/** A separate VAE file; its name is what the `vae` setting takes. */
export const VaeSchema = z.object({
  name: z.string(),
  path: z.string(),
  sizeBytes: z.number(),
  /** First 10 hex digits of the file's sha256, as infotext has it; null while the file is being read for it. */
  shortHash: z.string().nullable(),
});
export type Vae = z.infer<typeof VaeSchema>;

export const EmbeddingSchema = z.object({
  /** The word that calls it in a prompt: the file's name without ending, a picture's inner name, `<file>-<key>` of several in a file. */
  name: z.string(),
  path: z.string(),
  /** Sub-folder of the folder for embeddings, with forward slashes; empty at its top. */
  folder: z.string(),
  /** What its file calls it where that holds several; null where it holds one. */
  key: z.string().nullable(),
  format: z.enum(EMBEDDING_FORMATS),
  /** 0 vectors of width 0 where the file cannot be read. */
  vectors: z.number().int(),
  width: z.number().int(),
  step: z.number().int().nullable(),
  /** Name and first 10 hex digits of the sha256 of the checkpoint that it was trained on, where the file tells. */
  checkpointName: z.string().nullable(),
  checkpointHash: z.string().nullable(),
  /** First 12 hex digits of the file's sha256. */
  shortHash: z.string(),
  /** Other files that call themselves the same, case aside, as paths inside the folder; `isUsed` says whether a prompt gets this one. */
  collision: z.object({ isUsed: z.boolean(), others: z.array(z.string()) }).nullable(),
  modifiedAt: z.number(),
  /** Why it does not fit the chosen checkpoint or cannot be read; null when it fits. */
  misfitReason: z.string().nullable(),
  /** Path of a picture drawn with it, newest run's preview; null when there is none. */
  previewPath: z.string().nullable(),
});
export type Embedding = z.infer<typeof EmbeddingSchema>;

export const DatasetPictureSchema = z.object({
  path: z.string(),
  file: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  caption: z.string(),
  /** True when a .txt lies beside the picture; false when the caption shown is the file name's. */
  hasCaptionFile: z.boolean(),
  /** Why the caption's file cannot be read, and so is not written over either; null when it can. */
  captionFault: z.string().nullable(),
});
export type DatasetPicture = z.infer<typeof DatasetPictureSchema>;

export const DatasetSchema = z.object({
  path: z.string(),
  pictures: z.array(DatasetPictureSchema),
  /** Files that look like pictures and cannot be read, with the reason. */
  broken: z.array(z.object({ file: z.string(), reason: z.string() })),
});
export type Dataset = z.infer<typeof DatasetSchema>;

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
  /** Folder of the day, as `2026-11-24`. */
  day: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  createdAt: z.number(),
  infotext: z.string().nullable(),
});
export type GalleryImage = z.infer<typeof GalleryImageSchema>;

export const TemplateSchema = z.object({ filename: z.string(), lines: z.array(z.string()), hasName: z.boolean() });

/** A training run's folder, so that one can go on from any of its copies. */
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
  dataDir: z.string(),
  folders: z.object({
    checkpoints: z.string(),
    embeddings: z.string(),
    datasets: z.string(),
    outputs: z.string(),
    logs: z.string(),
    templates: z.string(),
  }),
  /** Name of the chosen checkpoint; null when there is none that can be used. */
  checkpoint: z.string().nullable(),
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
  /** `usableBytes` is what jobs are planned for: `--memory`, or most of what there is. */
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
  /** At most the first 1,000. */
  tokens: z.array(z.object({ id: z.number().int(), text: z.string() })),
  /** Tokens used and the limit that they count against (a multiple of 75), embeddings counted by their vectors. */
  used: z.number().int(),
  limit: z.number().int(),
  /** Tokens that each chunk of 75 holds; the sum can be less than `used`, as a chunk that ended early counts whole. */
  chunks: z.array(z.number().int()),
  /**
   * What the grammar makes of each stretch, in order and without overlap: text by its effective weight, and what is no text. Plain text of
   * weight 1 has no span, nor has anything behind the first few thousand.
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
  /** Hints, never errors: unbalanced brackets, a malformed weight. `position` counts characters. */
  hints: z.array(
    z.object({ position: z.number().int(), message: z.string(), kind: z.enum(["bracket", "network", "weight"]) }),
  ),
});
export type Tokenized = z.infer<typeof TokenizedSchema>;

/** What a picture says of how it was made. */
export const PictureInfoSchema = z.object({
  width: z.number().int(),
  height: z.number().int(),
  /** `infotext` as A1111 and its kin write it; `workflow` a node graph alone, as ComfyUI writes it; `none` neither. */
  kind: z.enum(["infotext", "workflow", "none"]),
  infotext: z.string().nullable(),
  prompt: z.string(),
  negativePrompt: z.string(),
  /** Key and value as infotext has them; `Size` as `Size-1` and `Size-2`. */
  parameters: z.record(z.string(), z.string()),
});
export type PictureInfo = z.infer<typeof PictureInfoSchema>;

/** The options with their defaults. */
export const OptionsStateSchema = z.object({
  values: OptionsSchema,
  /** What a reset brings back. */
  defaults: OptionsSchema,
  /** Options whose default is what the folder's own A1111 `config.json` says. */
  imported: z.array(z.string()),
  /** Options that `config.json` has values for which cannot be used here: the value as JSON, cut short, and why. */
  notTaken: z.array(z.object({ name: z.string(), value: z.string(), reason: z.string() })),
  /** Why nothing of `config.json` is used; null when it is, or there is none. */
  importFault: z.string().nullable(),
  /** Why nothing can be saved; null when it can. */
  fault: z.string().nullable(),
});
export type OptionsState = z.infer<typeof OptionsStateSchema>;

/** A name of the list, and what it works on; a `model` is a file of the user's. */
export const UpscalerSchema = z.object({
  name: z.string(),
  kind: z.enum(["latent", "pixel", "model"]),
  /** The model's file. */
  path: z.string().nullable(),
  /** How many times larger a model makes sides; the others go to any size. */
  scale: z.number().nullable(),
  /** Why a model's file cannot be used; null when it can. */
  unusableReason: z.string().nullable(),
});
export type ListedUpscaler = z.infer<typeof UpscalerSchema>;
