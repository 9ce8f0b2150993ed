/** @file The size of a picture of hires fix: A1111's `calculate_target_resolution`. */
import type { HiresSettings } from "./hires-fields.ts";
import { effectiveSize, SIZE_STEP } from "./size-field.ts";

interface Size {
  width: number;
  height: number;
}

export interface HiresSize {
  /** The size in pixels to which the first pass' picture is enlarged. */
  upscaled: Size;
  /** Places of the latent, eight pixels a side, that are then cut off, half of them on each side. */
  cut: Size;
  /** The size of the finished picture in pixels. */
  final: Size;
}

/** By scale, by one side with the proportions kept, or by both sides: then the picture covers that size, and the overhang is cut off. */
export function hiresSize(settings: Size & Pick<HiresSettings, "hrScale" | "hrResizeX" | "hrResizeY">): HiresSize {
  const { hrResizeX, hrResizeY } = settings;
  const upscaled = upscaledSize(settings);
  const isCut = hrResizeX > 0 && hrResizeY > 0;
  const cut = {
    width: isCut ? Math.floor((upscaled.width - hrResizeX) / SIZE_STEP) : 0,
    height: isCut ? Math.floor((upscaled.height - hrResizeY) / SIZE_STEP) : 0,
  };
  const final = {
    width: effectiveSize(upscaled.width) - cut.width * SIZE_STEP,
    height: effectiveSize(upscaled.height) - cut.height * SIZE_STEP,
  };
  return { upscaled, cut, final };
}

function upscaledSize({
  width,
  height,
  hrScale,
  hrResizeX,
  hrResizeY,
}: Size & Pick<HiresSettings, "hrScale" | "hrResizeX" | "hrResizeY">): Size {
  if (hrResizeX === 0 && hrResizeY === 0) {
    return { width: Math.trunc(width * hrScale), height: Math.trunc(height * hrScale) };
  }
  const byWidth = { width: hrResizeX, height: Math.floor((hrResizeX * height) / width) };
  const byHeight = { width: Math.floor((hrResizeY * width) / height), height: hrResizeY };
  if (hrResizeY === 0) return byWidth;
  if (hrResizeX === 0) return byHeight;
  return width / height < hrResizeX / hrResizeY ? byWidth : byHeight;
}
