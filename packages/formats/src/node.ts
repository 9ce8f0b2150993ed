/** @file The Node door of this package: opens files for the pure readers. The only file here that imports Node built-ins. */
import { randomBytes } from "node:crypto";
import { access, link, open, readdir, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import { LexemeError } from "@lexeme/core";
import { inspectCheckpoint, type CheckpointInspection } from "./checkpoint.ts";
import type { CheckpointSource, CheckpointTensorLocation } from "./checkpoint-source.ts";
import { drawEmbeddingCard } from "./embedding-card.ts";
import { EmbeddingFolder, type EmbeddingFile } from "./embedding-folder.ts";
import type { RgbPicture } from "./embedding-pixels.ts";
import type { RandomAccess } from "./random-access.ts";
import { readSafetensorsHeader } from "./safetensors.ts";
import { readDiffusersFolder } from "./diffusers/diffusers-folder.ts";
import { inspectUpscaler, type UpscalerInspection } from "./upscaler.ts";
import { vaeTensors } from "./vae.ts";
import type { TextualInversionToWrite } from "./write-textual-inversion.ts";
import { isTorchFile, readTorchCheckpoint } from "./torch/torch-checkpoint.ts";

/** Opens `path` for ranged reads, hands it to `use`, and closes it whatever happens. Throws LexemeError `FILE_NOT_FOUND` or `FILE_UNREADABLE`. */
export async function withRandomAccess<T>(path: string, use: (file: RandomAccess) => Promise<T>): Promise<T> {
  const handle = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ENOENT"
      ? new LexemeError("FILE_NOT_FOUND", `There is no file "${path}"`, { cause })
      : new LexemeError("FILE_UNREADABLE", `Cannot read "${path}": ${cause.message}`, { cause });
  });
  try {
    const status = await handle.stat();
    if (!status.isFile()) {
      throw new LexemeError("FILE_UNREADABLE", `Cannot read "${path}": it is not a file`);
    }
    return await use({
      sizeBytes: status.size,
      async read(offset, length) {
        const bytes = new Uint8Array(length);
        let done = 0;
        while (done < length) {
          const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
          if (bytesRead === 0)
            throw new RangeError(`Cannot read ${length} bytes at ${offset} of ${path}: it ends before`);
          done += bytesRead;
        }
        return bytes;
      },
    });
  } finally {
    await handle.close();
  }
}

/** The index of the shards of a large model has some 300 KB. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

export interface CheckpointFile extends CheckpointInspection {
  /** Absolute path with symbolic links resolved: what ONNX Runtime needs to map the file's bytes. Of a diffusers folder, its own. */
  readonly realPath: string;
  /** Of a diffusers folder, that of all weights. */
  readonly sizeBytes: number;
}

/**
 * Reads where the tensors of a safetensors file, a torch file or a diffusers folder lie and says what it is; a file's bytes, not its
 * ending, tell which. Errors carry the path.
 */
export async function inspectCheckpointFile(path: string): Promise<CheckpointFile> {
  if (await isFolder(path)) return inspectDiffusersFolder(path);
  const { source, ...file } = await openSource(path);
  return { ...inspectCheckpoint(source), ...file };
}

/** The tensors of a separate VAE file by their keys in a checkpoint, each with its file. Errors carry the path. */
export async function readVaeFile(path: string): Promise<ReadonlyMap<string, CheckpointTensorLocation>> {
  const { source, realPath: file } = await openSource(path);
  const tensors = await namingFile(path, () => Promise.resolve(vaeTensors(source)));
  return new Map([...tensors].map(([key, tensor]) => [key, { ...tensor, file }]));
}

export interface UpscalerFile extends UpscalerInspection {
  /** Absolute path with symbolic links resolved. */
  readonly realPath: string;
}

/** Reads where an upscaler's tensors lie and what network they are. Errors carry the path. */
export async function inspectUpscalerFile(path: string): Promise<UpscalerFile> {
  const { source, realPath } = await openSource(path);
  const inspection = await namingFile(path, () => Promise.resolve(inspectUpscaler(source)));
  return { ...inspection, realPath };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}

async function inspectDiffusersFolder(path: string): Promise<CheckpointFile> {
  let sizeBytes = 0;
  const source = await namingFile(path, () =>
    readDiffusersFolder({
      has: (name) => access(join(path, name)).then(always(true), always(false)),
      readText: async (name) =>
        withRandomAccess(join(path, name), async (file) => {
          if (file.sizeBytes > MAX_JSON_BYTES) return "";
          return new TextDecoder().decode(await file.read(0, file.sizeBytes));
        }),
      async readTensors(name) {
        const opened = await openSource(join(path, name));
        sizeBytes += opened.sizeBytes;
        return opened;
      },
    }),
  );
  return { ...inspectCheckpoint(source), realPath: await realpath(path), sizeBytes };
}

