/** @file Routes for the preparation of a training: folders, pictures with captions, uploads, templates and tokens. */
import { LexemeError } from "@lexeme/core";
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";

import { tokenizePrompt } from "../library/prompts/tokenized-prompt.ts";
import {
  MAX_UPLOAD_FILE_BYTES,
  MAX_UPLOAD_FILES,
  receiveUpload,
  type UploadedFile,
} from "../library/datasets/uploads.ts";
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";

export async function useUploads(app: FastifyInstance): Promise<void> {
  await app.register(multipart, {
    // A file that is too large is cut off and reported; the other files are still accepted.
    throwFileSizeLimit: false,
    limits: { fileSize: MAX_UPLOAD_FILE_BYTES, files: MAX_UPLOAD_FILES, fields: 10, fieldSize: 1024, headerPairs: 100 },
  });
}

export function datasetRoutes(
  services: Services,
): HandlersOf<"tokenize" | "listTemplates" | "listFolder" | "getDataset" | "saveCaption" | "uploadPictures"> {
  const { checkpoints, datasets, embeddings, templates, folders } = services;
  return {
    async tokenize({ body }) {
      const [words, dialect] = await Promise.all([embeddings.named(), checkpoints.chosenDialect()]);
      return tokenizePrompt(body.text, { embeddings: words, role: body.role, dialect });
    },
    listTemplates: () => templates.list(),
    listFolder: ({ query }) => datasets.browse(query.path),
    getDataset: ({ query }) => datasets.get(query.path),
    saveCaption: ({ body }) => datasets.saveCaption(body.path, body.caption),
    async uploadPictures({ raw }) {
      if (!raw.isMultipart()) throw new LexemeError("REQUEST_MALFORMED", "Upload the pictures as multipart/form-data");
      const upload = await receiveUpload(folders.uploads, filesOf(raw));
      datasets.changed();
      return upload;
    },
  };
}

async function* filesOf(request: FastifyRequest): AsyncGenerator<UploadedFile> {
  for await (const part of request.parts()) {
    if (part.type === "file") yield { filename: part.filename ?? "", stream: part.file };
  }
}
