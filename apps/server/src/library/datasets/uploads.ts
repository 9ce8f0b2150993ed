/** @file Receives uploaded pictures into a new folder under `datasets/uploads`. Each file is checked to be a picture; size and number are limited. */
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { LexemeError } from "@lexeme/core";
import {
  decodeText,
  fileNameOf,
  isCaptionName,
  isPictureName,
  localDateTime,
  MAX_CAPTION_BYTES,
  pictureFault,
  pictureSize,
} from "@lexeme/data-folder";
import { wordOfName } from "@lexeme/domain/libraries";
import { explainFileError } from "../../errors.ts";

export const MAX_UPLOAD_FILE_BYTES = 64 << 20;
export const MAX_UPLOAD_FILES = 500;

export interface UploadedFile {
  filename: string;
  /** A longer file is cut off at MAX_UPLOAD_FILE_BYTES and has `truncated`. */
  stream: Readable & { truncated?: boolean };
}

export interface Upload {
  path: string;
  pictures: number;
  refused: { file: string; reason: string }[];
}

/**
 * Receives all `files`. Pictures keep their names as far as a file system allows; a second picture of the same name gets a number. A `.txt` file
 * is a caption and is kept too. Throws LexemeError `UPLOAD_EMPTY` if no picture is left.
 */
export async function receiveUpload(uploadsFolder: string, files: AsyncIterable<UploadedFile>): Promise<Upload> {
  const path = await newFolder(uploadsFolder);
  const upload: Upload = { path, pictures: 0, refused: [] };
  const taken = new Set<string>();
  try {
    for await (const file of files) {
      const reason = await receiveFile(file, { path, taken });
      if (reason !== null) upload.refused.push({ file: basename(file.filename) || "without a name", reason });
      else if (isPictureName(file.filename)) upload.pictures++;
    }
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw error;
  }
  if (upload.pictures > 0) return upload;
  await rm(path, { recursive: true, force: true });
  const first = upload.refused[0];
  throw new LexemeError(
    "UPLOAD_EMPTY",
    first ? `No picture was kept: "${first.file}" ${first.reason}` : "The upload has no picture",
    {
      details: { field: "processSrc", refused: upload.refused },
    },
  );
}

/** The reason for refusing the file, or null if the file was kept. Always reads the stream to its end. */
async function receiveFile(
  { filename, stream }: UploadedFile,
  into: { path: string; taken: Set<string> },
): Promise<string | null> {
  const name = safeName(filename);
  const isCaption = isCaptionName(name);
  if (!isCaption && !isPictureName(name)) {
    stream.resume();
    return "is not a picture (PNG, JPEG, WebP, GIF, TIFF or AVIF)";
  }
  const temporary = join(into.path, `.${into.taken.size}.part`);
  try {
    await pipeline(stream, createWriteStream(temporary, { flags: "wx" }));
    if (stream.truncated === true) return `is larger than ${MAX_UPLOAD_FILE_BYTES >> 20} MiB`;
    if (isCaption) {
      const text = await readFile(temporary);
      if (text.length > MAX_CAPTION_BYTES || decodeText(text) === undefined) return "is not a caption";
    } else await pictureSize(temporary, name);
    await rename(temporary, join(into.path, freeName(name, into.taken)));
    return null;
  } catch (error) {
    if (error instanceof LexemeError && error.code === "NOT_A_PICTURE")
      return `cannot be read as a picture: ${pictureFault(error, name)}`;
    throw explainFileError(error);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The name without folders, in a form that Windows, macOS and Linux allow. */
function safeName(filename: string): string {
  const base = (filename.split(/[\\/]/u).at(-1) ?? "").normalize("NFC").replaceAll(/^[. ]+|[. ]+$/gu, "");
  const extension = extname(base);
  const stem = base.slice(0, base.length - extension.length).trim();
  return `${fileNameOf(stem === "" ? "picture" : stem)}${extension}`;
}

/** `name`, or `name-2` and so on if it is taken. Case is ignored, because file systems may ignore case. */
function freeName(name: string, taken: Set<string>): string {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  let free = name;
  for (let number = 2; taken.has(wordOfName(free)); number++) free = `${stem}-${number}${extension}`;
  taken.add(wordOfName(free));
  return free;
}

/** Makes a folder named after the time, to the second; a second folder in the same second gets a number. */
async function newFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  const stamp = localDateTime(new Date()).replaceAll(":", "-");
  for (let number = 1; ; number++) {
    const path = join(parent, number === 1 ? stamp : `${stamp} (${number})`);
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
