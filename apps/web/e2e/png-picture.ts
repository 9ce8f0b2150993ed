/** @file Makes small PNGs that hold text, as other programs write them. */
import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** A grey picture of `size` pixels a side, with its texts in tEXt chunks, or in iTXt chunks if Latin-1 cannot hold them. */
export function pngPicture(texts: Readonly<Record<string, string>>, size = 64): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // 8 bits, grey.
  header.set([8, 0, 0, 0, 0], 8);
  // Every row begins with the number of its filter.
  const rows = Buffer.alloc(size * (size + 1), 128);
  for (let row = 0; row < size; row++) rows[row * (size + 1)] = 0;
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    ...Object.entries(texts).map(([keyword, text]) => textChunk(keyword, text)),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function textChunk(keyword: string, text: string): Buffer {
  const latin1 = Buffer.from(text, "latin1");
  if (latin1.toString("latin1") === text) return chunk("tEXt", Buffer.concat([Buffer.from(`${keyword}\0`), latin1]));
  return chunk("iTXt", Buffer.from(`${keyword}\0\0\0\0\0${text}`, "utf8"));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
