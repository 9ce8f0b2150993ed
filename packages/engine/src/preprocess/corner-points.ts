/** @file Corners by Shi and Tomasi ("Good Features to Track", 1994), with the parameters that A1111 gives OpenCV's `goodFeaturesToTrack`. */
import type { GreyPicture } from "./luminance.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

const MAX_CORNERS = 100;
/** A corner has at least this part of the strongest corner's strength. */
const QUALITY_LEVEL = 0.04;
/** The least distance between corners, as a part of the short side. */
const MIN_DISTANCE_RATIO = 0.06;

/** Up to 100 corners, strongest first; none in a flat picture. */
export function cornerPoints(grey: GreyPicture): Point[] {
  const { width, height } = grey;
  if (width < 3 || height < 3) return [];
  const strength = minimalEigenvalues(grey);
  const strongest = strength.reduce((max, value) => Math.max(max, value), 0);
  if (strongest <= 0) return [];
  return spreadOut(localMaxima(strength, { width, height, least: strongest * QUALITY_LEVEL }), {
    minDistance: Math.min(width, height) * MIN_DISTANCE_RATIO,
    strength,
    width,
  });
}

/** The smaller eigenvalue of the structure tensor: Sobel gradients, summed over 3 x 3, edges mirrored without repeating the border. */
function minimalEigenvalues({ width, height, data }: GreyPicture): Float32Array {
  const count = width * height;
  const [xx, xy, yy] = [new Float32Array(count), new Float32Array(count), new Float32Array(count)];
  for (let y = 0; y < height; y++) {
    const above = mirrored(y - 1, height) * width;
    const here = y * width;
    const below = mirrored(y + 1, height) * width;
    for (let x = 0; x < width; x++) {
      const left = mirrored(x - 1, width);
      const right = mirrored(x + 1, width);
      const dx =
        data[above + right]! +
        2 * data[here + right]! +
        data[below + right]! -
        (data[above + left]! + 2 * data[here + left]! + data[below + left]!);
      const dy =
        data[below + left]! +
        2 * data[below + x]! +
        data[below + right]! -
        (data[above + left]! + 2 * data[above + x]! + data[above + right]!);
      xx[here + x] = dx * dx;
      xy[here + x] = dx * dy;
      yy[here + x] = dy * dy;
    }
  }
  const [a, b, c] = [boxSum(xx, width, height), boxSum(xy, width, height), boxSum(yy, width, height)];
  const out = a;
  for (let i = 0; i < count; i++) {
    const [sxx, sxy, syy] = [a[i]! / 2, b[i]!, c[i]! / 2];
    out[i] = sxx + syy - Math.sqrt((sxx - syy) * (sxx - syy) + sxy * sxy);
  }
  return out;
}

/** Sum over the 3 x 3 neighbourhood of each value. */
function boxSum(values: Float32Array, width: number, height: number): Float32Array {
  const rows = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = y * width;
      rows[row + x] = values[row + mirrored(x - 1, width)]! + values[row + x]! + values[row + mirrored(x + 1, width)]!;
    }
  }
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    const [above, below] = [mirrored(y - 1, height) * width, mirrored(y + 1, height) * width];
    for (let x = 0; x < width; x++) out[y * width + x] = rows[above + x]! + rows[y * width + x]! + rows[below + x]!;
  }
  return out;
}

/** Numbers of the pixels whose value is the largest of the 3 x 3 around it and at least `least`; the outermost pixels are left out, as in OpenCV. */
function localMaxima(values: Float32Array, options: { width: number; height: number; least: number }): number[] {
  const { width, height, least } = options;
  const found: number[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const value = values[at]!;
      if (value >= least && value > 0 && isMaximum(values, at, width)) found.push(at);
    }
  }
  return found;
}

function isMaximum(values: Float32Array, at: number, width: number): boolean {
  const value = values[at]!;
  for (let dy = -width; dy <= width; dy += width) {
    for (let dx = -1; dx <= 1; dx++) if (values[at + dy + dx]! > value) return false;
  }
  return true;
}

/** The strongest points, each at the least distance or more from every stronger point. */
function spreadOut(
  candidates: number[],
  options: { minDistance: number; strength: Float32Array; width: number },
): Point[] {
  const { strength, width, minDistance } = options;
  candidates.sort((a, b) => strength[b]! - strength[a]! || a - b);
  const kept: Point[] = [];
  for (const at of candidates) {
    const point = { x: at % width, y: Math.floor(at / width) };
    const near = kept.some(({ x, y }) => (x - point.x) ** 2 + (y - point.y) ** 2 < minDistance ** 2);
    if (near) continue;
    kept.push(point);
    if (kept.length === MAX_CORNERS) break;
  }
  return kept;
}

/** Index mirrored at the ends without repeating the end itself (OpenCV's `BORDER_REFLECT_101`). */
function mirrored(index: number, length: number): number {
  if (index < 0) return Math.min(-index, length - 1);
  return index < length ? index : Math.max(2 * length - 2 - index, 0);
}
