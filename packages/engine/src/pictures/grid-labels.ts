/** @file A grid of equally large cells with labels over its columns and beside its rows, laid out as A1111 annotates its grids. */
import sharp from "sharp";
import { lineHeight, textPaths, textWidth, wrapText } from "./label-glyphs.ts";
import { pastePicture } from "./picture-grid.ts";
import type { Box, PictureSize, RawPicture } from "./raw-picture.ts";

export interface LabelledGrid {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly cell: PictureSize;
  /** Pixels between cells. */
  readonly margin: number;
}

/** The measurements of a grid. */
export interface GridLayout extends PictureSize {
  readonly cell: PictureSize;
  /** `top` is the height of the columns' labels, `left` the width of the rows' labels; 0 if all labels are empty. */
  readonly top: number;
  readonly left: number;
  readonly margin: number;
  readonly heads: readonly Lines[];
  readonly sides: readonly Lines[];
}

/** A position in a canvas, in pixels. */
export type Place = Pick<Box, "left" | "top">;

/** The limit for the height of labels. Without it, a very long prompt as a value would make a head larger than all cells. */
const MAX_LABEL_HEIGHT = 4096;

/** Measures a grid. If all labels are empty, they take no space. A long label is broken into lines and may shrink; it is never cut off. */
export function layOutGrid({ columns, rows, cell, margin }: LabelledGrid): GridLayout {
  // A1111's measures: the letter size depends on the cell's size, half a letter between lines, three quarters of a cell for the rows' labels.
  const size = Math.min(LARGEST_SIZE, Math.max(8, Math.floor((cell.width + cell.height) / 25)));
  const space = Math.floor(size / 2);
  const left = rows.every((text) => text === "") ? 0 : Math.floor((cell.width * 3) / 4);
  const height = Math.min(MAX_LABEL_HEIGHT, cell.height);
  const heads = columns.map((text) => fitLines(text, { size, width: cell.width, height }));
  const tallest = Math.max(...heads.map(heightOf));
  const top = tallest === 0 ? 0 : Math.ceil(tallest) + 2 * space;
  return {
    width: left + columns.length * cell.width + (columns.length - 1) * margin,
    height: top + rows.length * cell.height + (rows.length - 1) * margin,
    cell,
    top,
    left,
    margin,
    heads,
    sides: rows.map((text) => fitLines(text, { size, width: left, height })),
  };
}

/** The position of a cell in its grid. */
export function cellPlace({ left, top, cell, margin }: GridLayout, column: number, row: number): Place {
  return { left: left + column * (cell.width + margin), top: top + row * (cell.height + margin) };
}

/** Draws the labels of a grid whose top left corner is at `origin` in the canvas. */
export async function drawLabels(canvas: RawPicture, layout: GridLayout, origin: Place): Promise<void> {
  const { cell, left, top, heads, sides } = layout;
  for (const [column, lines] of heads.entries()) {
    const box = { left: cellPlace(layout, column, 0).left, top: 0, width: cell.width, height: top };
    await drawLines(canvas, lines, moved(box, origin));
  }
  for (const [row, lines] of sides.entries()) {
    const box = { left: 0, top: cellPlace(layout, 0, row).top, width: left, height: cell.height };
    await drawLines(canvas, lines, moved(box, origin));
  }
}

/** Converts a position relative to `origin` to a position relative to the canvas. */
export function moved<P extends Place>(place: P, origin: Place): P {
  return { ...place, left: place.left + origin.left, top: place.top + origin.top };
}

interface Lines {
  readonly texts: readonly string[];
  readonly size: number;
}

/** The smallest size at which letters can be read. */
const SMALLEST_SIZE = 6;
/** The largest letters and the widest line. A single drawing can be at most 32767 pixels wide, and a row of grids may be wider. */
const LARGEST_SIZE = 256;
const MAX_LINE_WIDTH = 16384;

/** Wraps the text into lines, with smaller letters until the lines fit the height. */
function fitLines(text: string, { size, width, height }: { size: number; width: number; height: number }): Lines {
  // White space on both sides separates neighbouring labels.
  const lines = { texts: wrapText(text, size, Math.min(MAX_LINE_WIDTH, width - size / 2)), size };
  const tall = heightOf(lines) / height;
  if (tall <= 1 || size <= SMALLEST_SIZE) return lines;
  // The area of a text grows with the square of its size. The next size to try is guessed from this, and is at least one smaller.
  const guess = Math.ceil((1.1 * size) / Math.sqrt(tall));
  return fitLines(text, { size: Math.max(SMALLEST_SIZE, Math.min(size - 1, guess)), width, height });
}

function heightOf({ texts, size }: Lines): number {
  return texts.length * lineHeight(size);
}

/** Draws black lines on white in the middle of the box. */
async function drawLines(canvas: RawPicture, lines: Lines, box: Box): Promise<void> {
  if (lines.texts.length === 0) return;
  const widths = lines.texts.map((text) => textWidth(text, lines.size));
  // The drawing is as wide as the text, because the box may be too wide for one drawing.
  const width = Math.min(box.width, Math.ceil(Math.max(...widths)));
  const height = Math.min(box.height, Math.ceil(heightOf(lines)));
  const paths = lines.texts.map((text, i) =>
    textPaths(text, lines.size, { left: (width - widths[i]!) / 2, top: i * lineHeight(lines.size) }),
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${paths.join("")}</svg>`;
  const data = await sharp(Buffer.from(svg), { unlimited: true, limitInputPixels: false })
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer();
  const middle = { left: Math.floor((box.width - width) / 2), top: Math.floor((box.height - height) / 2) };
  pastePicture(canvas, { width, height, data }, moved(middle, box));
}
