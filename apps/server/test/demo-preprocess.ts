/** @file A preprocess of the demo photos that makes two pictures of each, with captions. */
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";

/** Settings without a destination. */
export const DEMO_PREPROCESS = {
  processSrc: DEMO_PHOTOS_DIR,
  processWidth: 128,
  processHeight: 128,
  processFlip: true,
  captionFromFilename: true,
} as const;

/** The number of pictures that it makes. */
export const DEMO_PREPROCESSED = 28;
