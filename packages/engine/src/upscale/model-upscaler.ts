/** @file Upscalers from the user's model files, run tile by tile as in A1111. */
import { inspectUpscalerFile } from "@lexeme/formats/node";
import { buildUpscaler, type UpscalerNetwork } from "@lexeme/networks";
import { DEFAULT_OPTIONS, type Options } from "@lexeme/domain/options";
import { BASE_BYTES } from "@lexeme/domain/memory";
import type { UpscalerRef } from "@lexeme/domain/jobs";
import type { Session } from "@lexeme/runtime";
import { setImmediate } from "node:timers/promises";
import { cropPicture, type Box, type PictureSize, type RawPicture } from "../pictures/raw-picture.ts";
import type { SessionPool } from "../sessions/session-pool.ts";
import { joinTiles, tileBoxes, type PlacedTile, type TileOptions } from "./picture-tiles.ts";
import { upscalerOfSteps, type Upscaler } from "./upscaler.ts";

/** The number of feature maps of an enlarged tile in memory at the same time, for each channel; measured with a 4x network of 64 channels and rounded up. */
const LARGE_MAPS = 5;

type TilingOptions = Pick<Options, "ESRGAN_tile" | "ESRGAN_tile_overlap">;

export interface ModelUpscaler extends Upscaler {
  /** Runs the picture through the network once. The network's factor sets the size of the result. */
  enlarge(picture: RawPicture, signal: AbortSignal): Promise<RawPicture>;
}

/** The file is read at the first use. Rejects with LexemeErrors of its reader, such as `UPSCALER_UNSUPPORTED`. */
export function modelUpscaler(
  { name, path }: UpscalerRef,
  pool: SessionPool,
  options: TilingOptions = DEFAULT_OPTIONS,
): ModelUpscaler {
  const asked = tilesOf(options);

  async function enlarge(picture: RawPicture, signal: AbortSignal): Promise<RawPicture> {
    const { realPath: file, ...inspection } = await inspectUpscalerFile(path);
    const network = { ...inspection, file };
    const tiles = tilesThatFit(asked, (tile) => BASE_BYTES + bytesOf(network, picture, tile) <= pool.usableBytes);
    const boxes = tileBoxes(picture, tiles);
    const size = sizeOfTiles(network, boxes);
    return pool.withRoom(tileBytes(network, size), async (open) => {
      const session = await open(buildUpscaler(network, size));
      try {
        return await enlargeTiles(
          { picture, boxes },
          { session, size, scale: network.scale, overlap: tiles.overlap },
          signal,
        );
      } finally {
        await session.dispose();
      }
    });
  }
  return { ...upscalerOfSteps(name, (picture, _scale, signal) => enlarge(picture, signal)), enlarge };
}

/** With tile size 0, the picture is one tile. The overlap must be smaller than a tile, but A1111's sliders allow a larger overlap. */
function tilesOf({ ESRGAN_tile: tile, ESRGAN_tile_overlap: overlap }: TilingOptions): TileOptions {
  if (tile === 0) return { tile: Infinity, overlap: 0 };
  return { tile, overlap: Math.min(overlap, Math.floor(tile / 2)) };
}

/** Sides of tiles to use when memory is too small for larger tiles or for the whole picture. */
const SMALLER_TILES = [512, 384, 256, 192, 128, 64];

/** The requested tiles if they fit in memory, else the largest that fit, else the smallest. */
function tilesThatFit(asked: TileOptions, fits: (tiles: TileOptions) => boolean): TileOptions {
  const overlap = asked.tile === Infinity ? DEFAULT_OPTIONS.ESRGAN_tile_overlap : asked.overlap;
  const smaller = SMALLER_TILES.filter((tile) => tile < asked.tile).map((tile) => ({
    tile,
    overlap: Math.min(overlap, Math.floor(tile / 2)),
  }));
  const all = [asked, ...smaller];
  return all.find(fits) ?? all.at(-1)!;
}

