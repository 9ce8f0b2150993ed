/** @file Resizing of 8-bit pictures bit for bit as Pillow does it, since A1111's pictures depend on it. */
import type { PictureSize, RawPicture } from "../pictures/raw-picture.ts";
import { FILTERS, resampleWeights, type PlaceWeights } from "./resample-weights.ts";

/** Pillow's `resize(size, LANCZOS)`: rows, then columns, each rounded to 8 bits. */
export function resampleLanczos(picture: RawPicture, { width, height }: PictureSize): RawPicture {
  let { data } = picture;
  if (width !== picture.width) {
    const weights = resampleWeights(FILTERS.lanczos, { from: picture.width, to: width });
    const places = { lines: picture.height, oldLine: picture.width * 3, newLine: width * 3, stride: 3, inner: 3 };
    data = resampleAlong(data, weights, places);
  }
  if (height !== picture.height) {
    const weights = resampleWeights(FILTERS.lanczos, { from: picture.height, to: height });
    data = resampleAlong(data, weights, { lines: 1, oldLine: 0, newLine: 0, stride: width * 3, inner: width * 3 });
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

/** Where along a line the values lie: `stride` between two places, `inner` values at each place, `lines` of them. */
interface Lines {
  readonly lines: number;
  readonly oldLine: number;
  readonly newLine: number;
  readonly stride: number;
  readonly inner: number;
}

/** Pillow's fixed point: weights as whole numbers of 2^-22. */
const ONE = 2 ** 22;

function resampleAlong(data: Uint8Array, weights: readonly PlaceWeights[], lines: Lines): Uint8Array {
  const { stride, inner } = lines;
  const whole = weights.map(({ first, weights: parts }) => ({ first, parts: parts.map(toFixedPoint) }));
  const length = lines.lines * (lines.newLine || weights.length * stride);
  const out = new Uint8Array(length);
  for (let line = 0; line < lines.lines; line++) {
    for (const [place, { first, parts }] of whole.entries()) {
      const to = line * lines.newLine + place * stride;
      const from = line * lines.oldLine + first * stride;
      for (let i = 0; i < inner; i++) {
        let sum = ONE / 2;
        for (let k = 0; k < parts.length; k++) sum += parts[k]! * data[from + k * stride + i]!;
        out[to + i] = Math.min(255, Math.max(0, Math.floor(sum / ONE)));
      }
    }
  }
  return out;
}

function toFixedPoint(weight: number): number {
  return Math.trunc(weight * ONE + (weight < 0 ? -0.5 : 0.5));
}

/** Pillow adds the step up instead of multiplying, which decides ties. */
function nearestPlaces({ from, to }: { from: number; to: number }): number[] {
  const step = from / to;
  const places: number[] = [];
  for (let at = step / 2; places.length < to; at += step) places.push(Math.min(from - 1, Math.trunc(at)));
  return places;
}
