/** @file A decoded picture in memory, and the operations that preprocessing and training need. */
import { LexemeError, rethrowOwnMistake } from "@lexeme/core";
import { notAPicture, openPicture, pictureSize } from "@lexeme/data-folder";
import sharp, { type Sharp } from "sharp";

/** Upright 8-bit RGB pixels, row by row: `data.length === width * height * 3`. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export type PictureSize = Pick<RawPicture, "width" | "height">;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Pillow's names of sharp's kernels `lanczos3` and `cubic`. */
export type ResizeKernel = "lanczos" | "bicubic";

/**
 * Decodes a picture, turns it upright by its EXIF orientation and drops transparency as Pillow's `convert("RGB")` does,
 * whose colours a CMYK picture has too.
 * Throws LexemeError `NOT_A_PICTURE` with `details.reason` when the file is no picture, is damaged or too large.
 */
export async function readPicture(path: string): Promise<RawPicture> {
  await pictureSize(path);
  const { space } = await openPicture(path).metadata();
  const upright = openPicture(path).autoOrient();
  const isCmyk = space === "cmyk";
  const { data, info } = await (
    isCmyk ? upright.pipelineColourspace("cmyk").toColourspace("cmyk") : upright.removeAlpha().toColourspace("srgb")
  )
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw notAPicture(path, cause);
    });
  if (isCmyk && info.channels === 4) return { width: info.width, height: info.height, data: rgbOfCmyk(data) };
  return { width: info.width, height: info.height, data: info.channels === 3 ? data : threeChannels(data, info) };
}

/** Pillow's `convert("RGB")` for the four inks of print, without a colour profile: (1 - K)(1 - C), in whole numbers of 255. */
function rgbOfCmyk(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const light = 255 - cmyk[from + 3]!;
    for (let ink = 0; ink < 3; ink++) rgb[to++] = light - dividedBy255(cmyk[from + ink]! * light);
  }
  return rgb;
}

/** The rounded quotient, as Pillow computes it. */
function dividedBy255(product: number): number {
  const rounded = product + 128;
  return ((rounded >> 8) + rounded) >> 8;
}

export async function resizePicture(
  picture: RawPicture,
  size: { width: number; height: number },
  kernel: ResizeKernel,
): Promise<RawPicture> {
  if (size.width === picture.width && size.height === picture.height) return picture;
  const data = await fromRaw(picture)
    .resize(size.width, size.height, { fit: "fill", kernel: kernel === "lanczos" ? "lanczos3" : "cubic" })
    .raw()
    .toBuffer();
  return { ...size, data };
}

/** The part of `picture` inside `box`. The box must be inside the picture. */
export function cropPicture(picture: RawPicture, box: Box): RawPicture {
  if (box.left < 0 || box.top < 0 || box.left + box.width > picture.width || box.top + box.height > picture.height) {
    throw new RangeError(`crop ${JSON.stringify(box)} leaves a ${picture.width} x ${picture.height} picture`);
  }
  const data = new Uint8Array(box.width * box.height * 3);
  for (let y = 0; y < box.height; y++) {
    const from = ((box.top + y) * picture.width + box.left) * 3;
    data.set(picture.data.subarray(from, from + box.width * 3), y * box.width * 3);
  }
  return { width: box.width, height: box.height, data };
}

/** The mirror image, left and right exchanged. */
export function mirrorPicture(picture: RawPicture): RawPicture {
  const { width, height } = picture;
  const data = new Uint8Array(picture.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = (y * width + width - 1 - x) * 3;
      data[to] = picture.data[from]!;
      data[to + 1] = picture.data[from + 1]!;
      data[to + 2] = picture.data[from + 2]!;
    }
  }
  return { width, height, data };
}

/** Resizes the picture to cover `size` with its proportions kept, and cuts both sides evenly: A1111's "crop and resize", with its rounding. */
export async function coverCentre(picture: RawPicture, size: { width: number; height: number }): Promise<RawPicture> {
  if (picture.width === size.width && picture.height === size.height) return picture;
  const targetRatio = size.width / size.height;
  const ratio = picture.width / picture.height;
  const width = targetRatio > ratio ? size.width : Math.floor((picture.width * size.height) / picture.height);
  const height = targetRatio <= ratio ? size.height : Math.floor((picture.height * size.width) / picture.width);
  // Rounding down can make the picture a pixel too small for the frame, where A1111 leaves a dark line.
  const covering = { width: Math.max(width, size.width), height: Math.max(height, size.height) };
  const resized = await resizePicture(picture, covering, "lanczos");
  return cropPicture(resized, {
    ...size,
    left: half(covering.width) - half(size.width),
    top: half(covering.height) - half(size.height),
  });
}

/** `[3, height, width]` in -1 to 1. */
export function pixelsToPlanes({ width, height, data }: RawPicture): Float32Array {
  const count = width * height;
  const planes = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < 3; channel++) planes[channel * count + i] = data[i * 3 + channel]! / 127.5 - 1;
  }
  return planes;
}

export async function encodePng(picture: RawPicture): Promise<Uint8Array> {
  return encoded(fromRaw(picture).png());
}

export async function encodeJpeg(picture: RawPicture, quality: number): Promise<Uint8Array> {
  return encoded(fromRaw(picture).jpeg({ quality }));
}

/** The bytes of a picture's file. Throws LexemeError `FILE_UNWRITABLE` with sharp's reason. */
export async function encoded(picture: Sharp): Promise<Uint8Array> {
  return picture.toBuffer().catch((cause: unknown) => {
    rethrowOwnMistake(cause);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LexemeError("FILE_UNWRITABLE", `Cannot encode the picture: ${why}`, { cause });
  });
}

/** The picture for sharp, without sharp's size limit. The limit protects against files, and a grid with labels may be larger. */
export function fromRaw({ width, height, data }: RawPicture): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

function half(size: number): number {
  return Math.floor(size / 2);
}

/** Some decoders return one or two channels (grey, grey and alpha). Grey is then copied to red, green and blue. */
function threeChannels(data: Uint8Array, info: { width: number; height: number; channels: number }): Uint8Array {
  const out = new Uint8Array(info.width * info.height * 3);
  for (let pixel = 0; pixel < info.width * info.height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      out[pixel * 3 + channel] = data[pixel * info.channels + (info.channels < 3 ? 0 : channel)]!;
    }
  }
  return out;
}
