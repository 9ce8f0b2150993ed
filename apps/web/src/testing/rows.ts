/** @file Rows as the server would send them, each with plain values that a test can change. */
import type { JobRequest } from "@lexeme/domain/jobs";
import { TrainSettingsSchema, Txt2imgSettingsSchema, type TrainSettings } from "@lexeme/domain/settings";
import type { Checkpoint, DatasetPicture, Embedding, Job } from "@lexeme/protocol";

/** A running job. */
export function jobRow(request: JobRequest, change: Partial<Job> = {}): Job {
  return {
    id: "1",
    request,
    lane: "device",
    state: "running",
    title: "",
    createdAt: 0,
    startedAt: 0,
    finishedAt: null,
    attempt: 1,
    stopping: false,
    progress: null,
    results: { artifacts: [], warnings: [] },
    error: null,
    logTail: [],
    ...change,
  };
}

export function trainingRow(settings: Partial<TrainSettings>, change: Partial<Job> = {}): Job {
  const parsed = TrainSettingsSchema.parse({ embeddingName: "mira", dataRoot: "/data/mira", ...settings });
  return jobRow({ kind: "train-embedding", settings: parsed }, { title: `Train "${parsed.embeddingName}"`, ...change });
}

export function drawingRow(settings: object, change: Partial<Job> = {}): Job {
  return jobRow({ kind: "txt2img", settings: Txt2imgSettingsSchema.parse(settings) }, change);
}

/** An embedding that prompts use, that fits, and that was not trained yet. */
export function embeddingRow(name: string, change: Partial<Embedding> = {}): Embedding {
  return {
    name,
    path: `${name}.pt`,
    folder: "",
    key: null,
    format: "pt",
    vectors: 1,
    width: 768,
    step: 0,
    checkpointName: null,
    checkpointHash: null,
    shortHash: "",
    modifiedAt: 0,
    misfitReason: null,
    collision: null,
    previewPath: null,
    ...change,
  };
}

/** An SD 1.x file that can be used and was not hashed yet. */
export function checkpointRow(name: string, change: Partial<Checkpoint> = {}): Checkpoint {
  return {
    name,
    path: `/models/${name}`,
    sizeBytes: 1,
    modifiedAt: 0,
    family: "sd1",
    dialect: "clip",
    precision: "fp16",
    resolution: { width: 512, height: 512 },
    textWidth: 768,
    networkSizes: null,
    predictionType: "epsilon",
    shortHash: null,
    sha256: null,
    unsupportedReason: null,
    isDemo: false,
    ...change,
  };
}

/** A prepared picture with its caption in a file. */
export function pictureRow(file: string, change: Partial<DatasetPicture> = {}): DatasetPicture {
  return {
    path: `/data/mira/${file}`,
    file,
    width: 128,
    height: 128,
    caption: "",
    hasCaptionFile: true,
    captionFault: null,
    ...change,
  };
}
