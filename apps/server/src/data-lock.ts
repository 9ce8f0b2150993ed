/** @file Allows one server for each data folder: a lock file, made with O_EXCL, holds the owner's process id. PGlite has no lock of its own. */
import { LexemeError } from "@lexeme/core";
import { link, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { explainFileError } from "./errors.ts";

/** How often the owner touches the lock file, and how long an owner on another machine may leave it untouched before that owner counts as gone. */
const TOUCH_MS = 15_000;
const FOREIGN_STALE_MS = 120_000;

interface LockOwner {
  pid: number;
  host: string;
  startedAt: number;
  /** Seconds since the machine started; they do not change when the clock is set. */
  uptimeS?: number;
  /** Identifies the machine's boot and the start of the process; null if the system does not tell them. */
  birth?: string | null;
}

export interface DataLock {
  release(): Promise<void>;
}

/**
 * Takes the lock or throws LexemeError `DATA_FOLDER_IN_USE`. The lock of a living process is never taken, however old it is,
 * because a process with a busy event loop may touch its lock late.
 */
export async function takeDataLock(path: string, dataDir: string): Promise<DataLock> {
  const owner: LockOwner = {
    pid: process.pid,
    host: hostname(),
    startedAt: Date.now(),
    uptimeS: uptime(),
    birth: await birthOf(process.pid),
  };
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

/** The lock of a server that may start before there is room for it: the job list is only opened with the lock. */
export class LastingLock {
  readonly #path: string;
  readonly #dataDir: string;
  #lock: Promise<DataLock> | undefined;

  constructor(path: string, dataDir: string) {
    this.#path = path;
    this.#dataDir = dataDir;
  }

  /** Takes the lock unless it is taken already. Throws the errors of `takeDataLock`, and LexemeError `DISK_FULL` or `FOLDER_NOT_WRITABLE`. */
  async take(): Promise<void> {
    this.#lock ??= takeDataLock(this.#path, this.#dataDir);
    try {
      await this.#lock;
    } catch (cause) {
      this.#lock = undefined;
      throw explainFileError(cause);
    }
  }

  async release(): Promise<void> {
    await (await this.#lock?.catch(() => undefined))?.release();
  }
}

function hold(path: string): DataLock {
  const touching = setInterval(() => {
    const now = new Date();
    // A data folder that is unreachable for a moment must not end the server; the next touch tries again.
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
    try {
      await handle.writeFile(text);
    } catch (cause) {
      // An empty lock would hold nobody back and belong to nobody.
      await rm(path, { force: true });
      throw cause;
    } finally {
      await handle.close();
    }
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
    // The file is unreadable or half-written: its maker died, or is still writing, and then the next attempt reads the whole file.
    await new Promise((wake) => setTimeout(wake, 100));
    return undefined;
  }
}

/** A process of this host is found by its id. A process of another host (a shared folder, an earlier container) is alive if it still touches the file. */
async function isAlive(owner: LockOwner, path: string): Promise<boolean> {
  if (owner.host !== hostname()) {
    const touchedAt = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    return Date.now() - touchedAt < FOREIGN_STALE_MS;
  }
  if (await isFromAnotherLife(owner)) return false;
  if (owner.pid === process.pid) return isOwnLock(owner);
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** True if the owner is gone: the machine was started again since the lock, or the process id belongs to a later process. */
async function isFromAnotherLife({ pid, uptimeS, birth }: LockOwner): Promise<boolean> {
  if (uptimeS !== undefined && uptime() < uptimeS) return true;
  const now = typeof birth === "string" ? await birthOf(pid) : null;
  return now !== null && now !== birth;
}

/** Linux only: the id of this boot, and the clock ticks from the boot to the start of the process. Null if there is no such process. */
async function birthOf(pid: number): Promise<string | null> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    const status = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name of the program is in brackets and may contain spaces. The start is the 22nd field of the line, the 20th after the name.
    const start = status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
    return start === undefined ? null : `${boot.trim()} ${start}`;
  } catch {
    return null;
  }
}

/** In a container every server has the same process id, so a lock that is older than this process belongs to a dead server. */
function isOwnLock(owner: LockOwner): boolean {
  return owner.startedAt >= Date.now() - process.uptime() * 1000;
}

/** Two servers may find the same stale lock. A server that renamed a fresh lock by mistake puts it back. */
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
