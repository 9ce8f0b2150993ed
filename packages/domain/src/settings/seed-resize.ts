/** @file A1111's "Resize seed from": the size at which the seed's noise is drawn before it is put into the middle of the picture's noise. */
import type { Txt2imgSettings } from "./txt2img-settings.ts";

/** The size in pixels; undefined if the noise has the picture's own size. */
export function seedResize({
  seedResizeFromW: width,
  seedResizeFromH: height,
}: Pick<Txt2imgSettings, "seedResizeFromW" | "seedResizeFromH">): { width: number; height: number } | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined;
}
