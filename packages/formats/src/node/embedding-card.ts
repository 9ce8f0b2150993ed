/** @file Makes pictures for sharing embeddings, with sharp and zlib. */
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import { drawEmbeddingCard } from "../embedding-card.ts";
import type { TextualInversionToWrite } from "../write-textual-inversion.ts";

/** Returns a PNG for sharing the embedding: `picture` (a file's bytes; undefined for a plain card) with captions and with the embedding in it. */
export async function writeEmbeddingCard(
  picture: Uint8Array | undefined,
  embedding: TextualInversionToWrite,
): Promise<Uint8Array<ArrayBuffer>> {
  const { default: sharp } = await import("sharp");
  const compress = promisify(deflate);
  return drawEmbeddingCard(picture, embedding, { sharp, compress: (bytes) => compress(bytes, { level: 9 }) });
}
