/** @file Writes a file whole or not at all: a temporary one in the same folder, flushed, then renamed. */
import { LexemeError } from "@lexeme/core";
import { randomBytes } from "node:crypto";
import { link, lstat, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export interface WholeFileOptions {
  /** Replace what is there; without it an existing file is LexemeError `FILE_EXISTS`. */
  replace: boolean;
}

export async function writeWholeFile(
  path: string,
  content: string | Uint8Array,
  options: WholeFileOptions,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await (options.replace ? rename(temporary, path) : linkNew(temporary, path));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Unlike a rename, a link never replaces. Where the file system has no links, a look before the rename must do. */
async function linkNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const isTaken = code === "EEXIST" || (await exists(path));
    if (isTaken) throw new LexemeError("FILE_EXISTS", `There is already a file "${path}"`, { cause });
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS" && code !== "EOPNOTSUPP") throw cause;
    await rename(temporary, path);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
