/** @file The embeddings below a folder of this machine. */
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { EmbeddingFolder, type EmbeddingFile } from "../embedding-folder.ts";
import type { RgbPicture } from "../embedding-pixels.ts";

/** 16384 x 16384 would take gigabytes to decode; pictures with embeddings have a few thousand pixels a side. */
const MAX_PICTURE_PIXELS = 8192 * 8192;

/** The embeddings below a folder of this machine. */
export function openEmbeddingFolder(): EmbeddingFolder {
  return new EmbeddingFolder({
    walk: (folder) => walkFiles(folder, "", new Set()),
    // A copy: a Buffer may be a view of a larger one.
    read: async (path) => Uint8Array.from(await readFile(path)),
    decode: decodeRgb,
  });
}

/** Exact pixels of a PNG, WebP or AVIF file, without alpha and colour profile; undefined for what is no picture. */
async function decodeRgb(bytes: Uint8Array): Promise<RgbPicture | undefined> {
  // Not before a picture is met: it loads a native library.
  const { default: sharp } = await import("sharp");
  const decoded = sharp(bytes, { ignoreIcc: true, limitInputPixels: MAX_PICTURE_PIXELS })
    .toColourspace("srgb")
    .removeAlpha()
    .raw({ depth: "uchar" });
  return decoded.toBuffer({ resolveWithObject: true }).then(
    ({ data, info: { width, height, channels } }) => (channels === 3 ? { width, height, rgb: data } : undefined),
    () => undefined,
  );
}

/** As Python's `os.walk` with links followed: a folder's files first, then its folders; sorted by name, and no folder twice. */
async function walkFiles(root: string, folder: string, seen: Set<string>): Promise<EmbeddingFile[]> {
  const path = join(root, folder);
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined || seen.has(real)) return [];
  seen.add(real);
  const names = (await readdir(path).catch(() => [])).toSorted((a, b) => (a < b ? -1 : 1));
  const statuses = await Promise.all(names.map((name) => stat(join(path, name)).catch(() => undefined)));
  const files = names.flatMap((file, i): EmbeddingFile[] => {
    const status = statuses[i];
    if (!status?.isFile()) return [];
    return [{ path: join(path, file), folder, file, sizeBytes: status.size, modifiedAt: status.mtimeMs }];
  });
  for (const [i, name] of names.entries()) {
    if (!statuses[i]?.isDirectory() || name.startsWith(".")) continue;
    files.push(...(await walkFiles(root, folder === "" ? name : `${folder}/${name}`, seen)));
  }
  return files;
}
