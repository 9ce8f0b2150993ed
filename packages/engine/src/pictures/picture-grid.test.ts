/** @file Rows and columns as in A1111, and the places of pixels. */
import { expect, test } from "vitest";
import { blankPicture, gridShape, pastePicture, PictureGrid } from "./picture-grid.ts";
import type { RawPicture } from "./raw-picture.ts";

test.each([
  [1, -1, false, [1, 1]],
  [2, -1, false, [1, 2]],
  [3, -1, false, [2, 2]],
  [4, -1, false, [2, 2]],
  [6, -1, false, [2, 3]],
  [7, -1, false, [3, 3]],
  [7, -1, true, [1, 7]],
  [8, -1, true, [2, 4]],
  [12, -1, true, [3, 4]],
  [6, 0, false, [4, 2]],
  [3, 0, false, [3, 1]],
  [5, 2, false, [2, 3]],
  [2, 9, false, [2, 1]],
])("%i pictures with n_rows %i, full %s: %j", (count, rows, isFull, shape) => {
  const options = { n_rows: rows, grid_prevent_empty_spots: isFull, batchSize: 4 };
  expect(Object.values(gridShape(count, options))).toEqual(shape);
});

test("pictures are placed row by row on white, in the shape for the number of pictures that were drawn", () => {
  const of = (level: number) => ({ width: 1, height: 2, data: new Uint8Array(6).fill(level) });
  const levels = ({ data }: RawPicture) => [...data].filter((_, i) => i % 3 === 0);
  const grid = new PictureGrid(of(1), { rows: 2, columns: 2 });
  for (const level of [1, 2, 3]) grid.add(of(level));
  expect(grid.count).toBe(3);
  const whole = grid.draw({ rows: 2, columns: 2 });
  expect(whole).toMatchObject({ width: 2, height: 4 });
  expect(levels(whole)).toEqual([1, 2, 1, 2, 3, 255, 3, 255]);
  const row = grid.draw({ rows: 1, columns: 3 });
  expect(row).toMatchObject({ width: 3, height: 2 });
  expect(levels(row)).toEqual([1, 2, 3, 1, 2, 3]);
});

test("pixels pasted beyond the edge are cut off", () => {
  const canvas = blankPicture({ width: 2, height: 2 }, [1, 2, 3]);
  const picture = { width: 2, height: 2, data: Uint8Array.from({ length: 12 }, (_, i) => 100 + i) };
  pastePicture(canvas, picture, { left: -1, top: 1 });
  pastePicture(canvas, picture, { left: 2, top: 0 });
  expect([...canvas.data]).toEqual([1, 2, 3, 1, 2, 3, 103, 104, 105, 1, 2, 3]);
});
