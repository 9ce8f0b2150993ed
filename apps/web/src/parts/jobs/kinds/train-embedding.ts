/** @file How the page shows a training. */
import { USUAL_VIEW, type JobView } from "../job-view.ts";

export const trainEmbeddingView: JobView = { ...USUAL_VIEW, tab: "/train" };
