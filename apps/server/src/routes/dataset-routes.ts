/** @file Routes for the preparation of a training: folders, pictures with captions, uploads, templates and tokens. */
import { LexemeError } from "@lexeme/core";
import { keepsCaption, requireRoom, type PreprocessPlan as PlannedFiles } from "@lexeme/data-folder";
import type { PreprocessSettings } from "@lexeme/domain/settings";
import type { PreprocessPlan } from "@lexeme/protocol";
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
): HandlersOf<
  | "tokenize"
  | "listTemplates"
  | "listFolder"
  | "getDataset"
  | "planPreprocess"
  | "saveCaption"
  | "removeDatasetPicture"
  | "uploadPictures"
> {
  const { bin, checkpoints, datasets, embeddings, templates, folders } = services;
  return {
    async tokenize({ body }) {
      const [words, dialect] = await Promise.all([embeddings.named(), checkpoints.chosenDialect()]);
      return tokenizePrompt(body.text, { embeddings: words, role: body.role, dialect });
    },
    listTemplates: () => templates.listChecked(),
    listFolder: ({ query }) => datasets.browse(query.path),
    getDataset: ({ query }) => datasets.get(query.path),
    planPreprocess: async ({ body }) => describePlan(await datasets.planPreprocess(body), body),
    saveCaption: ({ body }) => datasets.saveCaption(body.path, body.caption),
    async removeDatasetPicture({ body }) {
      const undoToken = await bin.discard(await datasets.filesOfUploaded(body.path));
      datasets.changed();
      return { undoToken };
    },
    async uploadPictures({ query, raw }) {
      if (!raw.isMultipart()) throw new LexemeError("REQUEST_MALFORMED", "Upload the pictures as multipart/form-data");
      const into = query.into === undefined ? undefined : await datasets.requireUpload(query.into);
      const upload = await receiveUpload({ uploads: folders.uploads, into }, filesOf(raw));
      datasets.changed();
      return upload;
    },
  };
}

/** The plan in the numbers that the page says. */
function describePlan(plan: PlannedFiles, settings: PreprocessSettings): PreprocessPlan {
  const variants = plan.pictures.flatMap((one) =>
    one.variants.map((variant) => ({ ...variant, caption: one.caption })),
  );
  const count = (isMeant: (variant: (typeof variants)[number]) => boolean) => variants.filter(isMeant).length;
  const replacesCaption = (variant: (typeof variants)[number]): boolean =>
    variant.captionThere === "other" && variant.caption !== "" && !keepsCaption(variant, settings);
  return {
    pictures: variants.length,
    done: count(({ picture }) => picture === "own"),
    replaces: count(({ picture }) => picture === "other"),
    keepsCaptions: count((variant) => variant.captionThere === "other" && !replacesCaption(variant)),
    replacesCaptions: count(replacesCaption),
    skipped: [...plan.skipped],
    destinationFault: faultOf(() => requireRoom(plan, settings)),
  };
}

function faultOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (cause) {
    if (cause instanceof LexemeError) return cause.message;
    throw cause;
  }
}

async function* filesOf(request: FastifyRequest): AsyncGenerator<UploadedFile> {
  for await (const part of request.parts()) {
    if (part.type === "file") yield { filename: part.filename ?? "", stream: part.file };
  }
}
