/** @file Every HTTP route as data: the server registers the routes of this table, the page calls them through it, and the OpenAPI document is made from it. */
import { z } from "zod";
import { EXPORT_FORMATS } from "@lexeme/domain/libraries";
import { EmbeddingHistorySchema } from "./history.ts";
import { JOB_ROUTES } from "./job-routes.ts";
import {
  BinSchema,
  CheckpointSchema,
  EmbeddingSchema,
  GalleryImageSchema,
  PictureInfoSchema,
  RunSchema,
  SystemSchema,
  TemplateSchema,
  TokenizedSchema,
  VaeSchema,
  OptionsStateSchema,
  UpscalerSchema,
} from "./library.ts";
import { DATASET_ROUTES } from "./dataset-routes.ts";
import { DeletedSchema, NothingSchema, PathQuerySchema, type Route } from "./route.ts";
import { PromptStyleSchema, StyleListSchema } from "@lexeme/domain/styles";
import {
  CreateEmbeddingSettingsSchema,
  EmbeddingNameSchema,
  EmbeddingFileNameSchema,
  MergeEmbeddingsSchema,
  PruneEmbeddingSchema,
} from "@lexeme/domain/settings";

const NameSchema = z.object({ name: z.string() });
const ImagePathsSchema = z.array(z.string().max(4096)).min(1).max(5000);

