/** @file What counts as a picture, and what its header says: size upright, as people see it. */
import { LexemeError } from "@lexeme/core";
import { extname } from "node:path";
import sharp, { type Sharp } from "sharp";

/** What sharp's prebuilt library reads and browsers or cameras make. */
const PICTURE_EXTENSIONS = new Set([".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".avif", ".jfif"]);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".jfif": "image/jpeg",
  ".webp": "image/webp",
  ".gif": "image/gif",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".avif": "image/avif",
};

/** 16384 x 16384: a larger one would take gigabytes to decode. */
const MAX_PIXELS = 16384 ** 2;

// Thumbnails of a scrolled gallery would otherwise fill libvips' cache with decoded pictures.
sharp.cache(false);
// The worker computes on these cores; the server's own pictures are small and may take a moment longer.
sharp.concurrency(1);

export function isPictureName(name: string): boolean {
  return PICTURE_EXTENSIONS.has(extname(name).toLowerCase()) && !name.startsWith(".");
}

/** MIME type by extension; undefined for what is not a picture. */
export function pictureType(name: string): string | undefined {
  return CONTENT_TYPES[extname(name).toLowerCase()];
}

/** A picture file opened for reading, bounded in size. */
export function openPicture(path: string): Sharp {
  return sharp(path, { limitInputPixels: MAX_PIXELS, failOn: "error" });
}

/** Width and height in pixels with the EXIF rotation applied. Throws LexemeError `NOT_A_PICTURE`. */
export async function pictureSize(path: string): Promise<{ width: number; height: number }> {
  try {
    const { width, height, orientation = 1, format } = await openPicture(path).metadata();
    requireNoDrawing(format);
    return orientation >= 5 ? { width: height, height: width } : { width, height };
  } catch (cause) {
    throw new LexemeError("NOT_A_PICTURE", `"${path}" cannot be read as a picture (${reasonOf(cause)})`, { cause });
  }
}

/** An SVG is a program: nobody trains on one, and one that calls itself a PNG is up to something. The card of a shared embedding is one of ours, so that sharp has to read them. */
export function requireNoDrawing(format: string | undefined): void {
  if (format === "svg") throw new RangeError("it is a drawing");
}

/** The first line of libvips' complaint, which is a chain of them. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]?.trim() || "unknown reason";
}