function bytesOf(network: UpscalerNetwork, picture: PictureSize, tiles: TileOptions): number {
  return tileBytes(network, sizeOfTiles(network, tileBoxes(picture, tiles)));
}

/** The network's input size for tiles, which all have the same size. */
function sizeOfTiles({ unshuffle }: UpscalerNetwork, boxes: readonly (readonly PictureSize[])[]): PictureSize {
  const { width, height } = boxes[0]![0]!;
  return { width: divisible(width, unshuffle), height: divisible(height, unshuffle) };
}

async function enlargeTiles(
  { picture, boxes }: { picture: RawPicture; boxes: Box[][] },
  run: TileRun,
  signal: AbortSignal,
): Promise<RawPicture> {
  const { scale } = run;
  const rows: PlacedTile[][] = [];
  for (const row of boxes) {
    const placed: PlacedTile[] = [];
    for (const box of row) {
      // A run blocks the thread, so the event loop needs a turn to receive a cancel.
      await setImmediate();
      signal.throwIfAborted();
      const enlarged = await enlargeTile(cropPicture(picture, box), run);
      placed.push({ box: { left: box.left * scale, top: box.top * scale, ...sizeOf(enlarged) }, picture: enlarged });
    }
    rows.push(placed);
  }
  const size = { width: picture.width * scale, height: picture.height * scale };
  return joinTiles(rows, size, run.overlap * scale);
}

function sizeOf({ width, height }: RawPicture): PictureSize {
  return { width, height };
}

interface TileRun {
  readonly session: Session;
  /** The network's input size. It is larger than the tile if the tile's sides are not divisible. */
  readonly size: PictureSize;
  readonly scale: number;
  /** Overlap of neighbouring tiles in pixels, before enlarging. */
  readonly overlap: number;
}

async function enlargeTile(tile: RawPicture, { session, size, scale }: TileRun): Promise<RawPicture> {
  const { enlarged } = await session.run({
    picture: { dtype: "float32", shape: [1, 3, size.height, size.width], data: planesOf(tile, size) },
  });
  if (enlarged?.dtype !== "float32") throw new TypeError("a float32 picture expected");
  const [width, height] = [tile.width * scale, tile.height * scale];
  const stride = size.width * scale;
  const plane = stride * size.height * scale;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let colour = 0; colour < 3; colour++) {
        const value = enlarged.data[(2 - colour) * plane + y * stride + x]!;
        data[(y * width + x) * 3 + colour] = roundHalfEven(255 * Math.min(Math.max(value, 0), 1));
      }
    }
  }
  return { width, height, data };
}

/** Channels in the order blue, green, red, because A1111 passes pictures to these networks in this order. To make sides divisible, the picture is extended by mirroring at its right and lower edge. */
function planesOf({ width, height, data }: RawPicture, size: PictureSize): Float32Array {
  const plane = size.width * size.height;
  const planes = new Float32Array(3 * plane);
  const mirrored = (place: number, length: number): number =>
    place < length ? place : Math.max(0, 2 * (length - 1) - place);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const from = (mirrored(y, height) * width + mirrored(x, width)) * 3;
      for (let colour = 0; colour < 3; colour++) {
        planes[(2 - colour) * plane + y * size.width + x] = data[from + colour]! / 255;
      }
    }
  }
  return planes;
}

/** NumPy's `round`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 && floor % 2 === 0 ? floor : Math.floor(value + 0.5);
}

function divisible(length: number, by: number): number {
  return Math.ceil(length / by) * by;
}

function tileBytes({ scale, tensors }: UpscalerNetwork, { width, height }: PictureSize): number {
  const weights = [...tensors.values()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const channels = tensors.get("conv_hr.weight")?.shape[1] ?? tensors.get("body.0.weight")?.shape[0] ?? 3;
  return 4 * (2 * weights + LARGE_MAPS * channels * width * height * scale ** 2);
}
