/** @file One server for each data folder: a file made with O_EXCL that holds the owner's process id. PGlite has no lock of its own. */
import { LexemeError } from "@lexeme/core";
import { link, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";

/** How often the file is touched, and how long an owner on another machine may be silent before it counts as gone. */
const TOUCH_MS = 15_000;
const FOREIGN_STALE_MS = 120_000;

interface LockOwner {
  pid: number;
  host: string;
  startedAt: number;
}

export interface DataLock {
  release(): Promise<void>;
}

/**
 * Takes the lock or throws LexemeError `DATA_FOLDER_IN_USE`. A lock of a process that still lives is never taken, however old:
 * a busy event loop must not look like a dead one.
 */
export async function takeDataLock(path: string, dataDir: string): Promise<DataLock> {
  const owner: LockOwner = { pid: process.pid, host: hostname(), startedAt: Date.now() };
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await createExclusive(path, JSON.stringify(owner))) return hold(path);
    const other = await readOwner(path);
    if (other !== undefined && (await isAlive(other, path))) {
      throw new LexemeError(
        "DATA_FOLDER_IN_USE",
        `Another Lexeme (process ${other.pid}) is using the data folder "${dataDir}": stop it first, or choose another folder with --data-dir. If none is running, delete "${path}"`,
        { details: { pid: other.pid } },
      );
    }
    await removeStale(path);
  }
  throw new LexemeError(
    "DATA_FOLDER_IN_USE",
    `Another Lexeme is starting in the data folder "${dataDir}": wait for it, or choose another folder with --data-dir`,
  );
}

function hold(path: string): DataLock {
  const touching = setInterval(() => {
    const now = new Date();
    // A folder that went away for a moment must not end the server; the next touch tries again.
    utimes(path, now, now).catch(() => undefined);
  }, TOUCH_MS);
  touching.unref();
  return {
    async release() {
      clearInterval(touching);
      await release(path);
    },
  };
}

async function createExclusive(path: string, text: string): Promise<boolean> {
  try {
    const handle = await open(path, "wx", 0o600);
    await handle.writeFile(text);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function readOwner(path: string): Promise<LockOwner | undefined> {
  try {
    const owner = JSON.parse(await readFile(path, "utf8")) as LockOwner;
    return Number.isInteger(owner.pid) ? owner : undefined;
  } catch {
    // Unreadable or half-written: its maker died, or is writing it this moment and the next attempt sees it whole.
    await new Promise((wake) => setTimeout(wake, 100));
    return undefined;
  }
}

/** A process of this host by its id; one of another host (a shared folder, a container before this one) by whether it still touches the file. */
async function isAlive(owner: LockOwner, path: string): Promise<boolean> {
  if (owner.host !== hostname()) {
    const touchedAt = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    return Date.now() - touchedAt < FOREIGN_STALE_MS;
  }
  if (owner.pid === process.pid) return isOwnLock(owner);
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** In a container every server has the same process id: a lock made before this process began is a dead one's. */
function isOwnLock(owner: LockOwner): boolean {
  return owner.startedAt >= Date.now() - process.uptime() * 1000;
}

/** Two servers may find the same stale file. Whoever renamed a fresh one by mistake puts it back. */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.stale-${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const owner = await readOwner(aside);
  if (owner !== undefined && (await isAlive(owner, aside))) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(path: string): Promise<void> {
  const owner = await readOwner(path);
  if (owner?.pid === process.pid) await rm(path, { force: true });
}
