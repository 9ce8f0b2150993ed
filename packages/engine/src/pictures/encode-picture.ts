/** @file Encodes a picture as the bytes of a file, with its infotext inside, as A1111's options demand. */
import { fitsJpegExif, PARAMETERS_KEYWORD, writeJpegInfotext, writePngText, writeWebpInfotext } from "@lexeme/formats";
import type { ImageOptions, PictureFormat } from "@lexeme/domain/options";
import { encoded, encodeJpeg, encodePng, fromRaw, type RawPicture } from "./raw-picture.ts";

export interface EncodedPicture {
  readonly bytes: Uint8Array;
  /** The format, which is also the ending of the file's name. */
  readonly format: PictureFormat;
}

export type EncodingOptions = Pick<ImageOptions, "enable_pnginfo" | "jpeg_quality" | "webp_lossless">;

/** The longest side of a picture in each format, in pixels. */
const MAX_JPEG_SIDE = 65535;
const MAX_WEBP_SIDE = 16383;

/**
 * Encodes as `format`. A picture that this format cannot hold becomes a PNG: one with a side that is too long, as in A1111, or with an
 * infotext that is too long for JPEG (where A1111 fails).
 */
export async function encodePicture(
  picture: RawPicture,
  infotext: string,
  { format, ...options }: EncodingOptions & { format: PictureFormat },
): Promise<EncodedPicture> {
  const text = options.enable_pnginfo ? infotext : "";
  const used = holds(format, { ...picture, text }) ? format : "png";
  return { format: used, bytes: await encode(picture, text, { ...options, format: used }) };
}

function holds(
  format: PictureFormat,
  { width, height, text }: { width: number; height: number; text: string },
): boolean {
  const side = Math.max(width, height);
  switch (format) {
    case "png":
      return true;
    case "webp":
      return side <= MAX_WEBP_SIDE;
    case "jpg":
    case "jpeg":
      return side <= MAX_JPEG_SIDE && fitsJpegExif(text);
  }
}

async function encode(
  picture: RawPicture,
  text: string,
  { format, jpeg_quality: quality, webp_lossless: lossless }: EncodingOptions & { format: PictureFormat },
): Promise<Uint8Array> {
  switch (format) {
    case "png": {
      const png = await encodePng(picture);
      return text === "" ? png : writePngText(png, { keyword: PARAMETERS_KEYWORD, text });
    }
    case "jpg":
    case "jpeg": {
      const jpeg = await encodeJpeg(picture, quality);
      return text === "" ? jpeg : writeJpegInfotext(jpeg, text);
    }
    case "webp": {
      const webp = await encoded(fromRaw(picture).webp({ quality, lossless }));
      return text === "" ? webp : writeWebpInfotext(webp, { ...picture, text });
    }
  }
}
