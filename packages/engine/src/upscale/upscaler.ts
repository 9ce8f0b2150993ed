/** @file The type of an upscaler of pictures, and A1111's rule for upscalers with a fixed factor. */
import type { PictureSize, RawPicture } from "../pictures/raw-picture.ts";
import { resampleLanczos } from "./resample-picture.ts";

/** One entry of A1111's list of upscalers. */
export interface Upscaler {
  /** The name in settings and infotext. */
  readonly name: string;
  /** Resizes the picture to exactly `size`, without keeping its proportions. Rejects with the signal's reason when aborted. */
  upscale(picture: RawPicture, size: PictureSize, signal: AbortSignal): Promise<RawPicture>;
}

/** Enlarges once, by `scale` or by the upscaler's fixed factor. */
export type EnlargeStep = (picture: RawPicture, scale: number, signal: AbortSignal) => Promise<RawPicture>;

/** The largest number of times that A1111 applies a model with a fixed factor. */
const MAX_STEPS = 3;

/**
 * A1111's `resize_image` and `Upscaler.upscale`: up to three steps until the picture is large enough, then Lanczos to multiples of eight
 * and to the requested size. A picture that is already large enough is only resized by Lanczos.
 */
export function upscalerOfSteps(name: string, enlarge: EnlargeStep): Upscaler {
  return {
    name,
    async upscale(picture, size, signal) {
      const scale = Math.max(size.width / picture.width, size.height / picture.height);
      if (scale <= 1) return resampleLanczos(picture, size);
      const whole = {
        width: Math.floor((picture.width * scale) / 8) * 8,
        height: Math.floor((picture.height * scale) / 8) * 8,
      };
      let enlarged = picture;
      for (let step = 0; step < MAX_STEPS; step++) {
        signal.throwIfAborted();
        const before = enlarged;
        // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
        enlarged = await enlarge(before, scale, signal);
        if (enlarged.width === before.width && enlarged.height === before.height) break;
        if (enlarged.width >= whole.width && enlarged.height >= whole.height) break;
      }
      signal.throwIfAborted();
      return resampleLanczos(resampleLanczos(enlarged, whole), size);
    },
  };
}
