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

/** A grid as measured, without pixels. */
export interface GridLayout extends PictureSize {
  readonly cell: PictureSize;
  /** Height of the columns' labels and width of the rows'; 0 where all are empty. */
  readonly top: number;
  readonly left: number;
  readonly margin: number;
  readonly heads: readonly Lines[];
  readonly sides: readonly Lines[];
}

/** A place in a canvas, in pixels. */
export type Place = Pick<Box, "left" | "top">;

/** No label is higher: a prompt of pages as a value would make a head of more pixels than all cells. */
const MAX_LABEL_HEIGHT = 4096;

/** Measures a grid. Labels that are all empty take no room; a label is broken into lines and may shrink, never cut off. */
export function layOutGrid({ columns, rows, cell, margin }: LabelledGrid): GridLayout {
  // A1111's measures: letters by the cell's size, half a letter between lines, three quarters of a cell for the rows' labels.
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

/** Where a cell lies in its grid. */
export function cellPlace({ left, top, cell, margin }: GridLayout, column: number, row: number): Place {
  return { left: left + column * (cell.width + margin), top: top + row * (cell.height + margin) };
}

/** Draws the labels of a grid whose top left corner is at the place of the canvas. */
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

/** The place as seen from where `origin` is seen from. */
export function moved<P extends Place>(place: P, origin: Place): P {
  return { ...place, left: place.left + origin.left, top: place.top + origin.top };
}

interface Lines {
  readonly texts: readonly string[];
  readonly size: number;
}

/** Letters no smaller than this can be read. */
const SMALLEST_SIZE = 6;
/** The largest letters and the widest line: what is drawn at once is 32767 pixels wide at the most, and a row of grids may be wider. */
const LARGEST_SIZE = 256;
const MAX_LINE_WIDTH = 16384;

/** Wraps, with smaller letters while the lines are higher than there is room. */
function fitLines(text: string, { size, width, height }: { size: number; width: number; height: number }): Lines {
  // A little white on both sides keeps neighbouring labels apart.
  const lines = { texts: wrapText(text, size, Math.min(MAX_LINE_WIDTH, width - size / 2)), size };
  const tall = heightOf(lines) / height;
  if (tall <= 1 || size <= SMALLEST_SIZE) return lines;
  // A text takes room by the square of its size; near the end the size goes down by one.
  const guess = Math.ceil((1.1 * size) / Math.sqrt(tall));
  return fitLines(text, { size: Math.max(SMALLEST_SIZE, Math.min(size - 1, guess)), width, height });
}

function heightOf({ texts, size }: Lines): number {
  return texts.length * lineHeight(size);
}

/** Black lines on white in the middle of the box. */
async function drawLines(canvas: RawPicture, lines: Lines, box: Box): Promise<void> {
  if (lines.texts.length === 0) return;
  const widths = lines.texts.map((text) => textWidth(text, lines.size));
  // No larger than the text: the box may be wider than what can be drawn at once.
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
