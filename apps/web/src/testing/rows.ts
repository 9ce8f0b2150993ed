/** @file Rows as the server would send them, each with plain values that a test can change. */
import type { TrainSettings, Txt2imgSettings } from "@lexeme/domain/settings";
import type { Checkpoint, DatasetPicture, Embedding, Job, System } from "@lexeme/protocol";
import { testJob } from "@lexeme/protocol/testing";

type JobChange = Parameters<typeof testJob>[1];

/** A running training; missing settings have their defaults. */
export function trainingRow(settings: Partial<TrainSettings>, change: JobChange = {}): Job {
  return testJob(
    { kind: "train-embedding", settings: { embeddingName: "mira", dataRoot: "/data/mira", ...settings } },
    change,
  );
}

/** A running drawing; missing settings have their defaults. */
export function drawingRow(settings: Partial<Txt2imgSettings>, change: JobChange = {}): Job {
  return testJob({ kind: "txt2img", settings }, change);
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
    promptFault: null,
    ...change,
  };
}

/** A server that computes on the CPU, without a checkpoint. */
export function systemRow(change: Partial<System> = {}): System {
  return {
    version: "1",
    troubles: [],
    dataDir: "/data",
    folders: { checkpoints: "", embeddings: "", datasets: "/data/datasets", outputs: "", logs: "", templates: "" },
    checkpoint: null,
    missingCheckpoint: null,
    vae: "Automatic",
    folderAccess: "unavailable",
    device: { state: "ready", asked: "cpu", used: "cpu", fallbackReason: null, threads: 2 },
    cpuModel: "",
    memory: { totalBytes: 0, freeBytes: 0, usableBytes: 0 },
    signedInAs: null,
    demo: { checkpoint: "", photos: "", suggested: { create: {}, preprocess: {}, train: {}, txt2img: {} } },
    ...change,
  };
}
