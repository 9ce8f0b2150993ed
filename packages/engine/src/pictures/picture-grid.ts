/** @file Several pictures in one, laid out like A1111's grids. */
import type { ImageOptions } from "@lexeme/domain/options";
import { cropPicture, type PictureSize, type RawPicture } from "./raw-picture.ts";

export interface GridShape {
  readonly rows: number;
  readonly columns: number;
}

/** A1111's number of rows: the requested number, else near the square root, or the largest number up to the square root that leaves no place empty. */
export function gridShape(
  count: number,
  options: Pick<ImageOptions, "n_rows" | "grid_prevent_empty_spots"> & { batchSize: number },
): GridShape {
  const rows = Math.max(1, Math.min(count, rowsAsked(count, options)));
  return { rows, columns: Math.ceil(count / rows) };
}

function rowsAsked(
  count: number,
  { n_rows: asked, grid_prevent_empty_spots: isFull, batchSize }: Parameters<typeof gridShape>[1],
): number {
  if (asked > 0) return asked;
  if (asked === 0) return batchSize;
  if (!isFull) return Math.round(Math.sqrt(count));
  let rows = Math.floor(Math.sqrt(count));
  while (count % rows !== 0) rows--;
  return rows;
}

/** An empty canvas of one colour, `[red, green, blue]`. */
export function blankPicture(
  { width, height }: PictureSize,
  colour: readonly [number, number, number] = [255, 255, 255],
): RawPicture {
  const data = new Uint8Array(width * height * 3);
  if (colour.every((part) => part === colour[0])) return { width, height, data: data.fill(colour[0]) };
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3]!;
  return { width, height, data };
}

/** Copies `picture` into `canvas`. Parts outside the canvas are cut off. */
export function pastePicture(
  canvas: RawPicture,
  picture: RawPicture,
  { left, top }: { left: number; top: number },
): void {
  const from = { x: Math.max(0, -left), y: Math.max(0, -top) };
  const width = Math.min(picture.width, canvas.width - left) - from.x;
  const height = Math.min(picture.height, canvas.height - top) - from.y;
  if (width <= 0 || height <= 0) return;
  for (let y = from.y; y < from.y + height; y++) {
    const start = (y * picture.width + from.x) * 3;
    canvas.data.set(picture.data.subarray(start, start + width * 3), ((top + y) * canvas.width + left + from.x) * 3);
  }
}

/** Pictures row by row on white. Each picture is copied into the grid when it is drawn, so that no picture is in memory twice. */
export class PictureGrid {
  readonly #cell: PictureSize;
  readonly #shape: GridShape;
  readonly #canvas: RawPicture;
  #count = 0;

  /** All pictures must have the given size. */
  constructor({ width, height }: PictureSize, shape: GridShape) {
    this.#cell = { width, height };
    this.#shape = shape;
    this.#canvas = blankPicture({ width: width * shape.columns, height: height * shape.rows });
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a picture at the next free place. */
  add(picture: RawPicture): void {
    pastePicture(this.#canvas, picture, this.#place(this.#count, this.#shape));
    this.#count++;
  }

  /** The grid of all pictures. If there are fewer pictures than the grid was made for, they are laid out again in `shape`. */
  draw(shape: GridShape): RawPicture {
    if (shape.rows === this.#shape.rows && shape.columns === this.#shape.columns) return this.#canvas;
    const { width, height } = this.#cell;
    const canvas = blankPicture({ width: width * shape.columns, height: height * shape.rows });
    for (let i = 0; i < this.#count; i++) {
      const picture = cropPicture(this.#canvas, { ...this.#place(i, this.#shape), width, height });
      pastePicture(canvas, picture, this.#place(i, shape));
    }
    return canvas;
  }

  #place(index: number, { columns }: GridShape): { left: number; top: number } {
    const { width, height } = this.#cell;
    return { left: (index % columns) * width, top: Math.floor(index / columns) * height };
  }
}
