/** @file Everything the server and a worker process say to each other over IPC. Typed, not parsed: both ends are ours. */
import type {
  Artifact,
  Device,
  DeviceReport,
  JobProgress,
  JobResults,
  JobWork,
  Lane,
  MetricPoint,
} from "@lexeme/domain/jobs";
import type { WireError } from "./wire-error.ts";

export type ServerToWorker =
  /** First message: what this worker is for. */
  | {
      type: "start";
      lane: Lane;
      device: Device;
      threads: number | null;
      /** What the worker may hold in memory. */
      memoryBytes: number;
      demoCheckpoint: string;
      cacheDir: string;
    }
  | { type: "run"; jobId: string; work: JobWork }
  /** Finish the step, save what was learned or drawn, and end as done. */
  | { type: "stop"; jobId: string }
  /** As stop, and end the batch that is being drawn after this step, unfinished as it is. */
  | { type: "interrupt"; jobId: string }
  /** End the batch that is being drawn after this step, unfinished as it is, and go on with the next. */
  | { type: "skip"; jobId: string }
  /** End as soon as possible, keeping nothing unfinished; a kill follows when it does not. */
  | { type: "cancel"; jobId: string };

export type WorkerToServer =
  | { type: "ready"; report: DeviceReport; pid: number }
  | { type: "progress"; jobId: string; progress: JobProgress }
  | { type: "metrics"; jobId: string; points: MetricPoint[] }
  | { type: "artifact"; jobId: string; artifact: Artifact }
  /** The unfinished picture of a txt2img or a training preview, as a JPEG data URL. */
  | { type: "preview"; jobId: string; dataUrl: string; step: number; steps: number }
  | { type: "log"; jobId: string; line: string }
  | { type: "done"; jobId: string; results: JobResults }
  | { type: "cancelled"; jobId: string }
  | { type: "failed"; jobId: string; error: WireError };
