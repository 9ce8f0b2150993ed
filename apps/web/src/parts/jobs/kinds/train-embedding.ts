/** @file How the page shows a training. */
import { embeddingReplaced } from "@lexeme/domain/jobs";
import { trainForm } from "../../../state/forms.ts";
import { chooseForTraining } from "../../../state/training-choice.ts";
import { USUAL_VIEW, type JobView } from "../job-view.ts";

export const trainEmbeddingView: JobView = {
  ...USUAL_VIEW,
  tab: "/train",
  name: ({ request }) => `the training of "${embeddingReplaced(request) ?? ""}"`,
  // The tab shows the history of the chosen embedding.
  show: ({ request }) => chooseForTraining(embeddingReplaced(request) ?? ""),
  endsOnTab: ({ request }) => embeddingReplaced(request) === trainForm.read().values.embeddingName,
  watchTab: (listener) => trainForm.store.subscribe(listener),
  story: "Training. The loss falls, and from time to time a picture shows the word's current meaning.",
};
