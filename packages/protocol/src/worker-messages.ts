/** @file All messages between the server and a worker process over IPC. They are typed and not parsed, because Lexeme writes both ends. */
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
  /** The first message: the worker's lane, device and limits. */
  | {
      type: "start";
      lane: Lane;
      device: Device;
      threads: number | null;
      /** The memory that the worker may use. */
      memoryBytes: number;
      demoCheckpoint: string;
    }
  | { type: "run"; jobId: string; work: JobWork }
  /** Finish the step, save the results, and end as done. */
  | { type: "stop"; jobId: string }
  /** Like stop, but end the current batch after this step, unfinished. */
  | { type: "interrupt"; jobId: string }
  /** End the current batch after this step, unfinished, and continue with the next batch. */
  | { type: "skip"; jobId: string }
  /** Compute nothing from the next step on, and say `holding`, so that other jobs can be run; only for a kind that pauses. */
  | { type: "hold"; jobId: string }
  /** The other jobs have ended: make the next step. */
  | { type: "go-on"; jobId: string }
  /** End as soon as possible and keep no unfinished results; if the worker does not end in time, it is killed. */
  | { type: "cancel"; jobId: string };

export type WorkerToServer =
  | { type: "ready"; report: DeviceReport; pid: number }
  | { type: "progress"; jobId: string; progress: JobProgress }
  | { type: "metrics"; jobId: string; points: MetricPoint[] }
  | { type: "artifact"; jobId: string; artifact: Artifact }
  /** The unfinished picture of a txt2img or a training preview, as a JPEG data URL. */
  | { type: "preview"; jobId: string; dataUrl: string; step: number; steps: number }
  | { type: "log"; jobId: string; line: string }
  /** The answer to `hold`: the job waits for `go-on`. A job that ends first does not give this answer. */
  | { type: "holding"; jobId: string }
  | { type: "done"; jobId: string; results: JobResults }
  | { type: "cancelled"; jobId: string }
  | { type: "failed"; jobId: string; error: WireError };
