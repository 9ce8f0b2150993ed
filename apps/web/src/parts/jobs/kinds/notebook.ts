/** @file How the page shows the reading of a notebook. */
import { USUAL_VIEW, type JobView } from "../job-view.ts";

export const notebookView: JobView = {
  ...USUAL_VIEW,
  tab: "/create",
  // A finished notebook is shown on its page and would only fill the list, so it is listed while it runs or if it failed.
  isListed: (state) => state !== "done" && state !== "cancelled",
};
