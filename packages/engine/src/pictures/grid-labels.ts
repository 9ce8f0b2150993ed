/** @file A grid of equally large cells with labels over its columns and beside its rows, laid out as A1111 annotates its grids. */
import sharp from "sharp";
import { lineHeight, textPaths, textWidth, wrapText } from "./label-glyphs.ts";
import { blankPicture, pastePicture } from "./picture-grid.ts";
import type { RawPicture } from "./raw-picture.ts";

export interface LabelledGrid {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly cell: { readonly width: number; readonly height: number };
  /** Pixels between cells. */
  readonly margin: number;
  /** The picture of a place; undefined leaves it blank. */
  readonly at: (column: number, row: number) => RawPicture | undefined;
}

/** A place without a picture, so that it is not taken for a white one. */
const BLANK_GREY = 230;

/** Draws cells and labels on white. Labels that are all empty take no room; a label is broken into lines and may shrink, never cut off. */
export async function labelledGrid({ columns, rows, cell, margin, at }: LabelledGrid): Promise<RawPicture> {
  // A1111's measures: letters by the cell's size, half a letter between lines, three quarters of a cell for the rows' labels.
  const size = Math.max(8, Math.floor((cell.width + cell.height) / 25));
  const space = Math.floor(size / 2);
  const left = rows.every((text) => text === "") ? 0 : Math.floor((cell.width * 3) / 4);
  const heads = columns.map((text) => fitLines(text, { size, width: cell.width }));
  const tallest = Math.max(...heads.map(heightOf));
  const top = tallest === 0 ? 0 : Math.ceil(tallest) + 2 * space;
  const canvas = blankPicture({
    width: left + columns.length * cell.width + (columns.length - 1) * margin,
    height: top + rows.length * cell.height + (rows.length - 1) * margin,
  });
  const blank = blankPicture(cell, [BLANK_GREY, BLANK_GREY, BLANK_GREY]);
  for (const row of rows.keys()) {
    for (const column of columns.keys()) {
      pastePicture(canvas, at(column, row) ?? blank, {
        left: left + column * (cell.width + margin),
        top: top + row * (cell.height + margin),
      });
    }
  }
  if (top > 0) {
    for (const [column, lines] of heads.entries()) {
      const label = await drawLines(lines, { width: cell.width, height: top });
      if (label) pastePicture(canvas, label, { left: left + column * (cell.width + margin), top: 0 });
    }
  }
  if (left > 0) {
    for (const [row, text] of rows.entries()) {
      const lines = fitLines(text, { size, width: left, height: cell.height });
      const label = await drawLines(lines, { width: left, height: cell.height });
      if (label) pastePicture(canvas, label, { left: 0, top: top + row * (cell.height + margin) });
    }
  }
  return canvas;
}

interface Lines {
  readonly texts: readonly string[];
  readonly size: number;
}

/** Letters no smaller than this can be read. */
const SMALLEST_SIZE = 6;

/** Wraps, with smaller letters while the lines are higher than there is room. */
function fitLines(
  text: string,
  { size, width, height = Number.POSITIVE_INFINITY }: { size: number; width: number; height?: number },
): Lines {
  // A little white on both sides keeps neighbouring labels apart.
  const lines = { texts: wrapText(text, size, width - size / 2), size };
  const isFitting = heightOf(lines) <= height || size <= SMALLEST_SIZE;
  return isFitting ? lines : fitLines(text, { size: size - 1, width, height });
}

function heightOf({ texts, size }: Lines): number {
  return texts.length * lineHeight(size);
}

/** Black lines on white, centred both ways; undefined where there is nothing to draw. */
async function drawLines(
  lines: Lines,
  { width, height }: { width: number; height: number },
): Promise<RawPicture | undefined> {
  if (lines.texts.length === 0) return undefined;
  const top = (height - heightOf(lines)) / 2;
  const paths = lines.texts.map((text, i) =>
    textPaths(text, lines.size, {
      left: (width - textWidth(text, lines.size)) / 2,
      top: top + i * lineHeight(lines.size),
    }),
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${paths.join("")}</svg>`;
  const data = await sharp(Buffer.from(svg))
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, data };
}
