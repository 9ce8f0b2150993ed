/** @file Finds the places of tensors of checkpoints, VAEs and upscalers, in files of all kinds and in diffusers folders. */
import { access, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { LexemeError } from "@lexeme/core";
import { inspectCheckpoint, type CheckpointInspection } from "../checkpoint.ts";
import type { CheckpointSource, CheckpointTensorLocation } from "../checkpoint-source.ts";
import { readDiffusersFolder } from "../diffusers/diffusers-folder.ts";
import type { RandomAccess } from "../random-access.ts";
import { readSafetensorsHeader } from "../safetensors.ts";
import { isTorchFile, readTorchCheckpoint } from "../torch/torch-checkpoint.ts";
import { inspectUpscaler, type UpscalerInspection } from "../upscaler.ts";
import { vaeTensors } from "../vae.ts";
import { withRandomAccess } from "./random-access-file.ts";

/** The index of a large model's shards has some 300 KB. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

export interface CheckpointFile extends CheckpointInspection {
  /** Absolute path with symbolic links resolved, which ONNX Runtime needs to map the file. For a diffusers folder, the folder's path. */
  readonly realPath: string;
  /** For a diffusers folder, the size of all weights files. */
  readonly sizeBytes: number;
}

/**
 * Reads the places of the tensors of a safetensors file, a torch file or a diffusers folder, and inspects them. A file's bytes, not its
 * ending, decide its format. Errors contain the path.
 */
export async function inspectCheckpointFile(path: string): Promise<CheckpointFile> {
  if (await isFolder(path)) return inspectDiffusersFolder(path);
  const { source, ...file } = await openSource(path);
  return { ...inspectCheckpoint(source), ...file };
}

/** The tensors of a separate VAE file by their keys in a checkpoint, each with its file. Errors contain the path. */
export async function readVaeFile(path: string): Promise<ReadonlyMap<string, CheckpointTensorLocation>> {
  const { source, realPath: file } = await openSource(path);
  const tensors = await namingFile(path, () => Promise.resolve(vaeTensors(source)));
  return new Map([...tensors].map(([key, tensor]) => [key, { ...tensor, file }]));
}

export interface UpscalerFile extends UpscalerInspection {
  /** Absolute path with symbolic links resolved. */
  readonly realPath: string;
}

/** Reads the places of an upscaler's tensors and inspects its network. Errors contain the path. */
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

/** For a file in neither format, the ending decides which reader's error is thrown, so that the reason fits the user's file. */
async function readSource(file: RandomAccess, path: string): Promise<CheckpointSource> {
  if (isTorchFile(await file.read(0, Math.min(4, file.sizeBytes)))) return readTorchCheckpoint(file);
  try {
    return await readSafetensorsHeader(file);
  } catch (error) {
    if (/\.(ckpt|pt|pth|bin)$/i.test(path)) return readTorchCheckpoint(file);
    throw error;
  }
}
