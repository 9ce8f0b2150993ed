/** @file The lists that pages show of the data folder. Events, watched folders and lists that a job changes all go by these names. */

export const LIBRARY_NAMES = [
  "checkpoints",
  "vaes",
  "upscalers",
  "embeddings",
  "images",
  "datasets",
  "templates",
  "styles",
] as const;
export type LibraryName = (typeof LIBRARY_NAMES)[number];
