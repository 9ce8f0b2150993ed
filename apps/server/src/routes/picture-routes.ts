/** @file The gallery, and pictures as files: in full size and as thumbnails. */
import { LexemeError } from "@lexeme/core";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";

import { embeddingFormatOf, isPictureFormat } from "@lexeme/domain/libraries";
import { savedBeside } from "../library/pictures/picture-facts.ts";
import { isPictureName, notAPicture, pictureType, requirePictureFile } from "@lexeme/data-folder";
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";

export function pictureRoutes(
  services: Services,
): HandlersOf<"listImages" | "deleteImage" | "getFile" | "getThumbnail"> {
  const { gallery, roots, bin, thumbnails } = services;
  return {
    listImages: ({ query }) => gallery.list(query),
    async deleteImage({ body }) {
      const path = await roots.requireInside(body.path, { write: true });
      requirePicture(path);
      const undoToken = await bin.discard([path, ...(await savedBeside(path))]);
      gallery.changed();
      return { undoToken };
    },
    async getFile({ query, raw }, reply) {
      const path = await roots.requireInside(query.path);
      const isEmbedding = isEmbeddingFile(path);
      await requireFile(path, isEmbedding);
      const { size, mtimeMs } = await stat(path);
      const etag = createHash("sha1").update(`${path}\0${size}\0${mtimeMs}`).digest("hex");
      void reply.type(pictureType(path) ?? "application/octet-stream");
      if (isEmbedding) void reply.header("content-disposition", "attachment");
      return sendFile(raw, reply, { path, etag, size });
    },
    async getThumbnail({ query, raw }, reply) {
      const path = await roots.requireInside(query.path);
      await requireFile(path, false);
      const thumbnail = await thumbnails.of(path, query.size);
      const { size } = await stat(thumbnail.path);
      void reply.type("image/webp");
      return sendFile(raw, reply, { ...thumbnail, size });
    },
  };
}

/** True for a file of vectors, such as a run's copy: it is downloaded, never shown. */
function isEmbeddingFile(path: string): boolean {
  const format = embeddingFormatOf(path);
  return format !== undefined && !isPictureFormat(format);
}

function requirePicture(path: string): void {
  if (!isPictureName(basename(path))) throw new LexemeError("NOT_A_PICTURE", `"${path}" is not a picture`);
}

/** Requires a regular file with a fitting name: reading a pipe in place of a picture would never end. */
async function requireFile(path: string, isEmbedding: boolean): Promise<void> {
  if (!isEmbedding) requirePicture(path);
  await requirePictureFile(path).catch((cause: unknown) => {
    throw notAPicture(path, cause);
  });
}

/** The browser asks each time, because captions and crops change pictures in place. If its copy is current, it gets a short answer without the file. */
function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: { path: string; etag: string; size: number },
): FastifyReply {
  const etag = `"${file.etag}"`;
  void reply.header("etag", etag).header("cache-control", "private, no-cache");
  if (request.headers["if-none-match"] === etag) return reply.status(304).send();
  return reply.header("content-length", file.size).send(createReadStream(file.path));
}
