/** @file The gallery, and pictures as files: in full size and as thumbnails. */
import { LexemeError } from "@lexeme/core";
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import type { FastifyReply, FastifyRequest } from "fastify";

import { embeddingFormatOf, isPictureFormat } from "@lexeme/domain/libraries";
import { knownError } from "../plugins/wire-errors.ts";
import { ZipOrders, zipOf } from "../library/pictures/picture-zip.ts";
import { savedBeside } from "../library/pictures/picture-facts.ts";
import type { Thumbnail } from "../library/pictures/thumbnails.ts";
import {
  localSecond,
  notAPicture,
  openRegularFile,
  pictureType,
  type OpenedFile,
  requirePictureFile,
  requirePictureName,
} from "@lexeme/data-folder";
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";

export function pictureRoutes(
  services: Services,
): HandlersOf<
  | "listImages"
  | "deleteImage"
  | "deleteImages"
  | "deleteImageForGood"
  | "orderZip"
  | "getZip"
  | "getFile"
  | "getThumbnail"
> {
  const { gallery, roots, thumbnails } = services;
  const zips = new ZipOrders();
  return {
    listImages: ({ query }) => gallery.list(query),
    async deleteImage({ body }) {
      const undoToken = await discardPicture(services, body.path);
      gallery.changed();
      return { undoToken };
    },
    async deleteImages({ body }) {
      const undoTokens: string[] = [];
      const failed: { path: string; code: string; reason: string }[] = [];
      for (const path of body.paths) {
        try {
          undoTokens.push(await discardPicture(services, path));
        } catch (error) {
          const known = knownError(error);
          if (known === undefined) throw error;
          failed.push({ path, code: known.code, reason: known.message });
        }
      }
      gallery.changed();
      return { undoTokens, failed };
    },
    async orderZip({ body }) {
      for (const path of body.paths) {
        await roots.requireInsideEvenIfMissing(path);
        requirePictureName(path);
      }
      return { id: zips.add(body.paths) };
    },
    async getZip({ params }, reply) {
      const paths = zips.require(params.id);
      // Checked again: a folder may have become a link to another place since the order.
      const open = async (path: string) => {
        const inside = await roots.requireInside(path).catch(() => undefined);
        return inside === undefined ? undefined : openRegularFile(inside).catch(() => undefined);
      };
      const name = `lexeme-${localSecond(new Date())}.zip`;
      void reply.type("application/zip").header("content-disposition", `attachment; filename="${name}"`);
      return reply.send(zipOf(paths, open));
    },
    async deleteImageForGood({ body }) {
      const path = await roots.requireInside(body.path, { write: true });
      requirePictureName(path);
      for (const file of [path, ...(await savedBeside(path))]) await rm(file, { force: true });
      gallery.changed();
      return {};
    },
    async getFile({ query, raw }, reply) {
      const path = await roots.requireInside(query.path);
      const isEmbedding = isEmbeddingFile(path);
      if (!isEmbedding) await requirePicture(path);
      const file = await openFile(path);
      void reply.type(pictureType(path) ?? "application/octet-stream");
      if (isEmbedding) void reply.header("content-disposition", "attachment");
      return sendFile(raw, reply, file);
    },
    async getThumbnail({ query, raw }, reply) {
      const path = await roots.requireInside(query.path);
      await requirePicture(path);
      return sendThumbnail(raw, reply, await thumbnails.of(path, query.size));
    },
  };
}

/** Moves a picture, and the files that were saved with it, to the bin; returns the entry's id. */
async function discardPicture({ roots, bin }: Services, given: string): Promise<string> {
  const path = await roots.requireInside(given, { write: true });
  requirePictureName(path);
  return bin.discard([path, ...(await savedBeside(path))]);
}

/** True for a file of vectors, such as a run's copy: it is downloaded, never shown. */
function isEmbeddingFile(path: string): boolean {
  const format = embeddingFormatOf(path);
  return format !== undefined && !isPictureFormat(format);
}

/** Requires a regular file named as a picture: reading a pipe in place of a picture would never end. */
async function requirePicture(path: string): Promise<void> {
  requirePictureName(path);
  await requirePictureFile(path).catch((cause: unknown) => {
    throw notAPicture(path, cause);
  });
}

interface SentFile extends OpenedFile {
  /** A text that changes when the file changes. */
  etag: string;
}

async function openFile(path: string): Promise<SentFile> {
  const opened = await openRegularFile(path);
  if (opened === undefined) throw new LexemeError("FILE_MISSING", `There is no file "${path}"`);
  const { size, mtimeMs } = opened.status;
  return { ...opened, etag: createHash("sha1").update(`${path}\0${size}\0${mtimeMs}`).digest("hex") };
}

/** Answers with a thumbnail, as WebP. */
export async function sendThumbnail(request: FastifyRequest, reply: FastifyReply, { path, etag }: Thumbnail) {
  const file = await openFile(path);
  void reply.type("image/webp");
  return sendFile(request, reply, { ...file, etag });
}

/** The browser asks each time, because captions and crops change pictures in place. If its copy is current, it gets a short answer without the file. */
async function sendFile(request: FastifyRequest, reply: FastifyReply, file: SentFile): Promise<FastifyReply> {
  const etag = `"${file.etag}"`;
  void reply.header("etag", etag).header("cache-control", "private, no-cache");
  if (request.headers["if-none-match"] === etag) {
    await file.handle.close();
    return reply.status(304).send();
  }
  // The stream closes the file.
  return reply.header("content-length", file.status.size).send(file.handle.createReadStream());
}
