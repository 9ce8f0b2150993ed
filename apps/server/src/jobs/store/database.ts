/** @file Opens the embedded PostgreSQL (PGlite) of the data folder, makes it at the first start, and brings its tables up to date. */
import { LexemeError } from "@lexeme/core";
import { fork } from "node:child_process";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { drizzle, type PgliteDatabase } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";

import { explainFileError } from "../../errors.ts";
import { TYPESCRIPT_LOADER } from "../../worker-launch.ts";

const MIGRATIONS = fileURLToPath(new URL("migrations", import.meta.url));
const MAKER = fileURLToPath(new URL("make-database.ts", import.meta.url));

export interface Database {
  folder: string;
  pglite: PGlite;
  orm: PgliteDatabase;
  close(): Promise<void>;
}

/** Throws LexemeError `DATABASE_UNUSABLE`. The caller holds the data folder's lock, because PGlite has none. */
export async function openDatabase(folder: string): Promise<Database> {
  try {
    await makeIfMissing(folder);
    return await openDatabaseFolder(folder);
  } catch (cause) {
    throw databaseFault(folder, cause);
  }
}

/** The reason why the database in `folder` cannot be used, as LexemeError `DATABASE_UNUSABLE`; a LexemeError stays as it is. */
export function databaseFault(folder: string, cause: unknown): LexemeError {
  const explained = explainFileError(cause);
  if (explained instanceof LexemeError) return explained;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LexemeError(
    "DATABASE_UNUSABLE",
    `Cannot open the job list in "${folder}" (${why}): if this happens again, move that folder away and start again; only the list of jobs is lost`,
    { cause },
  );
}

/** Opens a folder in this process, initialising it if it is new. */
export async function openDatabaseFolder(folder: string): Promise<Database> {
  const pglite = new PGlite({
    dataDir: folder,
    // By default PGlite turns fsync off ("-F"). A power cut must not destroy the job list.
    startParams: PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
    // The default of 128 MiB would be most of the server's memory.
    postgresqlconf: ["shared_buffers=16MB"],
  });
  try {
    await pglite.waitReady;
    const orm = drizzle(pglite);
    await migrate(orm, { migrationsFolder: MIGRATIONS });
    return { folder, pglite, orm, close: () => pglite.close() };
  } catch (error) {
    await pglite.close().catch(() => undefined);
    throw error;
  }
}

/** Makes the folder under another name and then renames it, so that an interrupted start leaves no incomplete database. */
async function makeIfMissing(folder: string): Promise<void> {
  const isThere = await stat(join(folder, "PG_VERSION")).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const unfinished = `${basename(folder)}.new-`;
  for (const name of await readdir(parent)) {
    // The program of a killed server may still be writing there until it notices; the next start removes the rest.
    if (name.startsWith(unfinished))
      await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
  const making = join(parent, `${unfinished}${process.pid}`);
  await runMaker(making);
  // An empty folder of that name may be in the way.
  await rm(folder, { recursive: true, force: true });
  await rename(making, folder);
}

function runMaker(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(MAKER, [folder], {
      execArgv: ["--import", TYPESCRIPT_LOADER],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const stderr: string[] = [];
    child.stderr?.on("data", (bytes: Buffer) => stderr.push(bytes.toString("utf8")));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      const lines = stderr.join("").trim().split("\n");
      const reason = lines.find((line) => /error/i.test(line)) ?? lines.at(-1);
      reject(new Error(reason || `the program that makes it ended with ${signal ?? `code ${code}`}`));
    });
    // If the server ends first, nobody needs the folder.
    process.once("exit", () => child.kill("SIGKILL"));
  });
}
