/** @file The engine of a lane: runs jobs one after the other and, if it has a device, keeps sessions open between them. */
import { LexemeError } from "@lexeme/core";
import type { CheckpointRef, Device, DeviceReport, JobResults, JobWork, Lane } from "@lexeme/domain/jobs";
import { openCheckpoint } from "./checkpoint/checkpoint.ts";
import { DiffusionModel } from "./checkpoint/diffusion-model.ts";
import { chooseDevice } from "./choose-device.ts";
import { graphOptionsFor } from "./graph-options.ts";
import type { JobPorts } from "./job-ports.ts";
import { runJob } from "./job-kinds.ts";
import { SessionPool } from "./sessions/session-pool.ts";

export interface EngineOptions {
  /** The engine of any lane except `"device"` does not use a device and never loads ONNX Runtime. */
  readonly lane: Lane;
  readonly device: Device;
  readonly threads: number;
  /** The memory that the process may hold, for which work is planned; most of the machine's memory by default. */
  readonly memoryBytes?: number;
  /** Small checkpoint for the self-test, in which any device except the CPU must compute the same results as the CPU. */
  readonly selfTestCheckpoint: string;
}

export interface Engine {
  readonly report: DeviceReport;
  /** Runs one job. Throws LexemeError for a fault that a user can correct, and the signal's reason at a cancel. */
  run(work: JobWork, ports: JobPorts): Promise<JobResults>;
  /** Closes every session. */
  dispose(): Promise<void>;
}

/** Opens the device, or the CPU if the device does not work here; `report` names the device and the reason. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  return options.lane === "device" ? openDeviceEngine(options) : openPlainEngine(options);
}

async function openDeviceEngine(options: EngineOptions): Promise<Engine> {
  const report = await chooseDevice(options);
  const pool = new SessionPool({ device: report.used, threads: options.threads }, options.memoryBytes);

  async function open(checkpoint: CheckpointRef, { reporter, control }: JobPorts): Promise<DiffusionModel> {
    reporter.progress({
      phase: "loading-checkpoint",
      step: 0,
      steps: 0,
      secondsPerStep: null,
      etaSeconds: null,
      file: checkpoint.name,
    });
    return new DiffusionModel(await openCheckpoint(checkpoint), pool, { ...graphOptionsFor(report.used), control });
  }

  return {
    report,
    async run(work, ports) {
      try {
        return await runJob(work, {
          ...ports,
          open: (checkpoint, reporter = ports.reporter) => open(checkpoint, { ...ports, reporter }),
        });
      } catch (error) {
        // The job may fit in memory when all sessions are closed.
        if (error instanceof LexemeError && error.code === "OUT_OF_MEMORY") await pool.dispose();
        throw error;
      }
    },
    dispose: () => pool.dispose(),
  };
}

function openPlainEngine({ device }: EngineOptions): Engine {
  return {
    report: { asked: device, used: "cpu", fallbackReason: null, threads: 1, selfTest: null },
    run: (work, ports) =>
      runJob(work, { ...ports, open: () => Promise.reject(new TypeError(`a "${work.kind}" job has no device here`)) }),
    dispose: async () => {},
  };
}
