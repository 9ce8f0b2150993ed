/** @file The middle of the window with the most "entropy", by A1111's own measure of it. */
import type { Point } from "./corner-points.ts";
import type { GreyPicture } from "./luminance.ts";

/** Pixels between windows. */
const WINDOW_STEP = 4;

/**
 * A window of the crop's size slides along the long side. The result is the window whose black-and-white version has the largest
 * `sum(-log2 p)` over black and white, if present (A1111's formula; Shannon's would weight each term by p).
 */
export function entropyPoint(grey: GreyPicture, crop: { width: number; height: number }): Point {
  const horizontal = grey.width > grey.height;
  const room = horizontal ? grey.width - crop.width : grey.height - crop.height;
  let best = 0;
  let bestEntropy = 0;
  for (let offset = 0; offset < room; offset += WINDOW_STEP) {
    const window = { left: horizontal ? offset : 0, top: horizontal ? 0 : offset, ...crop };
    const entropy = ditheredEntropy(grey, window);
    if (entropy > bestEntropy) [best, bestEntropy] = [offset, entropy];
  }
  return {
    x: Math.floor((horizontal ? best : 0) + crop.width / 2),
    y: Math.floor((horizontal ? 0 : best) + crop.height / 2),
  };
}

function ditheredEntropy(
  grey: GreyPicture,
  window: { left: number; top: number; width: number; height: number },
): number {
  const total = window.width * window.height;
  const white = countWhite(grey, window);
  let entropy = 0;
  for (const count of [white, total - white]) if (count > 0) entropy -= Math.log2(count / total);
  return entropy;
}

/** Pixels that Floyd-Steinberg dithering (threshold 128, errors in sixteenths to the right and below) makes white. */
function countWhite(grey: GreyPicture, window: { left: number; top: number; width: number; height: number }): number {
  const { left, top, width, height } = window;
  // A border of one pixel on both sides makes tests at the ends of a row unnecessary.
  let here = new Int32Array(width + 2);
  let below = new Int32Array(width + 2);
  let white = 0;
  for (let y = 0; y < height; y++) {
    const row = (top + y) * grey.width + left;
    for (let x = 0; x < width; x++) {
      const value = Math.min(255, Math.max(0, grey.data[row + x]! + Math.trunc(here[x + 1]! / 16)));
      const isWhite = value > 128;
      if (isWhite) white++;
      const error = isWhite ? value - 255 : value;
      here[x + 2] = here[x + 2]! + error * 7;
      below[x] = below[x]! + error * 3;
      below[x + 1] = below[x + 1]! + error * 5;
      below[x + 2] = below[x + 2]! + error;
    }
    [here, below] = [below, here];
    below.fill(0);
  }
  return white;
}
