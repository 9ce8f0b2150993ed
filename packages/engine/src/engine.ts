/** @file The engine of a device: keeps sessions between jobs and does what needs a checkpoint. */
import { LexemeError } from "@lexeme/core";
import type { TrainSettings, Txt2imgSettings } from "@lexeme/domain/settings";
import type { XyzPlotSettings } from "@lexeme/domain/plot";
import type { Device, DeviceReport, JobContext, JobResults } from "@lexeme/domain/jobs";
import { openCheckpoint } from "./checkpoint/checkpoint.ts";
import { DiffusionModel } from "./checkpoint/diffusion-model.ts";
import { chooseDevice } from "./choose-device.ts";
import { graphOptionsFor } from "./graph-options.ts";
import type { JobPorts } from "./job-ports.ts";
import { SessionPool } from "./sessions/session-pool.ts";
import { trainEmbedding } from "./train-embedding/train-embedding.ts";
import { txt2img } from "./txt2img/txt2img.ts";
import { xyzPlot } from "./xyz-plot/xyz-plot.ts";

export interface EngineOptions {
  readonly device: Device;
  readonly threads: number;
  /** What the process may hold, for which work is planned; most of the machine's by default. */
  readonly memoryBytes?: number;
  /** Small checkpoint on which any device but the CPU must show that it computes what the CPU does. */
  readonly selfTestCheckpoint: string;
}

export interface Engine {
  readonly report: DeviceReport;
  txt2img(settings: Txt2imgSettings, context: JobContext, ports: JobPorts): Promise<JobResults>;
  xyzPlot(settings: XyzPlotSettings, context: JobContext, ports: JobPorts): Promise<JobResults>;
  trainEmbedding(settings: TrainSettings, context: JobContext, ports: JobPorts): Promise<JobResults>;
  /** Closes every session. */
  dispose(): Promise<void>;
}

/** Opens the device, or the CPU when the device does not work here; `report` says which and why. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const report = await chooseDevice(options);
  const pool = new SessionPool({ device: report.used, threads: options.threads }, options.memoryBytes);

  async function open({ checkpoint }: JobContext, { reporter, control }: JobPorts): Promise<DiffusionModel> {
    if (!checkpoint) {
      throw new LexemeError(
        "NO_CHECKPOINT",
        "No checkpoint is chosen: put one into the folder for checkpoints, or try the demo",
        { details: { field: "checkpoint" } },
      );
    }
    reporter.progress({ phase: "loading-checkpoint", step: 0, steps: 0, secondsPerStep: null, etaSeconds: null });
    return new DiffusionModel(await openCheckpoint(checkpoint), pool, { ...graphOptionsFor(report.used), control });
  }

  /** What ran out of memory may fit once nothing else is held. */
  async function releasingWhenFull(work: Promise<JobResults>): Promise<JobResults> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof LexemeError && error.code === "OUT_OF_MEMORY") await pool.dispose();
      throw error;
    }
  }

  return {
    report,
    txt2img: async (settings, context, ports) =>
      releasingWhenFull(txt2img(settings, { model: await open(context, ports), context, ...ports })),
    xyzPlot: (settings, context, ports) =>
      releasingWhenFull(
        xyzPlot(settings, {
          open: (checkpoint, reporter) => open({ ...context, checkpoint }, { ...ports, reporter }),
          context,
          ...ports,
        }),
      ),
    trainEmbedding: async (settings, context, ports) =>
      releasingWhenFull(trainEmbedding(settings, { model: await open(context, ports), context, ...ports })),
    dispose: () => pool.dispose(),
  };
}
