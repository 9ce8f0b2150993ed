/** @file Moves a file, or gives it a second place. `rename` replaces files, so elsewhere it is used only for a name that was claimed before. */
import { copyFile, link, lstat, open, readdir, readlink, rename, rm, stat, symlink, utimes } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { codeOf, ifAbsent } from "@lexeme/core";
import { temporaryPath } from "./leftover-files.ts";

/** Codes of file systems that have no hard links, and of files that must not get one. */
const NO_LINKS: readonly string[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

/**
 * Moves a file or a link whole or not at all, also to another disk; the folder of `to` exists. Without `replace`, a file that already has the name
 * `to` is never replaced, and the move is refused with the file system's `EEXIST`. Throws the file system's errors.
 */
export async function moveFile(from: string, to: string, { replace }: { replace: boolean }): Promise<void> {
  try {
    if (replace) return await rename(from, to);
    await giveName(from, to);
  } catch (cause) {
    if (NO_LINKS.includes(codeOf(cause))) return claimAndRename(from, to);
    if (codeOf(cause) === "EEXIST" && (await isOtherSpelling(from, to))) return rename(from, to);
    if (codeOf(cause) !== "EXDEV") throw cause;
    await copyWhole(from, to, { replace });
  }
  await rm(from, { force: true });
}

/** Whether both paths lead to one file. False if there is none at one of them. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => ifAbsent(stat(path, { bigint: true }), undefined)));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** Whether `to` is only another spelling of the file's own name, on a file system that does not distinguish them. */
async function isOtherSpelling(from: string, to: string): Promise<boolean> {
  if (dirname(from) !== dirname(to) || !(await isSameFile(from, to))) return false;
  return !(await readdir(dirname(to))).includes(basename(to));
}

/**
 * Puts the file at `to` as well: as a second name of the same bytes, or as a copy where this is not possible. A link is copied too, because code that
 * replaces it may write into the file that it leads to. Throws the errors of `moveFile`.
 */
export async function shareFile(from: string, to: string): Promise<void> {
  if ((await lstat(from)).isSymbolicLink()) return copyWhole(from, to, { replace: false });
  try {
    await link(from, to);
  } catch (cause) {
    if (codeOf(cause) !== "EXDEV" && !NO_LINKS.includes(codeOf(cause))) throw cause;
    await copyWhole(from, to, { replace: false });
  }
}

/** Gives a file that was written whole its name. On a file system without hard links, an empty file first claims the name. Throws `EEXIST`. */
export async function nameFile(temporary: string, to: string): Promise<void> {
  try {
    await link(temporary, to);
  } catch (cause) {
    if (!NO_LINKS.includes(codeOf(cause))) throw cause;
    await claimAndRename(temporary, to);
  }
}

/** A second name. A symbolic link gets a second link with the same target, because some systems would follow it. */
async function giveName(from: string, to: string): Promise<void> {
  if ((await lstat(from)).isSymbolicLink()) await symlink(await readlink(from), to);
  else await link(from, to);
}

async function claimAndRename(from: string, to: string): Promise<void> {
  await (await open(to, "wx")).close();
  try {
    await rename(from, to);
  } catch (cause) {
    await rm(to, { force: true });
    throw cause;
  }
}

/** The copy appears whole and has the time of the original, by which lists are sorted. */
async function copyWhole(from: string, to: string, { replace }: { replace: boolean }): Promise<void> {
  const temporary = temporaryPath(dirname(to));
  try {
    await copyFile(from, temporary);
    const { atime, mtime } = await stat(from);
    await utimes(temporary, atime, mtime);
    const handle = await open(temporary, "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (replace) await rename(temporary, to);
    else await nameFile(temporary, to);
  } finally {
    await rm(temporary, { force: true });
  }
}
