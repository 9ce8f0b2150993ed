/** @file The two hashes by which A1111 names an embedding. */

/** The first 12 hex digits of the file's sha256, as infotext lists it under `TI hashes` (checkpoints: 10). */
export async function embeddingShortHash(file: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", file));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .slice(0, 12);
}

/** The older hash of the vectors themselves, up to 4 hex digits, as `.optim` files and "Used embeddings" have it. Vectors must be finite. */
export function embeddingChecksum(vectors: Float32Array): string {
  let hash = 0;
  for (const value of vectors) {
    // Python multiplies as float32 and truncates to an integer of any size; only the low 32 bits reach the result.
    const hundredfold = Math.trunc(Math.fround(value * 100));
    if (!Number.isFinite(hundredfold)) throw new RangeError("vectors with NaN or infinity have no checksum");
    const low = Number(BigInt.asIntN(32, BigInt(hundredfold)));
    hash = (Math.imul(hash, 281) ^ Math.imul(low, 997)) >>> 0;
  }
  return (hash & 0xffff).toString(16).padStart(4, "0");
}
