/** @file Reads the pixels of a picture file exactly as they are stored, because they may hide an embedding. */
import type { RgbPicture } from "@lexeme/formats";
import sharp from "sharp";

/** 1024 vectors of 1024 values take 6 million pixels beside their picture. */
const MAX_PIXELS = 4096 * 4096;
const EXACT_FORMATS: ReadonlySet<string> = new Set(["png", "webp", "heif"]);

let lastDecoding: Promise<unknown> = Promise.resolve();

/**
 * Exact pixels of a PNG, WebP or AVIF file, without alpha and colour profile; undefined for other bytes, such as a drawing, and for a
 * picture with more pixels than an embedding can need. Pictures are decoded one after the other, because each takes up to 200 MB.
 */
export function decodeRgb(bytes: Uint8Array): Promise<RgbPicture | undefined> {
  const decoding = lastDecoding.then(() => decode(bytes));
  lastDecoding = decoding;
  return decoding;
}

async function decode(bytes: Uint8Array): Promise<RgbPicture | undefined> {
  const options = { ignoreIcc: true, limitInputPixels: MAX_PIXELS };
  const format = await sharp(bytes, options)
    .metadata()
    .then(
      (metadata) => metadata.format,
      () => "",
    );
  if (!EXACT_FORMATS.has(format)) return undefined;
  const decoded = sharp(bytes, options).toColourspace("srgb").removeAlpha().raw({ depth: "uchar" });
  return decoded.toBuffer({ resolveWithObject: true }).then(
    ({ data, info: { width, height, channels } }) => (channels === 3 ? { width, height, rgb: data } : undefined),
    () => undefined,
  );
}
