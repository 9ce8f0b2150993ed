/** @file Files of pictures: which names count as pictures, how they are opened, and why one cannot be read. */
import { lstat, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { LexemeError } from "@lexeme/core";
import sharp, { type Sharp } from "sharp";
import { codeOf } from "./absence.ts";

/** By ending, the type that a browser is told; sharp reads none of the last four, and says so of each file. */
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

// One thread a picture, and no cache: a training needs the cores more, and a scrolled gallery would fill the memory.
sharp.concurrency(1);
sharp.cache(false);

/** Whether a file of that name counts as a picture; only opening it tells whether it is one. */
export function isPictureName(name: string): boolean {
  return pictureType(name) !== undefined && !name.startsWith(".");
}

/** MIME type by ending; undefined for a name that is no picture's. */
export function pictureType(name: string): string | undefined {
  const ending = extname(name).toLowerCase();
  return Object.hasOwn(PICTURE_TYPES, ending) ? PICTURE_TYPES[ending] : undefined;
}

/** A picture file or its bytes opened for reading, bounded in size. `requirePictureFile` comes first: sharp would wait for a pipe. */
export function openPicture(picture: string | Uint8Array): Sharp {
  return sharp(picture, { limitInputPixels: MAX_SIDE ** 2, failOn: "error", animated: false });
}

/**
 * Width and height in pixels as the picture stands upright, from its header. `name` is the one to blame it by. Throws LexemeError
 * `NOT_A_PICTURE` whose `details.reason` is a clause.
 */
export async function pictureSize(path: string, name: string = path): Promise<{ width: number; height: number }> {
  try {
    await requirePictureFile(path);
    const { autoOrient, format, compression } = await openPicture(path).metadata();
    requireNoDrawing(format);
    // The header of an HEIC can be read, its pixels cannot: they are patented.
    if (format === "heif" && compression !== "av1") throw new RangeError(unreadableKind(".heic"));
    if (autoOrient.width * autoOrient.height > MAX_SIDE ** 2) throw new RangeError(tooManyPixels());
    return autoOrient;
  } catch (cause) {
    throw notAPicture(name, cause);
  }
}

/** Throws a RangeError whose message is a clause unless a regular file, or a link to one, lies at the path. */
export async function requirePictureFile(path: string): Promise<void> {
  const status = await stat(path).catch(async (cause: unknown) => {
    const isLink = await lstat(path).then(
      (own) => own.isSymbolicLink(),
      () => false,
    );
    if (isLink && ["ENOENT", "ENOTDIR", "ELOOP"].includes(codeOf(cause)))
      throw new RangeError("the link leads nowhere");
    throw cause;
  });
  if (!status.isFile()) throw new RangeError("it is not a file but a folder, a pipe or a device");
}

/** An SVG is a program: nobody trains on one, and one that calls itself a PNG is up to something. The card of a shared embedding is one of ours, so that sharp has to read them. */
export function requireNoDrawing(format: string | undefined): void {
  if (format === "svg") throw new RangeError("it is a drawing");
}

/** A failure to read a picture, with the reason in the sentence and as `details.reason`. */
export function notAPicture(path: string, cause: unknown): LexemeError {
  const reason = pictureFault(cause, path);
  return new LexemeError("NOT_A_PICTURE", `"${path}" cannot be read as a picture: ${reason}`, {
    details: { reason },
    cause,
  });
}

/** Why the picture of that name could not be read, as a clause for the person who owns it. */
export function pictureFault(cause: unknown, name: string): string {
  if (cause instanceof LexemeError) {
    const { reason } = cause.details ?? {};
    return typeof reason === "string" ? reason : cause.message;
  }
  if (cause instanceof RangeError) return cause.message;
  const code = codeOf(cause);
  if (code === "ENOENT" || code === "ENOTDIR") return "the file is gone";
  if (code === "EACCES" || code === "EPERM") return "the file may not be read";
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

function unreadableKind(ending: string): string {
  return `${UNREADABLE_KINDS[ending]} pictures cannot be read here: save it as PNG or JPEG`;
}

function tooManyPixels(): string {
  const side = MAX_SIDE.toLocaleString("en");
  return `it has more pixels than ${side} x ${side}, the most that are read: make it smaller`;
}
