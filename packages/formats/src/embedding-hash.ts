/** @file The hash by which A1111 names an embedding. */

/** The first 12 hex digits of the file's sha256, as infotext lists it under `TI hashes` (checkpoints: 10). */
export async function embeddingShortHash(file: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", file));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .slice(0, 12);
}
