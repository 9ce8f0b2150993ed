/** @file The Node door of this package: opens files for the pure readers. The only file here that imports Node built-ins. */
import { open, realpath } from "node:fs/promises";
import { LexemeError } from "@lexeme/core";
import { inspectCheckpoint, type CheckpointInspection } from "./checkpoint.ts";
import type { RandomAccess } from "./random-access.ts";
import { readSafetensorsHeader } from "./safetensors.ts";

/** Opens `path` for ranged reads, hands it to `use`, and closes it whatever happens. Throws LexemeError `FILE_NOT_FOUND` or `FILE_UNREADABLE`. */
export async function withRandomAccess<T>(path: string, use: (file: RandomAccess) => Promise<T>): Promise<T> {
  const handle = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ENOENT"
      ? new LexemeError(`There is no file "${path}"`, { code: "FILE_NOT_FOUND", kind: "missing", cause })
      : new LexemeError(`Cannot read "${path}": ${cause.message}`, {
          code: "FILE_UNREADABLE",
          kind: "environment",
          cause,
        });
  });
  try {
    const { size } = await handle.stat();
    return await use({
      sizeBytes: size,
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

export interface CheckpointFile extends CheckpointInspection {
  /** Absolute path with symbolic links resolved: what ONNX Runtime needs to map the file's bytes. */
  readonly realPath: string;
  readonly sizeBytes: number;
}

/** Reads the header of a safetensors file and says what it is. Errors of the header carry the file's path. */
export async function inspectCheckpointFile(path: string): Promise<CheckpointFile> {
  return withRandomAccess(path, async (file) => {
    try {
      const header = await readSafetensorsHeader(file);
      return { ...inspectCheckpoint(header), realPath: await realpath(path), sizeBytes: file.sizeBytes };
    } catch (cause) {
      if (!(cause instanceof LexemeError)) throw cause;
      const { code, kind, details = {} } = cause;
      throw new LexemeError(`Cannot read "${path}": ${cause.message}`, {
        code,
        kind,
        details: { ...details, path },
        cause,
      });
    }
  });
}
