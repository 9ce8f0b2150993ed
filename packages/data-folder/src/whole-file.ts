/** @file The only way in which a file gets into the data folder: whole or not at all. */
import { randomBytes } from "node:crypto";
import { link, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LexemeError } from "@lexeme/core";
import { codeOf, ifAbsent } from "./absence.ts";

export interface WholeFileOptions {
  /** Replace a file that is there. Without it, such a file is a conflict and stays as it is. */
  readonly replace: boolean;
}

/**
 * Writes a file whole or not at all: a temporary file in the same folder, flushed, then given its name. Whatever fails, a full disk
 * included, an old file of that name stays as it was. Throws LexemeError `FILE_EXISTS`, `DISK_FULL`, `FOLDER_MISSING`,
 * `FOLDER_NOT_WRITABLE`, `FILE_UNWRITABLE`.
 */
export async function writeWholeFile(
  path: string,
  content: string | Uint8Array,
  options: WholeFileOptions,
): Promise<void> {
  try {
    // A name that is a link to elsewhere keeps being one: its target is what gets replaced.
    const target = options.replace ? await ifAbsent(realpath(path), path) : path;
    const folder = dirname(target);
    // A name of its own length: with the target's in it, a long name would become too long.
    const temporary = join(folder, `.lexeme-${randomBytes(6).toString("hex")}.tmp`);
    try {
      await writeFlushed(temporary, content);
      if (options.replace) await rename(temporary, target);
      else await linkOrClaim(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
    await flushFolder(folder);
  } catch (cause) {
    throw cause instanceof LexemeError ? cause : writeFault(path, cause);
  }
}

/** Makes a folder and those above it that are missing. Throws LexemeError `FOLDER_NOT_WRITABLE` or `DISK_FULL` with `details.path`. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw folderFault(path, cause);
  });
}

/** Why a folder could not be made. */
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

/** Gives the file its name only if no other has it. A file system without links gets an empty file as the claim first. */
async function linkOrClaim(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (cause) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(codeOf(cause))) throw cause;
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

function isFull(cause: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(codeOf(cause));
}

function diskFull(path: string, cause: unknown): LexemeError {
  const message = `Cannot write "${path}": the disk is full. Nothing was changed; free some space and try again`;
  return new LexemeError("DISK_FULL", message, { details: { path }, cause });
}
