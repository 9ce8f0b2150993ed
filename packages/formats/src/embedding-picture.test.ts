/** @file A picture whose pixels hold zlib data that would fill the memory. */
import { createDeflate } from "node:zlib";
import { expect, it } from "vitest";
import { readEmbeddingPicture } from "./embedding-picture.ts";
import { hideInPixels } from "./embedding-pixels.ts";

const MEGABYTE = 1 << 20;

it("data larger than any embedding is dropped during inflation, before it fills the memory", async () => {
  const bomb = await deflatedZeros(512);
  const plain = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3).fill(128) };
  const picture = hideInPixels(plain, bomb, Uint8Array.of(1));
  const before = process.resourceUsage().maxRSS;
  await expect(
    readEmbeddingPicture(Uint8Array.of(0), { decode: async () => picture, pause: async () => undefined }),
  ).rejects.toMatchObject({
    code: "EMBEDDING_UNREADABLE",
  });
  // In kilobytes. The limit is 32 MB, and earlier pieces may be collected as garbage.
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(256 * 1024);
}, 60_000);

async function deflatedZeros(megabytes: number): Promise<Uint8Array> {
  const deflate = createDeflate({ level: 9 });
  const zeros = new Uint8Array(MEGABYTE);
  const pieces: Buffer[] = [];
  deflate.on("data", (piece: Buffer) => pieces.push(piece));
  for (let i = 0; i < megabytes; i++) {
    if (!deflate.write(zeros)) await new Promise((resolve) => deflate.once("drain", resolve));
  }
  const ended = new Promise((resolve) => deflate.once("end", resolve));
  deflate.end();
  await ended;
  return Buffer.concat(pieces);
}
