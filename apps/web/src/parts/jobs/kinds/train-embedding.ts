/** @file How the page shows a training. */
import { USUAL_VIEW, type JobView } from "../job-view.ts";

export const trainEmbeddingView: JobView = {
  ...USUAL_VIEW,
  tab: "/train",
  story: "Training. The loss falls, and every 100 steps a picture shows the word's current meaning.",
};
