/** @file Small files to fill folders with. */
import { writeFile } from "node:fs/promises";
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
