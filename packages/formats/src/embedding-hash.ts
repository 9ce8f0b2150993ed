/** @file The hash that identifies an embedding in A1111. */

/** The first 12 hex digits of the file's sha256, as in infotext's `TI hashes` (checkpoints: 10). */
export async function embeddingShortHash(file: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", file));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .slice(0, 12);
}
