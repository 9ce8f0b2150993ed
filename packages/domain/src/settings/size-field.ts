/** @file The field for a width or height in pixels, for all forms. */
import { z } from "zod";
import type { ReadKey } from "../infotext/infotext-keys.ts";
import { setting } from "./setting.ts";

/** SD's VAE shrinks by 8, so only multiples of 8 have a latent. */
export const SIZE_STEP = 8;

/** The bounds of A1111's sliders, in pixels. */
export const SIZE_MIN = 64;
export const SIZE_MAX = 2048;
/** Programs may ask for other sizes: from one place of the latent on, and up to a side whose picture no memory holds. */
const SMALLEST_SIZE = SIZE_STEP;
export const LARGEST_SIZE = 16_384;

/** A size in pixels. A number that is not divisible by 8 is rounded down when it is used, as in A1111, and the form shows a note beside the field. */
export function sizeField(title: string, infotext: readonly ReadKey[] = []) {
  return setting(z.number().int().min(SMALLEST_SIZE).max(LARGEST_SIZE).default(512), {
    title,
    unit: "px",
    infotext,
    slider: { min: SIZE_MIN, max: SIZE_MAX },
  });
}

/** The size that is really used: rounded down to a multiple of 8. */
export function effectiveSize(pixels: number): number {
  return Math.floor(pixels / SIZE_STEP) * SIZE_STEP;
}
