/** @file Reads EXIF's UserComment, in which A1111 and other programs store the infotext of JPEG, WebP and AVIF pictures. */

/** Exif 2.3: the first IFD has the pointer to the Exif IFD, which has the comment. */
const EXIF_IFD_TAG = 0x8769;
const USER_COMMENT_TAG = 0x9286;
const ENTRY_BYTES = 12;
const CODE_BYTES = 8;

/** The comment in an EXIF block, with or without `Exif\0\0` in front; undefined if there is none or the block is damaged. */
export function readExifUserComment(exif: Uint8Array): string | undefined {
  const start = latin1(exif.subarray(0, 4)) === "Exif" ? 6 : 0;
  const tiff = exif.subarray(start);
  const order = latin1(tiff.subarray(0, 2));
  if ((order !== "II" && order !== "MM") || tiff.length < 8) return undefined;
  const reader = { tiff, view: new DataView(tiff.buffer, tiff.byteOffset, tiff.length), little: order === "II" };
  const exifIfd = findEntry(reader, reader.view.getUint32(4, reader.little), EXIF_IFD_TAG);
  const comment = exifIfd && findEntry(reader, exifIfd.value, USER_COMMENT_TAG);
  if (comment === undefined || comment.value + comment.count > tiff.length || comment.count <= CODE_BYTES)
    return undefined;
  return decodeComment(tiff.subarray(comment.value, comment.value + comment.count), reader.little);
}

interface Reader {
  readonly tiff: Uint8Array;
  readonly view: DataView;
  readonly little: boolean;
}

function findEntry(
  { tiff, view, little }: Reader,
  ifd: number,
  tag: number,
): { count: number; value: number } | undefined {
  if (ifd + 2 > tiff.length) return undefined;
  const entries = view.getUint16(ifd, little);
  for (let i = 0; i < entries; i++) {
    const at = ifd + 2 + i * ENTRY_BYTES;
    if (at + ENTRY_BYTES > tiff.length) return undefined;
    if (view.getUint16(at, little) !== tag) continue;
    return { count: view.getUint32(at + 4, little), value: view.getUint32(at + 8, little) };
  }
  return undefined;
}

/**
 * The first 8 bytes name the encoding. "UNICODE" is UTF-16 in a byte order that differs between writers: A1111 always writes big-endian, and
 * some programs write UTF-8. Without a known name there, all bytes are text, as in A1111.
 */
function decodeComment(bytes: Uint8Array, little: boolean): string {
  const code = latin1(bytes.subarray(0, CODE_BYTES)).replace(/[\0 ]+$/u, "");
  const text = bytes.subarray(CODE_BYTES);
  return decodeBehind(code, { bytes, text, little }).replace(/\0+$/u, "");
}

function decodeBehind(
  code: string,
  { bytes, text, little }: { bytes: Uint8Array; text: Uint8Array; little: boolean },
): string {
  switch (code) {
    case "UNICODE": {
      const utf8 = asUtf8(text);
      if (utf8 !== undefined) return utf8;
      return new TextDecoder(isLittleEndian(text, little) ? "utf-16le" : "utf-16be").decode(text);
    }
    case "JIS":
      return new TextDecoder("shift_jis").decode(text);
    case "ASCII":
    case "":
      return new TextDecoder().decode(text);
    default:
      return new TextDecoder().decode(bytes);
  }
}

/** UTF-16 has zero bytes in every infotext, because the keys are plain letters; UTF-8 has none but at its end. */
function asUtf8(bytes: Uint8Array): string | undefined {
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  const text = bytes.subarray(0, end);
  if (text.includes(0)) return undefined;
  try {
    const read = new TextDecoder("utf-8", { fatal: true }).decode(text);
    return /[A-Za-z]{3}/u.test(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Most letters of a prompt have a zero byte, whose place gives the byte order; without zero bytes, the file's order is used. */
function isLittleEndian(text: Uint8Array, otherwise: boolean): boolean {
  let [even, odd] = [0, 0];
  for (let i = 0; i + 1 < text.length; i += 2) {
    if (text[i] === 0) even++;
    if (text[i + 1] === 0) odd++;
  }
  return even === odd ? otherwise : odd > even;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
