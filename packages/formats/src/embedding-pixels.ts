/**
 * @file Hides bytes in the pixels of a picture in A1111's layout for embeddings: in the low four bits of two blocks beside the picture,
 * with one black column before each block. The bytes survive any format that keeps pixels exact.
 */

/** Rows from the top, three bytes for each pixel. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]`, row-major. */
  readonly rgb: Uint8Array;
}

const CHANNELS = 3;
/** The generator of "Numerical Recipes"; its values modulo 255 make the payload look like noise. */
const LCG_FACTOR = 1664525;
const LCG_STEP = 1013904223;
/** Discs with this radius decorate the blocks, one in each square of this many pixels a side. */
const GRID = 8;
const RADIUS = 3;

/**
 * The picture with `payload` beside it: low half-bytes at the left, high half-bytes at the right. `shades` (0 to 255) decorate the blocks.
 * The picture must have at least one pixel.
 */
export function hideInPixels(picture: RgbPicture, payload: Uint8Array, shades: Uint8Array): RgbPicture {
  const { height } = picture;
  const low = block(
    payload.map((byte) => byte & 0x0f),
    { height, shades },
  );
  const high = block(
    payload.map((byte) => byte >> 4),
    { height, shades: shades.toReversed() },
  );
  const width = low.width + 1 + picture.width + 1 + high.width;
  const rgb = new Uint8Array(width * height * CHANNELS);
  const whole = { width, height, rgb };
  paste(whole, low, 0);
  paste(whole, withVisibleCorners(picture), low.width + 1);
  paste(whole, high, low.width + picture.width + 2);
  return whole;
}

/** Gives way to the program's other work. */
export type Pause = () => Promise<void>;

/** Pixels between two pauses: a few milliseconds of work. */
const PIXELS_AT_ONCE = 1 << 20;

/**
 * The payload with its padding, which zlib ignores; undefined for a picture without two black columns, which has no payload. The work takes
 * a moment for each million of pixels and pauses between.
 */
export async function findInPixels(picture: RgbPicture, pause: Pause): Promise<Uint8Array | undefined> {
  const { left, top, width, height } = await visibleBox(picture, pause);
  const bits = await lowBitsOfColumns(picture, { left, top, width, height }, pause);
  const [first, last] = [bits.indexOf(0), bits.lastIndexOf(0)];
  const blockWidth = first;
  // As in A1111, the blocks are before the first and after the last black column, and have the same width.
  if (first < 1 || last === first || width - 1 - last !== blockWidth) return undefined;
  const bytes = new Uint8Array(height * blockWidth * CHANNELS);
  const nextMask = lowBitsOfLcg();
  const rowLength = blockWidth * CHANNELS;
  await overRows({ width: blockWidth, height }, pause, (y) => {
    const lowStart = ((top + y) * picture.width + left) * CHANNELS;
    const highStart = lowStart + (last + 1) * CHANNELS;
    for (let i = 0, at = y * rowLength; i < rowLength; i++, at++) {
      const mask = nextMask();
      const low = (picture.rgb[lowStart + i]! & 0x0f) ^ mask;
      const high = (picture.rgb[highStart + i]! & 0x0f) ^ mask;
      bytes[at] = (high << 4) | low;
    }
  });
  return bytes;
}

async function overRows(
  { width, height }: { width: number; height: number },
  pause: Pause,
  visit: (y: number) => void,
): Promise<void> {
  const rows = Math.max(1, Math.floor(PIXELS_AT_ONCE / Math.max(1, width)));
  for (let y = 0; y < height; y++) {
    visit(y);
    if ((y + 1) % rows === 0) await pause();
  }
}

/** The low four bits of each column of a box, combined by "or". */
async function lowBitsOfColumns(picture: RgbPicture, box: Box, pause: Pause): Promise<Uint8Array> {
  const bits = new Uint8Array(box.width);
  await overRows(box, pause, (y) => {
    let at = ((box.top + y) * picture.width + box.left) * CHANNELS;
    for (let x = 0; x < box.width; x++, at += CHANNELS) {
      bits[x]! |= (picture.rgb[at]! | picture.rgb[at + 1]! | picture.rgb[at + 2]!) & 0x0f;
    }
  });
  return bits;
}

/** The picture without the blocks beside it; the whole picture if there are no blocks. */
export function pictureBetweenBlocks(picture: RgbPicture): RgbPicture {
  const whole = withoutBlackBorder(picture);
  const blank = Array.from({ length: whole.width }, (_, x) => x).filter((x) => isBlank(whole, x));
  const [first, last] = [blank[0], blank.at(-1)];
  if (first === undefined || last === undefined || last - first < 2 || whole.width - 1 - last !== first) return picture;
  return cut(whole, { left: first + 1, top: 0, width: last - first - 1, height: whole.height });
}

