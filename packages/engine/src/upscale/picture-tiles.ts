/** @file Splits a picture into overlapping tiles and joins tiles to a picture, as A1111's grid does: at a seam, one tile fades into the next. */
import type { Box, PictureSize, RawPicture } from "../pictures/raw-picture.ts";

export interface TileOptions {
  /** Side of a tile in pixels. */
  readonly tile: number;
  /** The minimum overlap of neighbouring tiles in pixels. They are blended over this width. */
  readonly overlap: number;
}

/** Rows of evenly spread boxes that cover a picture. All have the same size: the tile's, or the picture's where the picture is smaller. */
export function tileBoxes({ width, height }: PictureSize, { tile, overlap }: TileOptions): Box[][] {
  const size = { width: Math.min(tile, width), height: Math.min(tile, height) };
  const lefts = starts(width, size.width, overlap);
  return starts(height, size.height, overlap).map((top) => lefts.map((left) => ({ left, top, ...size })));
}

/** Starts of the smallest number of tiles that overlap by at least `overlap`. The last tile is at the end. */
function starts(length: number, tile: number, overlap: number): number[] {
  const count = tile === length ? 1 : Math.ceil((length - overlap) / (tile - overlap));
  const step = count > 1 ? (length - tile) / (count - 1) : 0;
  return Array.from({ length: count }, (_, i) => Math.min(Math.trunc(i * step), length - tile));
}

/** A tile's place and its pixels. */
export interface PlacedTile {
  readonly box: Box;
  readonly picture: RawPicture;
}

/** Tiles in the order of `tileBoxes`, row by row; each tile fades in over its first `overlap` columns and rows. */
export function joinTiles(rows: readonly (readonly PlacedTile[])[], size: PictureSize, overlap: number): RawPicture {
  const data = new Uint8Array(size.width * size.height * 3);
  for (const row of rows) {
    const top = row[0]!.box.top;
    const { height } = row[0]!.box;
    const strip = new Uint8Array(size.width * height * 3);
    for (const { box, picture } of row) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < box.width; x++) {
          const share = box.left === 0 ? 255 : shareAt(x, overlap);
          blend(strip, (y * size.width + box.left + x) * 3, { of: picture.data, at: (y * box.width + x) * 3, share });
        }
      }
    }
    for (let y = 0; y < height; y++) {
      const share = top === 0 ? 255 : shareAt(y, overlap);
      for (let x = 0; x < size.width; x++) {
        blend(data, ((top + y) * size.width + x) * 3, { of: strip, at: (y * size.width + x) * 3, share });
      }
    }
  }
  return { ...size, data };
}

function shareAt(place: number, overlap: number): number {
  return place < overlap ? Math.trunc((place * 255) / overlap) : 255;
}

/** Pillow's paste with a mask: the rounded sum of both pixels, weighted by their shares of 255. */
function blend(target: Uint8Array, to: number, { of, at, share }: { of: Uint8Array; at: number; share: number }): void {
  for (let colour = 0; colour < 3; colour++) {
    const mixed = (target[to + colour]! * (255 - share) + of[at + colour]! * share) / 255;
    target[to + colour] = Math.floor(mixed + 0.5);
  }
}
