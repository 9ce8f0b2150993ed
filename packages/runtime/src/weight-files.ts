/** @file Finds the common folder of a graph's weight files, which ONNX Runtime needs to map weights directly from the user's files. */

import { realpathSync, statSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { LexemeError } from "@lexeme/core";
import type { ByteRange } from "@lexeme/onnx";

export interface WeightFiles {
  /** Real path that contains every file; undefined if there are none. */
  folder: string | undefined;
  /** Path of a file relative to `folder`, with forward slashes. */
  location: (file: string) => string;
}

/**
 * ONNX Runtime takes only relative locations that stay inside one folder after symbolic links are resolved. So symbolic links
 * in every path are resolved first, and the folder is the deepest folder that contains all files.
 * Throws LexemeError if a file is missing or ends before a range does: reading a mapped file past its end would kill the process.
 */
export function locateWeightFiles(ranges: readonly ByteRange[]): WeightFiles {
  const realPaths = new Map<string, string>();
  const neededBytes = new Map<string, number>();
  for (const { file, offset, length } of ranges) {
    if (!realPaths.has(file)) realPaths.set(file, realPath(file));
    neededBytes.set(file, Math.max(neededBytes.get(file) ?? 0, offset + length));
  }
  for (const [file, needed] of neededBytes) expectSize(file, needed);
  const folder = commonFolder([...realPaths.values()]);
  return {
    folder,
    location: (file) =>
      relative(folder ?? "", realPaths.get(file) ?? realPath(file))
        .split(sep)
        .join("/"),
  };
}

function realPath(file: string): string {
  try {
    return realpathSync(resolve(file));
  } catch (cause) {
    throw new LexemeError(
      "WEIGHTS_NOT_FOUND",
      `Cannot open weights "${file}": the file is not there or cannot be read; check the path`,
      { details: { file }, cause },
    );
  }
}

function expectSize(file: string, needed: number): void {
  const { size } = statSync(file);
  if (size >= needed) return;
  throw new LexemeError(
    "WEIGHTS_TRUNCATED",
    `Cannot open weights "${file}": it has ${size} bytes, its tensors need ${needed}; the file is cut off, copy or download it again`,
    { details: { file, size, needed } },
  );
}

function commonFolder(files: readonly string[]): string | undefined {
  const [first, ...others] = files;
  if (first === undefined) return undefined;
  let folder = dirname(first);
  while (!others.every((file) => isInside(folder, file))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new LexemeError(
        "WEIGHTS_ON_DIFFERENT_DRIVES",
        "Cannot open weights on different drives together; move them to one drive",
        { details: { files } },
      );
    }
    folder = parent;
  }
  return folder;
}

function isInside(folder: string, file: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
