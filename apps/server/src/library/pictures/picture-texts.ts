/** @file The texts in a picture, from every place where A1111 looks for an infotext: PNG texts, EXIF's comment, and the comments of GIF and JPEG. */
import {
  isPng,
  PARAMETERS_KEYWORD,
  readExifUserComment,
  readGifComment,
  readJpegComment,
  readPngTexts,
} from "@lexeme/formats";

export interface PictureTexts {
  readonly infotext: string | undefined;
  /** A GIF's or a JPEG's comment, which may have any content. */
  readonly comment: string | undefined;
  /** The texts of a PNG by their names. */
  readonly texts: ReadonlyMap<string, string>;
}

/** As in A1111, EXIF's comment goes before a PNG's text, and a file's own comment counts only without EXIF. */
export function pictureTexts(bytes: Uint8Array, exif: Uint8Array | undefined): PictureTexts {
  const texts = new Map((isPng(bytes) ? readPngTexts(bytes) : []).map(({ keyword, text }) => [keyword, text]));
  const inExif = exif && readExifUserComment(exif);
  const comment = exif === undefined ? (readGifComment(bytes) ?? readJpegComment(bytes)) : undefined;
  return { infotext: inExif || texts.get(PARAMETERS_KEYWORD) || undefined, comment, texts };
}
