/** @file Picture files: the names that count as pictures, how pictures are opened, and the reasons why a picture cannot be read. */
import { lstat, open, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { LexemeError, rethrowOwnMistake, codeOf } from "@lexeme/core";
import sharp, { type Sharp } from "sharp";
import { readWholeFile } from "./folder-walk.ts";

/** MIME types for browsers, by ending. sharp cannot read the last four formats, and such files get a reason. */
const PICTURE_TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".jfif": "image/jpeg",
  ".webp": "image/webp",
  ".gif": "image/gif",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".avif": "image/avif",
  ".bmp": "image/bmp",
  ".heic": "image/heic",
  ".heif": "image/heif",
  ".jxl": "image/jxl",
};
const UNREADABLE_KINDS: Readonly<Record<string, string>> = {
  ".bmp": "BMP",
  ".heic": "HEIC",
  ".heif": "HEIF",
  ".jxl": "JPEG XL",
};

/** A larger picture would take gigabytes to decode. */
const MAX_SIDE = 16_384;

// One thread for each picture, and no cache: a training needs the cores more, and scrolling the gallery would fill the memory.
sharp.concurrency(1);
sharp.cache(false);

/** True if a file of that name counts as a picture. Only opening the file shows whether it is a picture. */
export function isPictureName(name: string): boolean {
  return pictureType(name) !== undefined && !name.startsWith(".");
}

/** MIME type by ending; undefined for a name that does not belong to a picture. */
export function pictureType(name: string): string | undefined {
  const ending = extname(name).toLowerCase();
  return Object.hasOwn(PICTURE_TYPES, ending) ? PICTURE_TYPES[ending] : undefined;
}

/** Opens a picture file or its bytes for reading, with a limit of size. Throws LexemeError `NOT_A_PICTURE` for no bytes. Call `requirePictureFile` first, because sharp would wait for a pipe. */
export function openPicture(picture: string | Uint8Array): Sharp {
  if (picture.length === 0) throw unreadable("it is empty");
  return sharp(picture, { limitInputPixels: MAX_SIDE ** 2, failOn: "error", animated: false });
}

/**
 * Width and height in pixels of the upright picture, from its header. `name` is the name for the error. Throws LexemeError
 * `NOT_A_PICTURE` whose `details.reason` is a clause.
 */
export async function pictureSize(path: string, name: string = path): Promise<{ width: number; height: number }> {
  try {
    await requirePictureFile(path);
    const { autoOrient, format, compression } = await openPicture(path).metadata();
    requireNoDrawing(format);
    // sharp can read the header of an HEIC picture but not its pixels, because the codec is patented.
    if (format === "heif" && compression !== "av1") throw unreadable(unreadableKind(".heic"));
    if (autoOrient.width * autoOrient.height > MAX_SIDE ** 2) throw unreadable(tooManyPixels());
    return autoOrient;
  } catch (cause) {
    throw notAPicture(name, cause);
  }
}

/** The most bytes that a small copy of a picture may take to make. Two are made at a time. */
const MAX_DECODED_BYTES = 256 << 20;

/**
 * Requires that a small copy of the picture can be made in little memory. Only a PNG without interlacing and a plain JPEG are read row by
 * row; any other picture is decoded whole. Throws the errors of `pictureSize`.
 */
export async function requireSmallDecoding(path: string): Promise<void> {
  await pictureSize(path);
  const { width, height, channels, depth, format, isProgressive } = await openPicture(path).metadata();
  const isReadByRows = ["png", "jpeg"].includes(format) && !isProgressive;
  const bytes = width * height * channels * (depth === "uchar" ? 1 : 2);
  if (isReadByRows || bytes <= MAX_DECODED_BYTES) return;
  const reason = `it takes ${Math.round(bytes / 1e6)} MB to decode, too much for a small copy: save it smaller, or as a PNG without interlacing`;
  throw notAPicture(path, unreadable(reason));
}

/** The bytes of a picture file whose header was checked by `requireSmallDecoding`. Throws its errors, and LexemeError `FILE_UNREADABLE`. */
export async function readPictureFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  await requireSmallDecoding(path);
  return readWholeFile(path);
}

/** Requires a regular file, or a link to a regular file, at the path. Otherwise throws LexemeError `NOT_A_PICTURE` whose `details.reason` is a clause, or the file system's error. */
export async function requirePictureFile(path: string): Promise<void> {
  const status = await stat(path).catch(async (cause: unknown) => {
    const isLink = await lstat(path).then(
      (own) => own.isSymbolicLink(),
      () => false,
    );
    if (isLink && ["ENOENT", "ENOTDIR", "ELOOP"].includes(codeOf(cause))) throw unreadable("the link leads nowhere");
    throw cause;
  });
  if (!status.isFile()) throw unreadable("it is not a file but a folder, a pipe or a device");
  // For a file without permission to read, sharp would report damage or a missing file.
  await (await open(path, "r")).close();
}

/** Refuses an SVG: nobody trains on an SVG, and an SVG under the name of a PNG is suspicious. sharp itself must read SVGs, because Lexeme draws the card of a shared embedding as an SVG. */
export function requireNoDrawing(format: string | undefined): void {
  if (format === "svg") throw unreadable("it is a drawing");
}

/** The error for a picture that cannot be read, with the reason in the sentence and as `details.reason`. */
export function notAPicture(path: string, cause: unknown): LexemeError {
  const reason = pictureFault(cause, path);
  return new LexemeError("NOT_A_PICTURE", `"${path}" cannot be read as a picture: ${reason}`, {
    details: { reason },
    cause,
  });
}

/** Throws LexemeError `NOT_A_PICTURE` if the file's name has no picture's ending; its content is not read. */
export function requirePictureName(path: string): void {
  if (!isPictureName(basename(path))) throw new LexemeError("NOT_A_PICTURE", `"${path}" is not a picture`);
}

/** A clause for the user that says why the picture of that name could not be read. Throws mistakes of calling code again: no picture causes them. */
export function pictureFault(cause: unknown, name: string): string {
  rethrowOwnMistake(cause);
  if (cause instanceof LexemeError) {
    const { reason } = cause.details ?? {};
    return typeof reason === "string" ? reason : cause.message;
  }
  const code = codeOf(cause);
  if (code === "ENOENT" || code === "ENOTDIR") return "the file is gone";
  if (code === "EACCES" || code === "EPERM") return "it may not be read: give the user who runs Lexeme access to it";
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/pixel limit/i.test(message)) return tooManyPixels();
  if (/input file is missing/i.test(message)) return "the file is gone";
  const ending = extname(name).toLowerCase();
  if (Object.hasOwn(UNREADABLE_KINDS, ending)) return unreadableKind(ending);
  if (/unsupported image format|bad extension|compression format/i.test(message))
    return "it is not a picture, or of a kind that cannot be read";
  const [first = ""] = message.split("\n").filter((line) => line.trim() !== "");
  return `it is damaged (${first.replaceAll(basename(name), "").trim().slice(0, 120)})`;
}

/** `notAPicture` gives the error the picture's name. */
function unreadable(reason: string): LexemeError {
  return new LexemeError("NOT_A_PICTURE", reason, { details: { reason } });
}

function unreadableKind(ending: string): string {
  return `${UNREADABLE_KINDS[ending]} pictures cannot be read here: save the picture as PNG or JPEG`;
}

function tooManyPixels(): string {
  const side = MAX_SIDE.toLocaleString("en");
  return `it has more pixels than ${side} x ${side}, the largest size that can be read: make it smaller`;
}
