/** @file How the page shows a preprocess job. */
import { USUAL_VIEW, type JobView } from "../job-view.ts";

export const preprocessView: JobView = {
  ...USUAL_VIEW,
  tab: "/preprocess",
  unit: "picture",
  story: "Cutting the photos to size.",
};
