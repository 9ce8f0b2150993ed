/** @file Reads the comments of GIF and JPEG files, where some programs store an infotext. */

const [GIF_TRAILER, GIF_EXTENSION, GIF_IMAGE, GIF_COMMENT] = [0x3b, 0x21, 0x2c, 0xfe];
const GIF_HEADER_BYTES = 13;
/** The bytes of an image's own header after its first byte; the last of them has its flags. */
const GIF_IMAGE_BYTES = 9;
const MAX_COMMENT_BYTES = 1 << 20;

/** The comments of a GIF, with a newline between them, as Pillow joins them; undefined if there are none. A file that is cut short is read as far as it goes. */
export function readGifComment(gif: Uint8Array): string | undefined {
  if (ascii(gif, 0, 4) !== "GIF8") return undefined;
  const comments: string[] = [];
  let at = GIF_HEADER_BYTES + paletteBytes(gif[10] ?? 0);
  while (at < gif.length && gif[at] !== GIF_TRAILER) {
    const isComment = gif[at] === GIF_EXTENSION && gif[at + 1] === GIF_COMMENT;
    if (gif[at] === GIF_EXTENSION) at += 2;
    else if (gif[at] === GIF_IMAGE) at += GIF_IMAGE_BYTES + 2 + paletteBytes(gif[at + GIF_IMAGE_BYTES] ?? 0);
    else break;
    const { bytes, end } = subBlocks(gif, at, isComment);
    if (isComment) comments.push(new TextDecoder().decode(bytes));
    at = end;
  }
  return comments.length === 0 ? undefined : comments.join("\n");
}

/** The size of a palette by the flags of its header: 3 bytes a colour, or none. */
function paletteBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}

/** Blocks of up to 255 bytes, each after its length, until a length of 0. */
function subBlocks(gif: Uint8Array, start: number, isKept: boolean): { bytes: Uint8Array; end: number } {
  const kept: number[] = [];
  let at = start;
  for (let length = gif[at] ?? 0; length > 0; length = gif[at] ?? 0) {
    if (isKept && kept.length < MAX_COMMENT_BYTES) kept.push(...gif.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { bytes: Uint8Array.from(kept), end: at + 1 };
}

const [JPEG_COMMENT, JPEG_SCAN] = [0xfe, 0xda];

/** The last comment before the pixels of a JPEG, as Pillow gives it; undefined if there is none. */
export function readJpegComment(jpeg: Uint8Array): string | undefined {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return undefined;
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  let comment: string | undefined;
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1]!;
    // A marker may have fill bytes of 0xff in front.
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === JPEG_SCAN) break;
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === JPEG_COMMENT) comment = new TextDecoder().decode(jpeg.subarray(at + 4, end));
    at = end;
  }
  return comment;
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
