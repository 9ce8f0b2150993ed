/** @file The lists of the data folder that the page shows. Events, watched folders and the lists that a job changes all use these names. */

export const LIBRARY_NAMES = [
  "checkpoints",
  "vaes",
  "upscalers",
  "embeddings",
  "runs",
  "images",
  "datasets",
  "templates",
  "styles",
  "bin",
] as const;
export type LibraryName = (typeof LIBRARY_NAMES)[number];
