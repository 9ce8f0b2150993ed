/** @file Watches what keeps Lexeme from writing into the data folder: a full disk, a folder that is read-only. Such a server starts all the same and says so. */
import { codeOf, LexemeError } from "@lexeme/core";
import { temporaryPath, writeWholeFile } from "@lexeme/data-folder";
import type { Trouble } from "@lexeme/protocol";
import { constants } from "node:fs";
import { access, mkdir, open, rm, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { DataFolders } from "./data-folder.ts";

const CHECK_MS = 5000;
/** A picture with its settings has a few megabytes; below this a job will hardly find room. */
const LITTLE_ROOM_BYTES = 16 << 20;
/** PostgreSQL writes its log in segments of 16 MB and may need a second one when it opens. */
const DATABASE_ROOM_BYTES = 32 << 20;
const PROBE_BYTES = 64 << 10;

export class FolderHealth {
  readonly #folders: DataFolders;
  readonly #changed: () => void;
  readonly #timer: NodeJS.Timeout;
  #troubles: readonly Trouble[] = [];
  #wasChecked = false;

  private constructor(folders: DataFolders, changed: () => void) {
    this.#folders = folders;
    this.#changed = changed;
    this.#timer = setInterval(() => void this.check(), CHECK_MS).unref();
  }

  /** Makes missing folders and checks all; `changed` is called when the troubles are others than before. */
  static async open(folders: DataFolders, changed: () => void): Promise<FolderHealth> {
    const health = new FolderHealth(folders, changed);
    await health.check();
    return health;
  }

  /** Empty if everything can be written. */
  get troubles(): readonly Trouble[] {
    return this.#troubles;
  }

  async check(): Promise<void> {
    const { dataDir, embeddings, templates, runs, outputs, grids, datasets, cache, bin } = this.#folders;
    const disks = new Set<number>();
    const troubles: Trouble[] = [];
    // Trying to write shows more than asking for the rights, and changes the folder's time, so it is not done without need.
    const tries = !this.#wasChecked || this.#troubles.length > 0;
    this.#wasChecked = true;
    for (const folder of [cache, bin, outputs, grids, embeddings, templates, runs, datasets]) {
      const trouble = await troubleOf(folder, { disks, tries });
      if (trouble === undefined) continue;
      const isDiskFull = trouble === "full";
      troubles.push({ sentence: isDiskFull ? fullSentence(folder === cache ? dataDir : folder) : trouble, isDiskFull });
    }
    if (sentencesOf(troubles) === sentencesOf(this.#troubles)) return;
    this.#troubles = troubles;
    this.#changed();
  }

  /** Throws LexemeError `DISK_FULL` or `FOLDER_NOT_WRITABLE` if the job list cannot be written. Opening it without room could damage it. */
  async requireRoomForJobs(): Promise<void> {
    const ours = dirname(this.#folders.database);
    const remedy = "Until it is opened, no job can be queued; pictures and files can be looked at and deleted";
    const probe = temporaryPath(ours);
    try {
      await mkdir(ours, { recursive: true });
      await writeWholeFile(probe, new Uint8Array(PROBE_BYTES), { replace: false });
      await rm(probe);
    } catch (cause) {
      if (isFullFault(cause)) throw fullForJobs(ours, remedy, cause);
      const message = `The job list cannot be opened, because Lexeme may not write to "${ours}": give the user who runs Lexeme access to it. ${remedy}`;
      throw new LexemeError("FOLDER_NOT_WRITABLE", message, { cause });
    }
    if ((await freeBytes(ours)) < DATABASE_ROOM_BYTES) throw fullForJobs(ours, remedy, undefined);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function sentencesOf(troubles: readonly Trouble[]): string {
  return troubles.map(({ sentence }) => sentence).join("\n");
}

function fullForJobs(folder: string, remedy: string, cause: unknown): LexemeError {
  const needed = Math.round(DATABASE_ROOM_BYTES / 1e6);
  const message = `The job list cannot be opened, because the disk of "${folder}" is full: free at least ${needed} MB, for example by emptying the bin. ${remedy}`;
  return new LexemeError("DISK_FULL", message, { cause });
}

/** A sentence if the folder cannot be made or written to; "full" if its disk, which is not among `disks` yet, has little room. */
async function troubleOf(
  folder: string,
  { disks, tries }: { disks: Set<number>; tries: boolean },
): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    if (tries) await tryToWrite(folder);
    const { dev } = await stat(folder);
    if (disks.has(dev)) return undefined;
    disks.add(dev);
  } catch (cause) {
    if (isFullFault(cause)) return "full";
    return `Lexeme may not write to "${folder}" (${codeOf(cause) || "unknown reason"}): what belongs there cannot be saved until the user who runs Lexeme has access to it`;
  }
  return (await freeBytes(folder)) < LITTLE_ROOM_BYTES || (await isFull(folder)) ? "full" : undefined;
}

function fullSentence(folder: string): string {
  return `The disk of "${folder}" is full or nearly full: delete pictures for good or empty the bin. Running trainings wait for room and keep what they learned`;
}

/** Whether a small file finds no room, for example because of a quota, which `statfs` does not know. */
async function isFull(folder: string): Promise<boolean> {
  const probe = temporaryPath(folder);
  try {
    await writeWholeFile(probe, "probe", { replace: false });
    return false;
  } catch (cause) {
    return isFullFault(cause);
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/** Makes an empty file and removes it. */
async function tryToWrite(folder: string): Promise<void> {
  const probe = temporaryPath(folder);
  await (await open(probe, "wx")).close();
  await rm(probe, { force: true });
}

function isFullFault(cause: unknown): boolean {
  if (cause instanceof LexemeError) return cause.code === "DISK_FULL";
  return ["ENOSPC", "EDQUOT"].includes(codeOf(cause));
}

/** Infinity if the system does not tell. */
async function freeBytes(folder: string): Promise<number> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Infinity,
  );
}
