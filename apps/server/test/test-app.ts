/** @file The real server on a temporary data folder, with the real database. Making a database takes seconds, so it is made once and copied. */
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { buildApp, type LexemeApp } from "../src/app.ts";
import { DEFAULT_CONFIG, type ServerConfig } from "../src/config.ts";
import { dataFolders } from "../src/data-folder.ts";
import { openDatabase } from "../src/jobs/store/database.ts";
import { JobQueue } from "../src/jobs/job-queue.ts";
import type { WorkerLaunch } from "../src/worker-launch.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** A worker that follows the scripts in the tests' prompts; see `scripted-worker.mjs`. */
export const SCRIPTED_WORKER: WorkerLaunch = { modulePath: join(HERE, "scripted-worker.mjs"), execArgv: [] };

export interface TestAppOptions {
  config?: Partial<ServerConfig>;
  worker?: WorkerLaunch;
  /** Use this data folder instead of a new one; it is not removed. */
  dataDir?: string;
  webDist?: string;
  logger?: Logger;
}

export interface TestApp extends LexemeApp {
  dataDir: string;
  /** Closes the server and removes the data folder. */
  end(): Promise<void>;
}

export async function testApp({
  config = {},
  worker = SCRIPTED_WORKER,
  dataDir,
  webDist,
  logger,
}: TestAppOptions = {}): Promise<TestApp> {
  const folder = dataDir ?? (await newDataDir());
  const app = await buildApp({
    config: { ...DEFAULT_CONFIG, port: 0, ...config, dataDir: folder },
    worker,
    ...(webDist === undefined ? {} : { webDist }),
    ...(logger === undefined ? {} : { logger }),
  });
  return {
    ...app,
    dataDir: folder,
    async end() {
      await app.close();
      if (dataDir === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A temporary data folder with a database in it. */
export async function newDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "lexeme-server-"));
  const { database } = dataFolders(dataDir);
  await mkdir(join(database, ".."), { recursive: true });
  await cp(await madeDatabase(), database, { recursive: true });
  return dataDir;
}

/** An initialised database for the current migrations, kept beside the installed packages. */
async function madeDatabase(): Promise<string> {
  const migrations = join(HERE, "../src/jobs/store/migrations");
  const hash = createHash("sha256");
  for (const name of (await readdir(migrations)).toSorted())
    if (name.endsWith(".sql")) hash.update(await readFile(join(migrations, name)));
  hash.update(await readFile(join(HERE, "../package.json")));
  const folder = join(HERE, "../node_modules/.cache", `lexeme-database-${hash.digest("hex").slice(0, 12)}`);
  if (await exists(folder)) return folder;
  const making = `${folder}-${process.pid}`;
  const database = await openDatabase(making);
  const queue = await JobQueue.open(database, (error) => {
    throw error;
  });
  await queue.close();
  await database.close();
  // Another test file may have made the database first.
  await rename(making, folder).catch(() => rm(making, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Waits until `isSo` holds; throws after `limitMs`, naming the expected event. */
export async function waitFor<T>(
  what: string,
  isSo: () => T | Promise<T>,
  limitMs = 15_000,
): Promise<Exclude<T, false | null | undefined>> {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await isSo();
    if (value) return value as Exclude<T, false | null | undefined>;
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
