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

/** The payload with its padding, which zlib ignores; undefined for a picture without two black columns, which has no payload. */
export function findInPixels(picture: RgbPicture): Uint8Array | undefined {
  const { width, height, rgb } = withoutBlackBorder(picture);
  let [first, last] = [-1, -1];
  for (let x = 0; x < width; x++) {
    if (!isBlank({ width, height, rgb }, x)) continue;
    if (first < 0) first = x;
    last = x;
  }
  const blockWidth = first;
  // As in A1111, the blocks are before the first and after the last black column, and have the same width.
  if (first < 1 || last === first || width - 1 - last !== blockWidth) return undefined;
  const bytes = new Uint8Array(height * blockWidth * CHANNELS);
  const nextMask = lowBitsOfLcg();
  const rowLength = blockWidth * CHANNELS;
  for (let y = 0, at = 0; y < height; y++) {
    const lowStart = y * width * CHANNELS;
    const highStart = lowStart + (last + 1) * CHANNELS;
    for (let i = 0; i < rowLength; i++, at++) {
      const mask = nextMask();
      const low = (rgb[lowStart + i]! & 0x0f) ^ mask;
      const high = (rgb[highStart + i]! & 0x0f) ^ mask;
      bytes[at] = (high << 4) | low;
    }
  }
  return bytes;
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

/** Cuts off rows and columns at the edges if no pixel in them has all three channels above 0. */
function withoutBlackBorder(picture: RgbPicture): RgbPicture {
  const { width, height, rgb } = picture;
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += CHANNELS) {
      if (rgb[at] === 0 || rgb[at + 1] === 0 || rgb[at + 2] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < left) return { width: 0, height: 0, rgb: new Uint8Array() };
  return cut(picture, { left, top, width: right - left + 1, height: bottom - top + 1 });
}

function cut(picture: RgbPicture, part: { left: number; top: number; width: number; height: number }): RgbPicture {
  const { left, top, width, height } = part;
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
