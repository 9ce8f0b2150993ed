/** @file Opens the embedded PostgreSQL (PGlite) of the data folder and brings its tables up to date. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { drizzle, type PgliteDatabase } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import { serverError } from "../errors.ts";

const MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));

export interface Database {
  pglite: PGlite;
  orm: PgliteDatabase;
  close(): Promise<void>;
}

/**
 * `seed` is a dump of an initialised database, used when the folder holds none yet: making one from nothing takes seconds.
 * Throws LexemeError `DATABASE_UNUSABLE`. The caller holds the data folder's lock, for PGlite has none.
 */
export async function openDatabase(folder: string, seed?: Blob): Promise<Database> {
  let pglite: PGlite | undefined;
  try {
    await mkdir(dirname(folder), { recursive: true });
    pglite = new PGlite({
      dataDir: folder,
      // PGlite turns fsync off ("-F"); a power cut must not cost the job list.
      startParams: PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
      // Its default of 128 MiB is most of what the server would use.
      postgresqlconf: ["shared_buffers=16MB"],
      ...(seed === undefined ? {} : { loadDataDir: seed }),
    });
    await pglite.waitReady;
    const orm = drizzle(pglite);
    await migrate(orm, { migrationsFolder: MIGRATIONS });
    const opened = pglite;
    return { pglite: opened, orm, close: () => opened.close() };
  } catch (cause) {
    await pglite?.close().catch(() => undefined);
    throw serverError(
      "DATABASE_UNUSABLE",
      `Cannot open the job list in "${folder}" (${cause instanceof Error ? cause.message : String(cause)}): if it stays so, move that folder away and start again; only the list of jobs is lost`,
      { cause },
    );
  }
}
