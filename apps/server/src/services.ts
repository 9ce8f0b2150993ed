/** @file Makes the services that the routes use: libraries, jobs, events and sessions. */
import type { FastifyBaseLogger } from "fastify";
import type { ServerConfig } from "./config.ts";
import type { DataFolders } from "./data-folder.ts";
import type { LastingLock } from "./data-lock.ts";
import { FolderHealth } from "./folder-health.ts";
import { EventLog } from "./events/event-log.ts";
import { openDatabase } from "./jobs/store/database.ts";
import { reachedBy, savedBy, validateJob, workOf } from "./jobs/job-kinds.ts";
import { JobService } from "./jobs/job-service.ts";
import { laneWorkers } from "./jobs/running/lane-workers.ts";
import type { JobSources } from "./jobs/server-job.ts";
import type { WorkerStatus } from "./jobs/running/worker-process.ts";
import { openLibraries } from "./library/libraries.ts";
import { Sessions } from "./plugins/sign-in.ts";
import type { WorkerLaunch } from "./worker-launch.ts";

export interface ServiceParts {
  readonly config: ServerConfig;
  readonly folders: DataFolders;
  readonly lock: Pick<LastingLock, "take">;
  readonly launch: WorkerLaunch;
  readonly log: Pick<FastifyBaseLogger, "warn" | "error">;
}

export type OpenedServices = Awaited<ReturnType<typeof openServices>>;
export type Services = OpenedServices["services"];

/** Opens the libraries and the queue, and starts the device's worker; `close` ends all of them in order. */
export async function openServices({ config, folders, lock, launch, log }: ServiceParts) {
  const events = new EventLog();
  const health = await FolderHealth.open(folders, () => events.publish({ type: "system" }));
  const opened = await openLibraries({
    config,
    folders,
    events,
    warn: (message, cause) => log.warn({ err: cause }, message),
  });
  const { libraries } = opened;
  /** The current state of the device lane's worker. */
  const deviceStatus: WorkerStatus = { state: "starting", report: null };
  const workers = laneWorkers({
    config,
    folders,
    launch,
    onDeviceStatus(status) {
      Object.assign(deviceStatus, status);
      events.publish({ type: "system" });
    },
  });
  const sources: JobSources = { ...libraries, folders, memoryBytes: config.memoryBytes };
  const jobs = new JobService({
    async openDatabase() {
      await health.requireRoomForJobs();
      await lock.take();
      try {
        return await openDatabase(folders.database);
      } catch (cause) {
        // The database does not tell that the disk became full while it was opened.
        await health.requireRoomForJobs();
        throw cause;
      }
    },
    dataDir: folders.dataDir,
    events,
    workers,
    validate: (request) => validateJob(request, sources),
    sentFolders: folders.sent,
    workOf: (request, job) => workOf(request, job, sources),
    savedBy: (job) => savedBy(job.request, job, sources),
    reachedBy: (job) => reachedBy(job.request, job, sources),
    listChanged: (list) => libraries.lists[list].changed(),
    onError: (error) => log.error({ err: error }, "the job queue reports an error"),
  });
  // The page shows the device that is used, so the worker of this lane starts before the first job.
  workers.device.start();
  return {
    services: {
      config,
      folders,
      health,
      events,
      sessions: new Sessions(config),
      ...libraries,
      jobs,
      deviceStatus: deviceStatus as Readonly<WorkerStatus>,
    },
    workers,
    async close(): Promise<void> {
      health.close();
      await opened.close();
      await jobs.close();
      events.close();
    },
  };
}
