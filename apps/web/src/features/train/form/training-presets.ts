/** @file Three starting points for a training, each with a handful of fields; the other fields stay as they are. */
import type { TrainSettings } from "@lexeme/domain/settings";

export interface TrainingPreset {
  name: string;
  /** Its purpose in one line. */
  purpose: string;
  settings: Pick<TrainSettings, "learnRate" | "steps" | "createImageEvery" | "saveEmbeddingEvery">;
}

export const TRAINING_PRESETS: readonly TrainingPreset[] = [
  {
    name: "Quick look",
    purpose: "300 steps at one rate, to see whether the word learns anything at all",
    settings: { learnRate: "0.005", steps: 300, createImageEvery: 50, saveEmbeddingEvery: 100 },
  },
  {
    name: "Fast, then fine",
    purpose: "A fast start, then smaller and smaller rates; the word learns most in the first 500 steps",
    settings: {
      learnRate: "5e-2:100,5e-3:500,5e-4:1000, 5e-5:1500,5e-6",
      steps: 2000,
      createImageEvery: 100,
      saveEmbeddingEvery: 100,
    },
  },
  {
    name: "Careful",
    purpose: "Slow and steady, for a large data set or a word that came out too strong",
    settings: { learnRate: "5e-3:1000, 1e-3:3000, 2e-4", steps: 5000, createImageEvery: 250, saveEmbeddingEvery: 250 },
  },
];
