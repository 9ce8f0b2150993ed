/** @file How the page shows a txt2img job. */
import { chooseDrawing } from "../../../state/drawing-choice.ts";
import { USUAL_VIEW, type JobView } from "../job-view.ts";

/** Its title is the whole prompt, which is too long for a sentence. */
export const txt2imgView: JobView = {
  ...USUAL_VIEW,
  tab: "/txt2img",
  show: ({ id }) => chooseDrawing(id),
  endsOnTab: () => true,
  story: "Drawing.",
  name: () => "the drawing before it",
};
