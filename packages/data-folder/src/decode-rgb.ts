/** @file Reads the pixels of a picture file exactly as they are stored, because they may hide an embedding. */
import type { RgbPicture } from "@lexeme/formats";
import sharp from "sharp";

/** 16384 x 16384 would take gigabytes to decode; pictures with embeddings have a few thousand pixels on each side. */
const MAX_PIXELS = 8192 * 8192;

/** Exact pixels of a PNG, WebP or AVIF file, without alpha and colour profile; undefined for bytes that are not a picture. */
export async function decodeRgb(bytes: Uint8Array): Promise<RgbPicture | undefined> {
  const decoded = sharp(bytes, { ignoreIcc: true, limitInputPixels: MAX_PIXELS })
    .toColourspace("srgb")
    .removeAlpha()
    .raw({ depth: "uchar" });
  return decoded.toBuffer({ resolveWithObject: true }).then(
    ({ data, info: { width, height, channels } }) => (channels === 3 ? { width, height, rgb: data } : undefined),
    () => undefined,
  );
}
