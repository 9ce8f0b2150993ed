/** @file How many pictures Preprocess makes from a picture of a given size, and where it cuts a long one: arithmetic without pixels. */
import type { PreprocessSettings } from "./preprocess-settings.ts";
import { effectiveSize } from "./size-field.ts";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A part of a picture in pixels from its upper left corner. */
export interface Tile extends PictureSize {
  readonly left: number;
  readonly top: number;
}

/** The plan for a split: the picture's size after scaling, and its tiles. */
export interface SplitPlan {
  readonly scaled: PictureSize;
  readonly tiles: readonly Tile[];
}

/** The sorts of pictures that Preprocess makes from a picture; the plain crop if none of them applies. */
export interface VariantChoice {
  readonly split: SplitPlan | undefined;
  readonly focal: boolean;
  readonly original: boolean;
}

export function chooseVariants(picture: PictureSize, settings: PreprocessSettings): VariantChoice {
  return {
    split: planSplit(picture, settings),
    // A1111 uses the plain crop for square pictures.
    focal: settings.processFocalCrop && picture.width !== picture.height,
    original: settings.processKeepOriginalSize,
  };
}

/** The number of pictures that are made from a picture of this size. */
export function countVariants(picture: PictureSize, settings: PreprocessSettings): number {
  const { split, focal, original } = chooseVariants(picture, settings);
  const sources = (split?.tiles.length ?? 0) + (focal ? 1 : 0) + (original ? 1 : 0);
  return Math.max(sources, 1) * (settings.processFlip ? 2 : 1);
}

/** The size that pictures are cut to. */
export function preprocessTarget(settings: PreprocessSettings): PictureSize {
  return { width: effectiveSize(settings.processWidth), height: effectiveSize(settings.processHeight) };
}

/** Tiles for a picture whose proportions exceed the target's by the threshold; undefined for any other picture. */
function planSplit(picture: PictureSize, settings: PreprocessSettings): SplitPlan | undefined {
  if (!settings.processSplit) return undefined;
  const target = preprocessTarget(settings);
  const vertical = picture.height > picture.width;
  const ratio = vertical
    ? (picture.width * target.height) / (picture.height * target.width)
    : (picture.height * target.width) / (picture.width * target.height);
  if (!(ratio < 1 && ratio <= settings.splitThreshold)) return undefined;

  const scaled = vertical
    ? { width: target.width, height: Math.floor((picture.height * target.width) / picture.width) }
    : { width: Math.floor((picture.width * target.height) / picture.height), height: target.height };
  const [long, tile] = vertical ? [scaled.height, target.height] : [scaled.width, target.width];
  const offsets = tileOffsets(long, tile, settings.overlapRatio);
  const tiles = offsets.map((offset) => ({ ...target, left: vertical ? 0 : offset, top: vertical ? offset : 0 }));
  return { scaled, tiles };
}

/** Starts of tiles of length `tile` along `long` that overlap by at least `overlap`. If one tile is enough, it is in the middle (A1111 divides by zero there). */
function tileOffsets(long: number, tile: number, overlap: number): number[] {
  const count = Math.ceil((long - tile * overlap) / (tile * (1 - overlap)));
  if (count <= 1) return [Math.floor((long - tile) / 2)];
  const step = (long - tile) / (count - 1);
  return Array.from({ length: count }, (_, i) => Math.floor(step * i));
}
