/** @file Several pictures side by side in one, as A1111 lays out its grids. */
import type { ImageOptions } from "@lexeme/protocol";
import type { RawPicture } from "./raw-picture.ts";

export interface GridShape {
  readonly rows: number;
  readonly columns: number;
}

/** A1111's rows: as asked, else near the square root, or the largest number of rows up to it that leaves no place empty. */
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
  { width, height }: { width: number; height: number },
  colour: readonly [number, number, number] = [255, 255, 255],
): RawPicture {
  const data = new Uint8Array(width * height * 3);
  if (colour.every((part) => part === colour[0])) return { width, height, data: data.fill(colour[0]) };
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3]!;
  return { width, height, data };
}

/** Copies `picture` into `canvas`; what lies outside is cut off. */
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

/** The pictures row by row on white, each place as large as the first picture. */
export function pictureGrid(pictures: readonly RawPicture[], { rows, columns }: GridShape): RawPicture {
  const [first] = pictures;
  if (first === undefined) throw new RangeError("a grid has at least one picture");
  const canvas = blankPicture({ width: first.width * columns, height: first.height * rows });
  for (const [i, picture] of pictures.entries()) {
    pastePicture(canvas, picture, {
      left: (i % columns) * first.width,
      top: Math.floor(i / columns) * first.height,
    });
  }
  return canvas;
}
