/** @file The worker processes, one for each lane. */
import { DEMO_CHECKPOINT_PATH } from "@lexeme/demo";
import { LANES, type Lane } from "@lexeme/domain/jobs";
import { join } from "node:path";
import type { ServerConfig } from "../../config.ts";
import type { DataFolders } from "../../data-folder.ts";
import type { WorkerLaunch } from "../../worker-launch.ts";
import { WorkerProcess, type WorkerStatus } from "./worker-process.ts";

export interface LaneWorkerParts {
  readonly config: Pick<ServerConfig, "device" | "threads" | "memoryBytes">;
  readonly folders: Pick<DataFolders, "logs">;
  readonly launch: WorkerLaunch;
  /** Called with each new status of the device lane's worker. */
  readonly onDeviceStatus: (status: WorkerStatus) => void;
}

/** Makes the workers without starting them. */
export function laneWorkers({ config, folders, launch, onDeviceStatus }: LaneWorkerParts): Record<Lane, WorkerProcess> {
  const { device, threads, memoryBytes } = config;
  const workers = LANES.map((lane) => {
    const worker = new WorkerProcess({
      ...launch,
      start: {
        type: "start",
        lane,
        device,
        threads,
        memoryBytes,
        demoCheckpoint: DEMO_CHECKPOINT_PATH,
      },
      logPath: join(folders.logs, `worker-${lane}.log`),
      onStatus: lane === "device" ? onDeviceStatus : () => undefined,
    });
    return [lane, worker];
  });
  return Object.fromEntries(workers) as Record<Lane, WorkerProcess>;
}
