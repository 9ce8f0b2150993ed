/** @file Receives uploaded pictures into a folder under `datasets/uploads`, a new one or that of an earlier upload. Each file is checked to be a picture; size and number are limited. */
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, extname, join, parse } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { LexemeError, codeOf, ifAbsent } from "@lexeme/core";
import {
  decodeText,
  fileNameOf,
  inTurn,
  isCaptionName,
  isPictureName,
  localDateTime,
  MAX_CAPTION_BYTES,
  moveFile,
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

export interface UploadPlace {
  /** Holds a folder for each upload. */
  uploads: string;
  /** The folder of an earlier upload, to which the files are added. */
  into?: string | undefined;
}

/** A file that was received and checked, and has no name in the folder yet. */
interface Received {
  filename: string;
  /** The wanted name. */
  name: string;
  temporary: string;
}

/** The folder that the files come into. */
interface Place {
  path: string;
  /** Stems before this upload, as `wordOfName` gives them. */
  stems: ReadonlySet<string>;
  /** Names in the folder. */
  taken: Set<string>;
  /** Files of this upload that are in the folder. */
  kept: string[];
  /** New stems of this upload's pictures that got a number, by the stems that they had. */
  renamed: Map<string, string>;
}

/**
 * Receives all `files`. Pictures keep their names as far as a file system allows; a second picture of the same name gets a number, and its caption
 * the same number. A file that is there already is refused. A `.txt` file is a caption and is kept too. The files get their names after all were
 * received, and uploads into one folder one after the other, so that none takes another's name. If the upload fails, the folder is as before.
 * Throws LexemeError `UPLOAD_EMPTY` if no picture is left.
 */
export async function receiveUpload(
  { uploads, into }: UploadPlace,
  files: AsyncIterable<UploadedFile>,
): Promise<Upload> {
  const path = into ?? (await newFolder(uploads));
  const upload: Upload = { path, pictures: 0, refused: [] };
  const refuse = (filename: string, reason: string): void => {
    upload.refused.push({ file: basename(filename) || "without a name", reason });
  };
  const received: Received[] = [];
  try {
    for await (const file of files) {
      const one = await receiveFile(file, path);
      if ("reason" in one) refuse(file.filename, one.reason);
      else received.push(one);
    }
    await inTurn(path, async () => {
      const place = await placeIn(path);
      try {
        for (const one of received) {
          if (await isSame(one.temporary, join(path, one.name), place))
            refuse(one.filename, "is in the folder already");
          else {
            await takeIn(one, place);
            if (isPictureName(one.name)) upload.pictures++;
          }
        }
        // Captions alone can be added to pictures that are there already.
        if (upload.pictures === 0 && !(into !== undefined && place.kept.length > 0)) throw emptyUpload(upload);
      } catch (error) {
        for (const name of place.kept) await rm(join(path, name), { force: true });
        throw error;
      }
    });
    return upload;
  } catch (error) {
    if (into === undefined) await rm(path, { recursive: true, force: true });
    throw explainFileError(error);
  } finally {
    for (const { temporary } of received) await rm(temporary, { force: true });
  }
}

/** `"01.jpg" is in the folder already, and 29 more`: files that are refused for the same reason are counted. */
function firstReason(refused: Upload["refused"]): string {
  const [first] = refused;
  if (first === undefined) return "";
  const alike = refused.filter(({ reason }) => reason === first.reason).length - 1;
  const others = refused.length - 1 - alike;
  const same = alike === 0 ? "" : `, and ${alike} more`;
  return `"${first.file}" ${first.reason}${same}${others === 0 ? "" : `; ${others} for other reasons`}`;
}

function emptyUpload({ refused }: Upload): LexemeError {
  return new LexemeError(
    "UPLOAD_EMPTY",
    refused.length > 0 ? `No picture was kept: ${firstReason(refused)}` : "The upload has no picture",
    { details: { field: "processSrc", refused } },
  );
}

async function placeIn(path: string): Promise<Place> {
  const names = (await readdir(path)).filter((name) => !name.startsWith("."));
  return {
    path,
    stems: new Set(names.map((name) => wordOfName(parse(name).name))),
    taken: new Set(names.map((name) => wordOfName(name))),
    kept: [],
    renamed: new Map(),
  };
}

/** Writes the file under a temporary name, or gives the reason for refusing it. Always reads the stream to its end. */
async function receiveFile({ filename, stream }: UploadedFile, folder: string): Promise<Received | { reason: string }> {
  const name = safeName(filename);
  const isCaption = isCaptionName(name);
  if (!isCaption && !isPictureName(name)) {
    stream.resume();
    return { reason: "is not a picture (PNG, JPEG, WebP, GIF, TIFF or AVIF)" };
  }
  const temporary = join(folder, partName());
  let isReceived = false;
  try {
    await pipeline(stream, createWriteStream(temporary, { flags: "wx" }));
    if (stream.truncated === true) return { reason: `is larger than ${MAX_UPLOAD_FILE_BYTES >> 20} MiB` };
    if (isCaption) {
      const text = await readFile(temporary);
      if (text.length > MAX_CAPTION_BYTES || decodeText(text) === undefined) return { reason: "is not a caption" };
    } else await pictureSize(temporary, name);
    isReceived = true;
    return { filename, name, temporary };
  } catch (error) {
    if (error instanceof LexemeError && error.code === "NOT_A_PICTURE")
      return { reason: `cannot be read as a picture: ${pictureFault(error, name)}` };
    throw error;
  } finally {
    if (!isReceived) await rm(temporary, { force: true });
  }
}

/** Gives the file a free name in the folder. */
async function takeIn({ name, temporary }: Received, place: Place): Promise<void> {
  for (;;) {
    const free = freeName(name, place);
    try {
      await moveFile(temporary, join(place.path, free), { replace: false });
      place.kept.push(free);
      return;
    } catch (cause) {
      // Another program took the name meanwhile.
      if (codeOf(cause) !== "EEXIST") throw cause;
    }
  }
}

function partName(): string {
  return `.${randomUUID()}.part`;
}

/** True for the names of files that are being received; a killed server leaves some. */
export function isPartName(name: string): boolean {
  return /^\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.part$/u.test(name);
}

/** The name without folders, in a form that Windows, macOS and Linux allow. */
function safeName(filename: string): string {
  const base = (filename.split(/[\\/]/u).at(-1) ?? "").normalize("NFC").replaceAll(/^[. ]+|[. ]+$/gu, "");
  const extension = extname(base);
  const stem = base.slice(0, base.length - extension.length).trim();
  return `${fileNameOf(stem === "" ? "picture" : stem)}${extension}`;
}

/**
 * `name`, or `name-2` and so on if it is taken. Case is ignored, because file systems may ignore case. In the folder of an earlier upload a whole
 * stem is taken, so that a new picture does not get the caption of an old one; only a caption for an old picture without a caption keeps its name.
 */
function freeName(name: string, { stems, taken, renamed }: Place): string {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const isCaption = isCaptionName(name);
  const isOld = (one: string): boolean => !isCaption && stems.has(wordOfName(one));
  let free = (isCaption ? renamed.get(wordOfName(stem)) : undefined) ?? stem;
  for (let number = 2; taken.has(wordOfName(free + extension)) || isOld(free); number++) free = `${stem}-${number}`;
  taken.add(wordOfName(free + extension));
  if (!isCaption && free !== stem && stems.size > 0) renamed.set(wordOfName(stem), free);
  return free + extension;
}

/** True if the folder had this file, with the same bytes, before the upload. */
async function isSame(added: string, old: string, { kept }: Place): Promise<boolean> {
  if (kept.includes(basename(old))) return false;
  const [a, b] = await Promise.all([stat(added), ifAbsent(stat(old), undefined)]);
  if (b?.isFile() !== true || a.size !== b.size) return false;
  return (await readFile(added)).equals(await readFile(old));
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
