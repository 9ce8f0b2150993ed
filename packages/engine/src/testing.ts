/** @file For tests and benches only: ports that record what a use case reports. */
import type { Artifact, JobProgress, MetricPoint } from "@lexeme/domain/jobs";
import type { JobControl, JobPorts } from "./job-ports.ts";

export interface RecordingPorts extends JobPorts {
  readonly progress: JobProgress[];
  readonly metrics: MetricPoint[];
  readonly artifacts: Artifact[];
  readonly previews: { dataUrl: string; step: number; steps: number }[];
  readonly lines: string[];
  /** Called with everything that is reported, so that a test can cancel or stop at a certain point. */
  onProgress: (progress: JobProgress) => void;
  onArtifact: (artifact: Artifact) => void;
  onPreview: () => void;
}

/** Ports that record everything in arrays, and that never stop or cancel unless signals are given. */
export function recordingPorts(control: Partial<JobControl> = {}): RecordingPorts {
  const never = new AbortController().signal;
  const ports: RecordingPorts = {
    progress: [],
    metrics: [],
    artifacts: [],
    previews: [],
    lines: [],
    onProgress: () => {},
    onArtifact: () => {},
    onPreview: () => {},
    control: { cancelled: never, stopping: never, ...control },
    reporter: {
      progress(progress) {
        ports.progress.push(progress);
        ports.onProgress(progress);
      },
      metric: (point) => ports.metrics.push(point),
      artifact(artifact) {
        ports.artifacts.push(artifact);
        ports.onArtifact(artifact);
      },
      preview(preview) {
        ports.previews.push(preview);
        ports.onPreview();
      },
      log: (line) => ports.lines.push(line),
    },
  };
  return ports;
}
