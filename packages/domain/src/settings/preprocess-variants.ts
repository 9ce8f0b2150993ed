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

/** More pieces of one picture than anybody wants. */
const MOST_TILES = 1000;
/** All pieces of a picture are in memory at once: they may have as many pixels as the largest picture that can be read. */
const MOST_PIXELS = 2 ** 28;

export function chooseVariants(picture: PictureSize, settings: PreprocessSettings): VariantChoice {
  const split = splitOf(picture, settings);
  return {
    split: split && { scaled: split.scaled, tiles: tilesOf(split) },
    focal: isFocal(picture, settings),
    original: settings.processKeepOriginalSize,
  };
}

/** The number of pictures that are made from a picture of this size. */
export function countVariants(picture: PictureSize, settings: PreprocessSettings): number {
  const sources = (splitOf(picture, settings)?.count ?? 0) + (isFocal(picture, settings) ? 1 : 0);
  const { processKeepOriginalSize, processFlip } = settings;
  return Math.max(sources + (processKeepOriginalSize ? 1 : 0), 1) * (processFlip ? 2 : 1);
}

/** Why a picture of this size is too long to be split, as a clause about it; undefined if it is not. */
export function splitFault(picture: PictureSize, settings: PreprocessSettings): string | undefined {
  const split = splitOf(picture, settings);
  if (split === undefined) return undefined;
  const { count, target } = split;
  const pixels = count * target.width * target.height * (settings.processFlip ? 2 : 1);
  if (count <= MOST_TILES && pixels <= MOST_PIXELS) return undefined;
  return `it is so long that it would be split into ${count} pictures, which are too many: cut it, or choose a lower overlap ratio`;
}

/** The size that pictures are cut to. */
export function preprocessTarget(settings: PreprocessSettings): PictureSize {
  return { width: effectiveSize(settings.processWidth), height: effectiveSize(settings.processHeight) };
}

/** A1111 uses the plain crop for square pictures. */
function isFocal(picture: PictureSize, settings: PreprocessSettings): boolean {
  return settings.processFocalCrop && picture.width !== picture.height;
}

interface Split {
  readonly scaled: PictureSize;
  readonly target: PictureSize;
  readonly vertical: boolean;
  /** The number of tiles. */
  readonly count: number;
}

/** The split of a picture whose proportions exceed the target's by the threshold; undefined for any other picture. */
function splitOf(picture: PictureSize, settings: PreprocessSettings): Split | undefined {
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
  const { overlapRatio } = settings;
  const count = Math.max(1, Math.ceil((long - tile * overlapRatio) / (tile * (1 - overlapRatio))));
  return { scaled, target, vertical, count };
}

/** Tiles in even steps, so that they overlap by at least the ratio. If one tile is enough, it is in the middle (A1111 divides by zero there). */
function tilesOf({ scaled, target, vertical, count }: Split): Tile[] {
  const rest = vertical ? scaled.height - target.height : scaled.width - target.width;
  const offsets = count === 1 ? [rest / 2] : Array.from({ length: count }, (_, i) => (rest / (count - 1)) * i);
  return offsets.map((offset) => {
    const at = Math.floor(offset);
    return { ...target, left: vertical ? 0 : at, top: vertical ? at : 0 };
  });
}