/** GET never changes data. File answers are under `/api/file` (a picture or embedding inside the roots) and `/api/thumbnail`. */
export const ROUTES = {
  getSystem: {
    method: "GET",
    path: "/api/system",
    summary: "Version, device, folders, chosen checkpoint",
    response: SystemSchema,
  },
  listCheckpoints: {
    method: "GET",
    path: "/api/checkpoints",
    summary: "All checkpoints; an unusable checkpoint has a reason",
    response: z.array(CheckpointSchema),
  },
  listVaes: {
    method: "GET",
    path: "/api/vaes",
    summary: "Separate VAE files, beside the checkpoints and in their own folder",
    response: z.array(VaeSchema),
  },
  listUpscalers: {
    method: "GET",
    path: "/api/upscalers",
    summary: "Upscalers for hires fix: upscalers of latents, upscalers of pixels, and models",
    response: z.array(UpscalerSchema),
  },
  chooseCheckpoint: {
    method: "PUT",
    path: "/api/checkpoint",
    summary: "Choose the checkpoint that jobs use by default",
    body: z.object({ name: z.string() }),
    response: SystemSchema,
  },
  chooseVae: {
    method: "PUT",
    path: "/api/vae",
    summary: 'Choose the VAE that jobs use by default: "Automatic", "None" or a file of the list',
    body: z.object({ vae: z.string().min(1) }),
    response: SystemSchema,
  },

  getOptions: {
    method: "GET",
    path: "/api/options",
    summary: "The options of A1111 that have an effect here, with their defaults",
    response: OptionsStateSchema,
  },
  changeOptions: {
    method: "PUT",
    path: "/api/options",
    summary: "Set options by name, all of the given options or none",
    body: z.record(z.string(), z.unknown()),
    response: OptionsStateSchema,
  },
  resetOptions: {
    method: "POST",
    path: "/api/options/reset",
    summary: "Reset the named options, or all options, to their defaults",
    body: z.object({ names: z.array(z.string()).optional() }),
    response: OptionsStateSchema,
  },

  listEmbeddings: {
    method: "GET",
    path: "/api/embeddings",
    summary: "All embeddings; an embedding that does not fit has a reason",
    response: z.array(EmbeddingSchema),
  },
  createEmbedding: {
    method: "POST",
    path: "/api/embeddings",
    summary: "Create Embedding",
    body: CreateEmbeddingSettingsSchema,
    response: EmbeddingSchema,
  },
  /** Multipart: one part `embedding`, a file of any format that Lexeme reads. */
  importEmbedding: {
    method: "POST",
    path: "/api/embeddings/import",
    summary:
      "Add an embedding's file; a name that is taken is refused unless another name or a replacement is asked for",
    query: z.object({ name: EmbeddingNameSchema.optional(), overwriteOld: z.stringbool().default(false) }),
    response: z.array(EmbeddingSchema),
  },
  copyEmbedding: {
    method: "POST",
    path: "/api/embeddings/:name/copy",
    summary: "Make a second embedding with the same vectors",
    params: NameSchema,
    body: z.object({ name: EmbeddingNameSchema, path: z.string().nullable().default(null) }),
    response: EmbeddingSchema,
  },
  renameEmbedding: {
    method: "POST",
    path: "/api/embeddings/:name/rename",
    summary: "Rename an embedding",
    params: NameSchema,
    body: z.object({ name: EmbeddingNameSchema, path: z.string().nullable().default(null) }),
    response: EmbeddingSchema,
  },
  deleteEmbedding: {
    method: "DELETE",
    path: "/api/embeddings/:name",
    summary: "Move an embedding to the bin",
    params: NameSchema,
    query: z.object({ path: z.string().optional() }),
    response: DeletedSchema,
  },
  /** Answers with the download `<name>.<format>`. */
  exportEmbedding: {
    method: "GET",
    path: "/api/embeddings/:name/file",
    summary: "Download an embedding as .pt, .safetensors or a PNG with the embedding in it",
    params: NameSchema,
    query: z.object({
      format: z.enum(EXPORT_FORMATS),
      path: z.string().optional(),
      /** For PNG: path of the picture to show; the embedding's preview if left out. */
      picture: z.string().optional(),
    }),
  },
  mergeEmbeddings: {
    method: "POST",
    path: "/api/embeddings/merge",
    summary: "Make a new embedding from several embeddings",
    body: MergeEmbeddingsSchema,
    response: EmbeddingSchema,
  },
  pruneEmbedding: {
    method: "POST",
    path: "/api/embeddings/:name/prune",
    summary: "Make a new embedding from some vectors of an embedding",
    params: NameSchema,
    body: PruneEmbeddingSchema,
    response: EmbeddingSchema,
  },
  /** Makes a copy of a run the embedding. The replaced file goes to the bin, and some run has a copy of its vectors. */
  useCopy: {
    method: "POST",
    path: "/api/embeddings/:name/use-copy",
    summary: "Make a training's copy the embedding",
    params: z.object({ name: EmbeddingFileNameSchema }),
    /** `instead`: path of a copy. If the embedding no longer has its vectors, nothing is replaced, and the answer is EMBEDDING_CHANGED. */
    body: z.object({ path: z.string(), instead: z.string().nullable().default(null) }),
    /** `replacedCopy`: path of the copy of the replaced embedding, whose use undoes this one; null if nothing was replaced. */
    response: EmbeddingSchema.extend({ replacedCopy: z.string().nullable() }),
  },
  getEmbeddingHistory: {
    method: "GET",
    path: "/api/embeddings/:name/history",
    summary: "All runs of an embedding: losses, copies with their pictures, where each began and how it ended",
    params: NameSchema,
    response: EmbeddingHistorySchema,
  },
  listRuns: {
    method: "GET",
    path: "/api/runs",
    summary: "Training runs with their copies and previews, newest first",
    query: z.object({ embedding: z.string().optional() }),
    response: z.array(RunSchema),
  },
  listBin: {
    method: "GET",
    path: "/api/bin",
    summary: "The deleted and replaced files that can be restored",
    response: BinSchema,
  },
  /** A file that exists is never replaced: then the answer is FILE_EXISTS with `details.freeName`. */
  undoDelete: {
    method: "POST",
    path: "/api/undo",
    summary: "Restore the files of an entry of the bin, under another name if asked",
    body: z.object({ undoToken: z.string(), name: EmbeddingFileNameSchema.optional() }),
    response: NothingSchema,
  },
  deleteForGood: {
    method: "DELETE",
    path: "/api/bin/:id",
    summary: "Delete an entry of the bin for good",
    params: z.object({ id: z.string() }),
    response: NothingSchema,
  },
  emptyBin: {
    method: "POST",
    path: "/api/bin/empty",
    summary: "Delete everything in the bin for good",
    response: NothingSchema,
  },
  getBinPicture: {
    method: "GET",
    path: "/api/bin/:id/picture",
    summary: "The picture of an entry of the bin, at most `size` pixels on each side, as WebP",
    params: z.object({ id: z.string() }),
    query: z.object({ size: z.coerce.number().int().min(32).max(1024).default(256) }),
  },

  tokenize: {
    method: "POST",
    path: "/api/tokenize",
    summary: "A prompt as the text encoder sees it",
    body: z.object({
      text: z.string().max(100_000),
      /** A1111 reads AND and `<lora:…>` in the positive prompt only. */
      role: z.enum(["positive", "negative"]).default("positive"),
    }),
    response: TokenizedSchema,
  },
  listTemplates: {
    method: "GET",
    path: "/api/templates",
    summary: "Prompt templates",
    response: z.array(TemplateSchema),
  },

  listStyles: {
    method: "GET",
    path: "/api/styles",
    summary: "Styles of styles.csv",
    response: StyleListSchema,
  },
  saveStyle: {
    method: "PUT",
    path: "/api/styles",
    summary: "Write a style into styles.csv, in place of the style with its name or its former name",
    body: z.object({ style: PromptStyleSchema, formerName: z.string().optional(), version: z.string() }),
    response: StyleListSchema,
  },
  deleteStyle: {
    method: "POST",
    path: "/api/styles/delete",
    summary: "Remove a style from styles.csv",
    body: z.object({ name: z.string(), version: z.string() }),
    response: StyleListSchema.extend({ undoToken: z.string() }),
  },
  undoDeleteStyle: {
    method: "POST",
    path: "/api/styles/undo",
    summary: "Restore the style that was just deleted",
    body: z.object({ undoToken: z.string() }),
    response: StyleListSchema,
  },

  ...DATASET_ROUTES,

  ...JOB_ROUTES,

  listImages: {
    method: "GET",
    path: "/api/images",
    summary: "Pictures of the outputs folder, the newest day first, and in it the newest picture",
    query: z.object({
      /** The place of the last picture on the previous page, as its `next` says: many pictures can have the same time. */
      beforeDay: z.string().optional(),
      before: z.coerce.number().optional(),
      beforePath: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(60),
      search: z.string().optional(),
      show: z.enum(["all", "pictures", "grids"]).default("all"),
      /** An embedding that the prompts use. */
      word: z.string().min(1).optional(),
      /** A checkpoint by its name in infotexts. */
      checkpoint: z.string().min(1).optional(),
    }),
    response: z.object({
      images: z.array(GalleryImageSchema),
      /** True also if a search took too long: then `next` says where it goes on. */
      more: z.boolean(),
      next: z.object({ day: z.string(), createdAt: z.number(), path: z.string() }).optional(),
    }),
  },
  deleteImages: {
    method: "POST",
    path: "/api/images/delete-many",
    summary: "Move pictures to the bin, each as its own entry",
    body: z.object({ paths: ImagePathsSchema }),
    response: z.object({
      undoTokens: z.array(z.string()),
      failed: z.array(z.object({ path: z.string(), code: z.string(), reason: z.string() })),
    }),
  },
  orderZip: {
    method: "POST",
    path: "/api/images/zip",
    summary: "Name the pictures of a download; the answer is its id",
    body: z.object({ paths: ImagePathsSchema }),
    response: z.object({ id: z.string() }),
  },
  /** Answers with the download. */
  getZip: {
    method: "GET",
    path: "/api/images/zip/:id",
    summary: "The ordered pictures as one zip, for ten minutes",
    params: z.object({ id: z.string() }),
  },
  deleteImage: {
    method: "POST",
    path: "/api/images/delete",
    summary: "Move a picture to the bin",
    body: z.object({ path: z.string() }),
    response: DeletedSchema,
  },
  /** Makes room on a full disk, where even the bin's record of a file finds none. */
  deleteImageForGood: {
    method: "POST",
    path: "/api/images/delete-for-good",
    summary: "Delete a picture without the bin",
    body: z.object({ path: z.string() }),
    response: NothingSchema,
  },
  getFile: { method: "GET", path: "/api/file", summary: "A picture inside the roots", query: PathQuerySchema },
  getThumbnail: {
    method: "GET",
    path: "/api/thumbnail",
    summary: "A picture inside the roots, at most `size` pixels on each side, as WebP",
    query: z.object({ path: z.string(), size: z.coerce.number().int().min(32).max(1024).default(256) }),
  },
  getPictureInfo: {
    method: "GET",
    path: "/api/picture-info",
    summary: "The infotext of a picture inside the roots, parsed",
    query: PathQuerySchema,
    response: PictureInfoSchema,
  },
  /** Multipart: one part `picture`, which is not stored. */
  readPictureInfo: {
    method: "POST",
    path: "/api/picture-info",
    summary: "The infotext of an uploaded picture, parsed",
    response: PictureInfoSchema,
  },

  signIn: {
    method: "POST",
    path: "/api/session",
    summary: "Sign in; sets a cookie",
    body: z.object({ user: z.string(), password: z.string() }),
    maxBodyBytes: 8 << 10,
    response: NothingSchema,
  },
  signOut: { method: "DELETE", path: "/api/session", summary: "Sign out", response: NothingSchema },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

/** Path of the WebSocket. */
export const EVENTS_PATH = "/api/events";
/** Path of the OpenAPI document. */
export const OPENAPI_PATH = "/api/openapi.json";
