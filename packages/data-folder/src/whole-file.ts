/** @file Writes a file whole or not at all. All files of the data folder are written this way, except those that ADR 11 names. */
import { mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { LexemeError, codeOf, isAbsent } from "@lexeme/core";
import { temporaryPath } from "./leftover-files.ts";
import { nameFile } from "./move-file.ts";

export interface WholeFileOptions {
  /** Replace an existing file. If false, an existing file is a conflict and stays unchanged. */
  readonly replace: boolean;
  /** If the existing file is a link, replace the link and not the file that it leads to. */
  readonly replacesLink?: boolean;
  /** Called when the content is on the disk, just before the file gets its name. If it fails, nothing is changed. */
  readonly beforeNaming?: () => Promise<void>;
}

/**
 * Writes a file whole or not at all: writes and flushes a temporary file in the same folder, then gives it its name. After any failure, such as
 * a full disk, an old file of that name is unchanged. Throws LexemeError `FILE_EXISTS`, `DISK_FULL`, `FOLDER_MISSING`,
 * `FOLDER_NOT_WRITABLE`, `FILE_UNWRITABLE`.
 */
export async function writeWholeFile(
  path: string,
  content: string | Uint8Array,
  options: WholeFileOptions,
): Promise<void> {
  try {
    // A link stays, and its target is replaced.
    const target = options.replace && options.replacesLink !== true ? await linkTarget(path) : path;
    const folder = dirname(target);
    const temporary = temporaryPath(folder);
    try {
      await writeFlushed(temporary, content);
      await options.beforeNaming?.();
      if (options.replace) await rename(temporary, target);
      else await nameFile(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
    await flushFolder(folder);
  } catch (cause) {
    throw cause instanceof LexemeError ? cause : writeFault(path, cause);
  }
}

async function linkTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    if (isAbsent(cause)) return path;
    throw cause;
  }
}

/** Makes a folder and its missing parents. Throws LexemeError `FOLDER_NOT_WRITABLE` or `DISK_FULL` with `details.path`. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw folderFault(path, cause);
  });
}

/** The error for a folder that could not be made. */
export function folderFault(path: string, cause: unknown): LexemeError {
  if (isFull(cause)) return diskFull(path, cause);
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LexemeError("FOLDER_NOT_WRITABLE", `Cannot make the folder "${path}": ${why}`, {
    details: { path },
    cause,
  });
}

async function writeFlushed(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(path, "wx");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the new name itself survive a power cut. Windows cannot open a folder, and needs no such step. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (cause) {
    // Some network file systems cannot flush a folder; the file itself is already safe.
    if (!["EINVAL", "ENOTSUP", "EOPNOTSUPP"].includes(codeOf(cause))) throw cause;
  } finally {
    await handle.close();
  }
}

function writeFault(path: string, cause: unknown): LexemeError {
  const details = { path };
  if (isFull(cause)) return diskFull(path, cause);
  switch (codeOf(cause)) {
    case "EEXIST": {
      const message = `There is already a file "${path}": choose another name, or allow it to be replaced`;
      return new LexemeError("FILE_EXISTS", message, { details, cause });
    }
    case "ENOENT":
    case "ENOTDIR":
      return new LexemeError("FOLDER_MISSING", `Cannot write "${path}": its folder does not exist`, { details, cause });
    case "EACCES":
    case "EPERM":
    case "EROFS": {
      const message = `Cannot write "${path}": give the user who runs Lexeme write access to its folder`;
      return new LexemeError("FOLDER_NOT_WRITABLE", message, { details, cause });
    }
    default: {
      const why = cause instanceof Error ? cause.message : String(cause);
      return new LexemeError("FILE_UNWRITABLE", `Cannot write "${path}": ${why}`, { details, cause });
    }
  }
}

export function isFull(cause: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(codeOf(cause));
}

/** The error for a disk that is too full for a file. `what` describes a file that is not one of the user's. */
export function diskFull(path: string | undefined, cause: unknown, what = "a file"): LexemeError {
  const target = path === undefined ? what : `"${path}"`;
  const message = `Cannot write ${target}: the disk is full. Nothing was changed; free some space and try again`;
  return new LexemeError("DISK_FULL", message, { details: path === undefined ? {} : { path }, cause });
}
