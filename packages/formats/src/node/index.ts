/** @file The part of this package for Node: opens files for the pure readers. */
export { writeEmbeddingCard } from "./embedding-card.ts";
export { inspectCheckpointFile, inspectUpscalerFile, readVaeFile, type CheckpointFile } from "./model-file.ts";
export { withRandomAccess } from "./random-access-file.ts";