/** Half-bytes as a block with the picture's height. The half-bytes repeat from the start as padding, which has at least one value. */
function block(halves: Uint8Array, { height, shades }: { height: number; shades: Uint8Array }): RgbPicture {
  const column = height * CHANNELS;
  const rows = halves.length + (height - (halves.length % height));
  const length = rows + (column - (rows % column));
  const width = length / column;
  const nextMask = lowBitsOfLcg();
  const rgb = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    const pixel = Math.floor(at / CHANNELS);
    const shade = shadeAt(shades, { x: pixel % width, y: Math.floor(pixel / width), height }) & 0xf0;
    rgb[at] = (halves[at % halves.length]! ^ nextMask()) | shade;
  }
  return { width, height, rgb };
}

/** The shade of a pixel: discs in staggered rows, in the next shade for each place of the grid, column after column. */
function shadeAt(shades: Uint8Array, at: { x: number; y: number; height: number }): number {
  const row = Math.floor((at.y + 6) / GRID);
  const x = at.x + 6 - (row % 2 === 0 ? 4 : 0);
  const column = Math.floor(x / GRID);
  const [dx, dy] = [x - column * GRID - RADIUS, at.y + 6 - row * GRID - RADIUS];
  if (column < 0 || dx * dx + dy * dy > RADIUS * RADIUS || shades.length === 0) return 0;
  const rows = Math.ceil((at.height + 6) / GRID);
  return shades[(column * rows + row) % shades.length]!;
}

/** The low four bits of the generator's values modulo 255. */
function lowBitsOfLcg(): () => number {
  let state = 0;
  return () => {
    state = (Math.imul(state, LCG_FACTOR) + LCG_STEP) >>> 0;
    return (state % 255) & 0x0f;
  };
}

function isBlank({ width, height, rgb }: RgbPicture, x: number): boolean {
  for (let y = 0; y < height; y++) {
    const at = (y * width + x) * CHANNELS;
    if (((rgb[at]! | rgb[at + 1]! | rgb[at + 2]!) & 0x0f) !== 0) return false;
  }
  return true;
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The picture without the rows and columns at the edges in which no pixel has all three channels above 0. */
function withoutBlackBorder(picture: RgbPicture): RgbPicture {
  const edges = new Edges(picture);
  for (let y = 0; y < picture.height; y++) edges.visit(y);
  return cut(picture, edges.box());
}

async function visibleBox(picture: RgbPicture, pause: Pause): Promise<Box> {
  const edges = new Edges(picture);
  await overRows(picture, pause, (y) => edges.visit(y));
  return edges.box();
}

/** Finds the smallest box with all pixels that have all three channels above 0. */
class Edges {
  readonly #picture: RgbPicture;
  #left: number;
  #right = -1;
  #top: number;
  #bottom = -1;

  constructor(picture: RgbPicture) {
    this.#picture = picture;
    this.#left = picture.width;
    this.#top = picture.height;
  }

  /** Looks at the row `y`. Rows are visited from the top. */
  visit(y: number): void {
    const { width, rgb } = this.#picture;
    for (let x = 0, at = y * width * CHANNELS; x < width; x++, at += CHANNELS) {
      if (rgb[at] === 0 || rgb[at + 1] === 0 || rgb[at + 2] === 0) continue;
      this.#left = Math.min(this.#left, x);
      this.#right = Math.max(this.#right, x);
      this.#top = Math.min(this.#top, y);
      this.#bottom = y;
    }
  }

  box(): Box {
    if (this.#right < this.#left) return { left: 0, top: 0, width: 0, height: 0 };
    return {
      left: this.#left,
      top: this.#top,
      width: this.#right - this.#left + 1,
      height: this.#bottom - this.#top + 1,
    };
  }
}

function cut(picture: RgbPicture, part: Box): RgbPicture {
  const { left, top, width, height } = part;
  if (width === 0) return { width: 0, height: 0, rgb: new Uint8Array() };
  if (width === picture.width && height === picture.height) return picture;
  const rgb = new Uint8Array(width * height * CHANNELS);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * CHANNELS;
    rgb.set(picture.rgb.subarray(from, from + width * CHANNELS), y * width * CHANNELS);
  }
  return { width, height, rgb };
}

function paste(whole: RgbPicture, part: RgbPicture, left: number): void {
  for (let y = 0; y < part.height; y++) {
    const row = part.rgb.subarray(y * part.width * CHANNELS, (y + 1) * part.width * CHANNELS);
    whole.rgb.set(row, (y * whole.width + left) * CHANNELS);
  }
}

/** Makes the corner pixels visible, because a reader cuts off black borders: otherwise a first or last row could be cut off. */
function withVisibleCorners({ width, height, rgb }: RgbPicture): RgbPicture {
  const visible = rgb.slice();
  for (const pixel of [0, width - 1, (height - 1) * width, height * width - 1]) {
    for (let channel = 0; channel < CHANNELS; channel++) {
      visible[pixel * CHANNELS + channel] = Math.max(visible[pixel * CHANNELS + channel]!, 1);
    }
  }
  return { width, height, rgb: visible };
}
