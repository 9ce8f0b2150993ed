/** @file Cuts a long picture into overlapping tiles with the target's proportions. */
import type { PreprocessSettings } from "@lexeme/domain/settings";
import { cropPicture, resizePicture, type Box, type RawPicture } from "../pictures/raw-picture.ts";

type Size = { readonly width: number; readonly height: number };

/** The plan for a split: the picture's size after scaling, and its tiles. */
export interface SplitPlan {
  readonly scaled: Size;
  readonly tiles: readonly Box[];
}

/** Tiles for a picture whose proportions exceed the target's by the threshold; undefined for any other picture. */
export function planSplit(picture: Size, target: Size, settings: PreprocessSettings): SplitPlan | undefined {
  if (!settings.processSplit) return undefined;
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

export async function splitPicture(picture: RawPicture, plan: SplitPlan): Promise<RawPicture[]> {
  const scaled = await resizePicture(picture, plan.scaled, "bicubic");
  return plan.tiles.map((tile) => cropPicture(scaled, tile));
}

/** Starts of tiles of length `tile` along `long` that overlap by at least `overlap`. If one tile is enough, it is in the middle (A1111 divides by zero there). */
function tileOffsets(long: number, tile: number, overlap: number): number[] {
  const count = Math.ceil((long - tile * overlap) / (tile * (1 - overlap)));
  if (count <= 1) return [Math.floor((long - tile) / 2)];
  const step = (long - tile) / (count - 1);
  return Array.from({ length: count }, (_, i) => Math.floor(step * i));
}
