/** @file Small files to fill folders with. */
import { writeFile } from "node:fs/promises";
import { crc32, deflateSync } from "node:zlib";
import { writePngText } from "@lexeme/formats";
import sharp from "sharp";

/** A PNG, with an infotext in it if one is given. */
export async function writePicture(path: string, infotext?: string): Promise<void> {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  await writeFile(path, infotext === undefined ? png : writePngText(png, { keyword: "parameters", text: infotext }));
}

/** A safetensors file of float32 zeros. */
export function safetensorsOfZeros(shapes: Record<string, number[]>): Buffer {
  let at = 0;
  const entries = Object.entries(shapes).map(([key, shape]) => {
    const begin = at;
    at += shape.reduce((a, b) => a * b, 4);
    return [key, { dtype: "F32", shape, data_offsets: [begin, at] }];
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(at)]);
}

/** A PNG with a complete header that claims `side` x `side` pixels of four channels, and almost no data. One of 16 bits is interlaced: it must be decoded whole. */
export function claimingPng(side: number, bits: 8 | 16): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([bits, 6, 0, 0, bits === 16 ? 1 : 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, pngChunk("IHDR", header), pngChunk("IDAT", deflateSync(Buffer.alloc(64)))]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
