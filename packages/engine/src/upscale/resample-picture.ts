/** @file Resizes 8-bit pictures with the same bits as Pillow, because A1111's pictures depend on Pillow. */
import type { PictureSize, RawPicture } from "../pictures/raw-picture.ts";
import { FILTERS, resampleWeights } from "./resample-weights.ts";

/** Pillow's `resize(size, LANCZOS)`: rows, then columns, each rounded to 8 bits. */
export function resampleLanczos(picture: RawPicture, { width, height }: PictureSize): RawPicture {
  let { data } = picture;
  if (width !== picture.width) data = resampleRows(picture, weightsOf({ from: picture.width, to: width }));
  if (height !== picture.height) {
    data = resampleColumns({ ...picture, width, data }, weightsOf({ from: picture.height, to: height }));
  }
  return { width, height, data };
}

/** Pillow's `resize(size, NEAREST)`. */
export function resampleNearest(picture: RawPicture, { width, height }: PictureSize): RawPicture {
  const columns = nearestPlaces({ from: picture.width, to: width });
  const rows = nearestPlaces({ from: picture.height, to: height });
  const data = new Uint8Array(width * height * 3);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * picture.width + column) * 3;
      data[at++] = picture.data[from]!;
      data[at++] = picture.data[from + 1]!;
      data[at++] = picture.data[from + 2]!;
    }
  }
  return { width, height, data };
}

/** Pillow's fixed-point numbers: weights in units of 2^-22, so that sums over 8-bit values fit in 32 bits. */
const FRACTION_BITS = 22;
const HALF = 2 ** (FRACTION_BITS - 1);

interface WholeWeights {
  readonly first: number;
  readonly parts: Int32Array;
}

function weightsOf(size: { from: number; to: number }): WholeWeights[] {
  return resampleWeights(FILTERS.lanczos, size).map(({ first, weights }) => ({
    first,
    parts: Int32Array.from(weights, (weight) => Math.trunc(weight * 2 ** FRACTION_BITS + (weight < 0 ? -0.5 : 0.5))),
  }));
}

function resampleRows({ width, height, data }: RawPicture, weights: readonly WholeWeights[]): Uint8Array {
  const out = new Uint8Array(weights.length * height * 3);
  let to = 0;
  for (let row = 0; row < height; row++) {
    for (const { first, parts } of weights) {
      let [red, green, blue] = [HALF, HALF, HALF];
      let from = (row * width + first) * 3;
      for (let k = 0; k < parts.length; k++) {
        const part = parts[k]!;
        red += part * data[from++]!;
        green += part * data[from++]!;
        blue += part * data[from++]!;
      }
      out[to++] = toByte(red);
      out[to++] = toByte(green);
      out[to++] = toByte(blue);
    }
  }
  return out;
}

/** Works row by row, so that memory is read in order. */
function resampleColumns({ width, data }: RawPicture, weights: readonly WholeWeights[]): Uint8Array {
  const length = width * 3;
  const sums = new Int32Array(length);
  const out = new Uint8Array(weights.length * length);
  for (const [row, { first, parts }] of weights.entries()) {
    sums.fill(HALF);
    for (const [k, part] of parts.entries()) {
      const from = (first + k) * length;
      for (let i = 0; i < length; i++) sums[i]! += part * data[from + i]!;
    }
    const to = row * length;
    for (let i = 0; i < length; i++) out[to + i] = toByte(sums[i]!);
  }
  return out;
}

function toByte(sum: number): number {
  return Math.min(255, Math.max(0, sum >> FRACTION_BITS));
}

/** Pillow adds the step repeatedly instead of multiplying. The rounding decides ties. */
function nearestPlaces({ from, to }: { from: number; to: number }): number[] {
  const step = from / to;
  const places: number[] = [];
  for (let at = step / 2; places.length < to; at += step) places.push(Math.min(from - 1, Math.trunc(at)));
  return places;
}
