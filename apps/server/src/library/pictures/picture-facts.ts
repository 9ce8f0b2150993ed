/** @file Reads the size and settings of a picture, and finds the files that were saved with it. */
import { findPngParameters, readExifUserComment } from "@lexeme/formats";
import { withRandomAccess } from "@lexeme/formats/node";
import type { GalleryImage } from "@lexeme/protocol";
import { openPicture, readRegularFile, requireNoDrawing, requirePictureFile } from "@lexeme/data-folder";

/** A prompt and its settings have a few KB. */
const MAX_TEXT_BYTES = 64 << 10;

export type PictureFacts = Pick<GalleryImage, "width" | "height" | "infotext">;

/** For a file that is not a picture, throws the error of opening it. */
export async function readPictureFacts(path: string): Promise<PictureFacts> {
  await requirePictureFile(path);
  const { format, autoOrient: size, exif } = await openPicture(path).metadata();
  requireNoDrawing(format);
  const infotext =
    format === "png"
      ? ((await withRandomAccess(path, findPngParameters)) ?? null)
      : ((exif && readExifUserComment(exif)) ?? null);
  return { ...size, infotext };
}

/** Paths of the pictures whose smaller JPEG copy this picture may be. A1111's `export_for_4chan` puts such copies beside large pictures. */
export function possibleOriginals(path: string): string[] {
  return path.endsWith(".jpg") ? [".png", ".webp"].map((ending) => path.slice(0, -".jpg".length) + ending) : [];
}

/** The smaller JPEG and the text file that were saved with the picture. Only files with the same infotext count. */
export async function savedBeside(path: string): Promise<string[]> {
  const stem = /^(.*)\.(?:png|webp|jpe?g)$/isu.exec(path)?.[1];
  const infotext = stem === undefined ? null : await infotextOf(path);
  if (infotext === null) return [];
  const [copy, text] = [`${stem}.jpg`, `${stem}.txt`];
  const isCopy = possibleOriginals(copy).includes(path) && (await infotextOf(copy)) === infotext;
  const isText = (await textOf(text)) === `${infotext}\n`;
  return [...(isCopy ? [copy] : []), ...(isText ? [text] : [])];
}

/** Undefined for a file that is too long or unreadable: it is not the picture's text file and must not be deleted. */
async function textOf(path: string): Promise<string | undefined> {
  const bytes = await readRegularFile(path, MAX_TEXT_BYTES).catch(() => undefined);
  return bytes && new TextDecoder().decode(bytes);
}

async function infotextOf(path: string): Promise<string | null> {
  const facts = await readPictureFacts(path).catch(() => null);
  return facts?.infotext ?? null;
}
