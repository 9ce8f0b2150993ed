/** @file Labelled grids: the places of cells and letters, and that no font of the machine is needed. */
import { expect, test } from "vitest";
import { cellPlace, drawLabels, layOutGrid, type LabelledGrid } from "./grid-labels.ts";
import { lineHeight, textWidth, wrapText } from "./label-glyphs.ts";
import { blankPicture, pastePicture } from "./picture-grid.ts";
import type { RawPicture } from "./raw-picture.ts";

const cell = { width: 100, height: 80 };
const red = blankPicture(cell, [200, 0, 0]);

/** The grid with its labels. `at` gives the picture of each cell. */
async function labelledGrid({
  at,
  ...grid
}: LabelledGrid & { at: (column: number, row: number) => RawPicture | undefined }): Promise<RawPicture> {
  const layout = layOutGrid(grid);
  const canvas = blankPicture(layout);
  for (const row of grid.rows.keys()) {
    for (const column of grid.columns.keys()) {
      const picture = at(column, row);
      if (picture) pastePicture(canvas, picture, cellPlace(layout, column, row));
    }
  }
  await drawLabels(canvas, layout, { left: 0, top: 0 });
  return canvas;
}

function pixel({ data, width }: RawPicture, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

/** Share of dark pixels in a box. */
function darkness(picture: RawPicture, box: { left: number; top: number; width: number; height: number }): number {
  let dark = 0;
  for (let y = box.top; y < box.top + box.height; y++) {
    for (let x = box.left; x < box.left + box.width; x++) if (pixel(picture, x, y)[0]! < 128) dark++;
  }
  return dark / (box.width * box.height);
}

test("labels are above columns and beside rows, cells are below and right of the labels", async () => {
  const grid = await labelledGrid({
    columns: ["Steps: 10", "Steps: 20"],
    rows: ["Euler a", "DDIM"],
    cell,
    margin: 4,
    at: (column, row) => (column === 1 && row === 0 ? undefined : red),
  });
  const left = 75;
  const top = grid.height - 2 * cell.height - 4;
  expect(grid.width).toBe(left + 2 * cell.width + 4);
  expect(top).toBe(Math.ceil(lineHeight(8)) + 8);
  expect(pixel(grid, left, top)).toEqual([200, 0, 0]);
  expect(pixel(grid, left + 103, top)).toEqual([255, 255, 255]);
  expect(pixel(grid, left + 104, top)).toEqual([255, 255, 255]);
  expect(pixel(grid, left + 104, top + 84)).toEqual([200, 0, 0]);
  for (const column of [0, 1]) {
    expect(darkness(grid, { left: left + column * 104, top: 0, width: 100, height: top })).toBeGreaterThan(0.02);
  }
  for (const row of [0, 1]) {
    expect(darkness(grid, { left: 0, top: top + row * 84, width: left, height: 80 })).toBeGreaterThan(0.003);
  }
});

test("empty labels take no space", async () => {
  const grid = await labelledGrid({ columns: ["", ""], rows: [""], cell, margin: 0, at: () => red });
  expect([grid.width, grid.height]).toEqual([200, 80]);
});

test("a long label makes the head higher; a row's label shrinks to its cell", async () => {
  const long = "a photo of a woman in a red hat and a long coat by Leonardo da Vinci, oil on canvas, masterpiece";
  const of = (text: string) => labelledGrid({ columns: [text], rows: [text], cell, margin: 0, at: () => red });
  const [short, tall] = [await of("x"), await of(long)];
  expect(tall.height).toBeGreaterThan(short.height + 30);
  // The lowest line of a shrunk label is inside the cell.
  expect(darkness(tall, { left: 0, top: tall.height - 80, width: 75, height: 80 })).toBeGreaterThan(0.02);
});

test("labels are drawn over cells wider than the widest picture that can be drawn at once, and are no higher than the cells", async () => {
  const row = { rows: [""], cell: { width: 40_000, height: 40 }, margin: 0, at: () => undefined };
  const short = await labelledGrid({ ...row, columns: ["CFG Scale: 7"] });
  expect(darkness(short, { left: 19_950, top: 0, width: 100, height: short.height - 40 })).toBeGreaterThan(0.01);
  const pages = await labelledGrid({ ...row, columns: ["a photo of a woman, ".repeat(100)] });
  expect(pages.height).toBeLessThan(40 + 40 + 256);
  expect(darkness(pages, { left: 19_950, top: 0, width: 100, height: pages.height - 40 })).toBeGreaterThan(0.01);
  const small = layOutGrid({
    columns: ["word ".repeat(400)],
    rows: [""],
    cell: { width: 2048, height: 2048 },
    margin: 0,
  });
  expect(small.top).toBeLessThanOrEqual(2048 + 163);
});

test("different letters look different, and a letter that the font lacks is a frame", async () => {
  const of = (text: string) => labelledGrid({ columns: [text], rows: [""], cell, margin: 0, at: () => red });
  const [a, b, e, accented, missing, frame] = await Promise.all(["a", "b", "e", "ė̑", "猫", "🐱"].map(of));
  expect(a!.data).not.toEqual(b!.data);
  expect(e!.data).not.toEqual(missing!.data);
  expect(accented!.data).not.toEqual(missing!.data);
  expect(missing!.data).toEqual(frame!.data);
});

test("text is broken at blanks, and inside a word only if the word is too long", () => {
  expect(wrapText("one two three", 20, textWidth("one two", 20))).toEqual(["one two", "three"]);
  expect(wrapText("abcdef", 20, textWidth("abc", 20))).toEqual(["abc", "def"]);
  expect(wrapText(" ", 20, 100)).toEqual([]);
  expect(textWidth("Я", 20)).toBeGreaterThan(0);
});
