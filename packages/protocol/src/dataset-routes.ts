/** @file The routes of the preparation of a training: folders, pictures with captions, uploads, and the plan of a preprocessing. */
import { storableText } from "@lexeme/core";
import { PreprocessSettingsSchema } from "@lexeme/domain/settings";
import { z } from "zod";
import { DatasetPictureSchema, DatasetSchema, FolderSchema, PreprocessPlanSchema, SystemSchema } from "./library.ts";
import { DeletedSchema, PathQuerySchema, type Route } from "./route.ts";

export const DATASET_ROUTES = {
  listFolder: {
    method: "GET",
    path: "/api/folders",
    summary: "A folder inside the roots; without a path, the roots",
    query: z.object({ path: z.string().optional() }),
    response: FolderSchema,
  },
  setFolderAccess: {
    method: "PUT",
    path: "/api/folder-access",
    summary: "Allow or forbid reading any folder; only from the machine of the server itself",
    body: z.object({ anyFolder: z.boolean() }),
    response: SystemSchema,
  },
  getDataset: {
    method: "GET",
    path: "/api/dataset",
    summary: "Pictures of a folder with their captions",
    query: PathQuerySchema,
    response: DatasetSchema,
  },
  planPreprocess: {
    method: "POST",
    path: "/api/preprocess/plan",
    summary: "What a preprocess job with these settings would do; nothing is written",
    body: PreprocessSettingsSchema,
    response: PreprocessPlanSchema,
  },
  removeDatasetPicture: {
    method: "POST",
    path: "/api/dataset/remove",
    summary: "Move an uploaded picture and its caption to the bin",
    body: z.object({ path: z.string() }),
    response: DeletedSchema,
  },
  saveCaption: {
    method: "PUT",
    path: "/api/dataset/caption",
    summary: "Write the caption beside a picture",
    body: z.object({ path: z.string(), caption: z.string().max(10_000).overwrite(storableText) }),
    response: DatasetPictureSchema,
  },
  /** Multipart: any number of parts `pictures`; answers with the folder. Size and number are limited. */
  uploadPictures: {
    method: "POST",
    path: "/api/uploads",
    summary: "Upload pictures into a new folder, or add them to the folder of an earlier upload",
    query: z.object({ into: z.string().optional() }),
    response: z.object({
      path: z.string(),
      pictures: z.number().int(),
      refused: z.array(z.object({ file: z.string(), reason: z.string() })),
    }),
  },
} as const satisfies Record<string, Route>;