function always<T>(value: T): () => T {
  return () => value;
}

async function openSource(path: string): Promise<{ source: CheckpointSource; realPath: string; sizeBytes: number }> {
  return withRandomAccess(path, (file) =>
    namingFile(path, async () => ({
      source: await readSource(file, path),
      realPath: await realpath(path),
      sizeBytes: file.sizeBytes,
    })),
  );
}

async function namingFile<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof LexemeError)) throw cause;
    const { code, details } = cause;
    throw new LexemeError(code, `Cannot read "${path}": ${cause.message}`, { details: { ...details, path }, cause });
  }
}

/** A file that is neither is judged by its ending, so that the reason speaks of what the user thinks it is. */
async function readSource(file: RandomAccess, path: string): Promise<CheckpointSource> {
  if (isTorchFile(await file.read(0, Math.min(4, file.sizeBytes)))) return readTorchCheckpoint(file);
  try {
    return await readSafetensorsHeader(file);
  } catch (error) {
    if (/\.(ckpt|pt|pth|bin)$/i.test(path)) return readTorchCheckpoint(file);
    throw error;
  }
}

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

/** A PNG by which the embedding can be shared: `picture` (a file's bytes; undefined for a plain card), captioned, with the embedding in it. */
export async function writeEmbeddingCard(
  picture: Uint8Array | undefined,
  embedding: TextualInversionToWrite,
): Promise<Uint8Array<ArrayBuffer>> {
  const { default: sharp } = await import("sharp");
  const compress = promisify(deflate);
  return drawEmbeddingCard(picture, embedding, { sharp, compress: (bytes) => compress(bytes, { level: 9 }) });
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

export interface WriteOptions {
  /** Replace a file that is there. Without it, such a file is a conflict and stays as it is. */
  overwrite: boolean;
}

/**
 * Writes a file whole or not at all: a temporary file in the same folder, flushed, then given its name. Whatever fails, a full disk
 * included, an old file of that name stays as it was. Throws LexemeError `FILE_EXISTS`, `DISK_FULL`, `FOLDER_NOT_FOUND`, `FILE_UNWRITABLE`.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array, options: WriteOptions): Promise<void> {
  try {
    // A name that is a link to elsewhere keeps being one: its target is what gets replaced.
    const target = options.overwrite ? await realpath(path).catch(() => path) : path;
    const folder = dirname(target);
    // A name of its own length: with the target's in it, a long name would become too long.
    const temporary = join(folder, `.lexeme-${randomBytes(6).toString("hex")}.tmp`);
    try {
      await writeFlushed(temporary, bytes);
      if (options.overwrite) await rename(temporary, target);
      else await linkOrClaim(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
    await flushFolder(folder);
  } catch (cause) {
    throw writeFault(path, cause);
  }
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, "wx");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives the file its name only if no other has it. A file system without links gets an empty file as the claim first. */
async function linkOrClaim(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (cause) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(errorCode(cause))) throw cause;
    await (await open(target, "wx")).close();
    await rename(temporary, target);
  }
}

/** Makes the new name itself survive a power cut. Windows cannot open a folder, and needs no such step. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (cause) {
    // Some network file systems know no flush of a folder; the file itself is safe by then.
    if (!["EINVAL", "ENOTSUP", "EOPNOTSUPP"].includes(errorCode(cause))) throw cause;
  } finally {
    await handle.close();
  }
}

function writeFault(path: string, cause: unknown): LexemeError {
  const code = errorCode(cause);
  const details = { path };
  if (code === "EEXIST") {
    const message = `There is already a file "${path}": choose another name, or allow it to be overwritten`;
    return new LexemeError("FILE_EXISTS", message, { details, cause });
  }
  if (code === "ENOSPC" || code === "EDQUOT") {
    const message = `Cannot write "${path}": the disk is full. Nothing was changed; free some space and try again`;
    return new LexemeError("DISK_FULL", message, { details, cause });
  }
  if (code === "ENOENT") {
    const message = `Cannot write "${path}": its folder does not exist`;
    return new LexemeError("FOLDER_NOT_FOUND", message, { details, cause });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LexemeError("FILE_UNWRITABLE", `Cannot write "${path}": ${why}`, { details, cause });
}

function errorCode(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
