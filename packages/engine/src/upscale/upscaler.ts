/** @file What enlarges a picture's pixels, by name; A1111's rule for those that only know steps of their own. */
import type { PictureSize, RawPicture } from "../pictures/raw-picture.ts";
import { resampleLanczos } from "./resample-picture.ts";

/** One entry of A1111's list of upscalers. */
export interface Upscaler {
  /** As settings and infotext name it. */
  readonly name: string;
  /** The picture at exactly `size`, proportions not kept. Rejects with the signal's reason when aborted. */
  upscale(picture: RawPicture, size: PictureSize, signal: AbortSignal): Promise<RawPicture>;
}

/** Enlarges once, by `scale` or by whatever factor is its own. */
export type EnlargeStep = (picture: RawPicture, scale: number, signal: AbortSignal) => Promise<RawPicture>;

/** A1111 asks a model with its own factor at most so often. */
const MAX_STEPS = 3;

/**
 * A1111's `resize_image` and `Upscaler.upscale`: up to three steps until the picture is large enough, then Lanczos to multiples of eight
 * and to the size asked for. A picture that need not grow is resized by Lanczos alone.
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
        // eslint-disable-next-line no-await-in-loop -- a step begins with what the last one made.
        enlarged = await enlarge(before, scale, signal);
        if (enlarged.width === before.width && enlarged.height === before.height) break;
        if (enlarged.width >= whole.width && enlarged.height >= whole.height) break;
      }
      signal.throwIfAborted();
      return resampleLanczos(resampleLanczos(enlarged, whole), size);
    },
  };
}
