/** @file Opens the job list when the server starts: database, list, queue, the jobs that the last server left, and the lanes. */
import { LANES, type Lane } from "@lexeme/domain/jobs";
import { removeSentFolders } from "./delivery.ts";
import { JobQueue } from "./job-queue.ts";
import { noteUnreported, recoverJobs } from "./running/job-recovery.ts";
import type { RunnerParts } from "./running/job-runner.ts";
import { databaseFault, type Database } from "./store/database.ts";
import { PortablePaths } from "../portable-paths.ts";
import { JobStore } from "./store/job-store.ts";

export interface OpenedJobs {
  database: Database;
  store: JobStore;
  queue: JobQueue;
}

export interface JobOpening {
  /** Jobs store paths inside this folder relative to it. */
  dataDir: string;
  openDatabase: () => Promise<Database>;
  /** Holds the folders of jobs whose pictures are sent; emptied here. */
  sentFolders: string;
  asked: RunnerParts["asked"];
  savedBy: RunnerParts["savedBy"];
  reachedBy: RunnerParts["reachedBy"];
  /** Runs a job that its lane hands out. */
  run: (jobId: string, place: { store: JobStore; lane: Lane }) => Promise<void>;
  /** Called with the ids of jobs that left the list to make room. */
  onPruned: (ids: readonly string[]) => void;
  onError: (error: unknown) => void;
}

/** Throws LexemeError `DATABASE_UNUSABLE`; in that case the database is closed, so that another start can open it. */
export async function openJobs(opening: JobOpening): Promise<OpenedJobs> {
  const database = await opening.openDatabase();
  let queue: JobQueue | undefined;
  try {
    await removeSentFolders(opening.sentFolders);
    const store = await JobStore.open(
      { database, paths: new PortablePaths(opening.dataDir) },
      {
        onPruned: opening.onPruned,
        onUnreadable: (id, reason) => opening.onError(new Error(`job ${id} is left out of the list: ${reason}`)),
      },
    );
    queue = await JobQueue.open(database, opening.onError);
    await noteUnreported(store, opening);
    await recoverJobs(store, queue, opening.asked);
    for (const lane of LANES) await queue.work(lane, (jobId) => opening.run(jobId, { store, lane }));
    return { database, store, queue };
  } catch (cause) {
    await queue?.close().catch(opening.onError);
    await database.close().catch(opening.onError);
    throw databaseFault(database.folder, cause);
  }
}
