/** @file Moves a file to another folder, also to a folder on another disk. */
import { randomBytes } from "node:crypto";
import { copyFile, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf } from "@lexeme/core";
import { linkOrClaim } from "./whole-file.ts";

/**
 * Moves a file whole or not at all; the folder of `to` exists. Without `replace`, a file that already has the name `to` is never replaced, and the
 * move is refused. Throws the file system's errors, such as EEXIST.
 */
export async function moveFile(from: string, to: string, { replace }: { replace: boolean }): Promise<void> {
  try {
    if (replace) return await rename(from, to);
    await linkOrClaim(from, to);
  } catch (cause) {
    if (codeOf(cause) !== "EXDEV") throw cause;
    await copyToOtherDisk(from, to, { replace });
  }
  await rm(from, { force: true });
}

/** An outputs folder is often a mount. The copy gets its name when it is whole and flushed. */
async function copyToOtherDisk(from: string, to: string, { replace }: { replace: boolean }): Promise<void> {
  const temporary = join(dirname(to), `.lexeme-${randomBytes(6).toString("hex")}.tmp`);
  try {
    await copyFile(from, temporary);
    const handle = await open(temporary, "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (replace) await rename(temporary, to);
    else await linkOrClaim(temporary, to);
  } finally {
    await rm(temporary, { force: true });
  }
}
