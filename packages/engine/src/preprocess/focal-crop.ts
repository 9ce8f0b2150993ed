/** @file A1111's auto focal point crop, without faces: crops around the corners and the point of most entropy. */
import { cropPicture, resizePicture, type RawPicture } from "../pictures/raw-picture.ts";
import { cornerPoints, type Point } from "./corner-points.ts";
import { entropyPoint } from "./entropy-point.ts";
import { luminance, type GreyPicture } from "./luminance.ts";

export interface FocalCropOptions {
  readonly width: number;
  readonly height: number;
  readonly edgesWeight: number;
  readonly entropyWeight: number;
}

/** Corners in this lowest part of a picture are mostly watermarks, so this part is painted grey before corners are found. */
const WATERMARK_PART = 0.1;
/** The grey for that part, #999. */
const WATERMARK_GREY = 0x99;

/**
 * Scales the picture until it covers the target, and cuts around the focal point.
 * A1111 scales by one side only, which leaves black bars if the target is longer than the picture; here both sides are covered.
 */
export async function focalCrop(picture: RawPicture, options: FocalCropOptions): Promise<RawPicture> {
  const { width, height } = options;
  const scale = Math.max(width / picture.width, height / picture.height);
  const size = {
    width: Math.max(width, Math.floor(picture.width * scale)),
    height: Math.max(height, Math.floor(picture.height * scale)),
  };
  const scaled = await resizePicture(picture, size, "bicubic");
  const focus = focalPoint(scaled, options);
  return cropPicture(scaled, {
    width,
    height,
    left: clamp(Math.floor(focus.x - width / 2), size.width - width),
    top: clamp(Math.floor(focus.y - height / 2), size.height - height),
  });
}

/** Weighted mean of the corners' centre and the point of most entropy; the picture's centre if there is neither. */
export function focalPoint(picture: RawPicture, options: FocalCropOptions): Point {
  const grey = luminance(picture);
  const found: { point: Point; weight: number }[] = [];
  if (options.edgesWeight > 0) {
    const corners = cornerPoints(withoutWatermark(grey));
    if (corners.length > 0) found.push({ point: centroid(corners), weight: options.edgesWeight });
  }
  if (options.entropyWeight > 0) found.push({ point: entropyPoint(grey, options), weight: options.entropyWeight });
  if (found.length === 0) return { x: Math.floor(picture.width / 2), y: Math.floor(picture.height / 2) };

  const total = found.reduce((sum, { weight }) => sum + weight, 0);
  return {
    x: Math.round(found.reduce((sum, { point, weight }) => sum + point.x * weight, 0) / total),
    y: Math.round(found.reduce((sum, { point, weight }) => sum + point.y * weight, 0) / total),
  };
}

function withoutWatermark(grey: GreyPicture): GreyPicture {
  const data = grey.data.slice();
  data.fill(WATERMARK_GREY, Math.floor(grey.height * (1 - WATERMARK_PART)) * grey.width);
  return { ...grey, data };
}

function centroid(points: readonly Point[]): Point {
  return {
    x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
    y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
  };
}

function clamp(offset: number, most: number): number {
  return Math.min(Math.max(offset, 0), most);
}
