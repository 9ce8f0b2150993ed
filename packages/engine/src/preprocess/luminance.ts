/** @file The grey picture for finding the focal point. */
import type { RawPicture } from "../pictures/raw-picture.ts";

/** One byte for each pixel, row by row. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** ITU-R 601 luma in Pillow's 16-bit fixed point (`convert("L")`). */
export function luminance(picture: RawPicture): GreyPicture {
  const { width, height, data: rgb } = picture;
  const data = new Uint8Array(width * height);
  for (let i = 0, j = 0; i < data.length; i++, j += 3) {
    data[i] = (rgb[j]! * 19595 + rgb[j + 1]! * 38470 + rgb[j + 2]! * 7471 + 0x8000) >> 16;
  }
  return { width, height, data };
}
