/** @file How the page shows the reading of a notebook. */
import { USUAL_VIEW, type JobView } from "../job-view.ts";

export const notebookView: JobView = {
  ...USUAL_VIEW,
  tab: "/create",
  // A notebook that was read is seen on its page, and would bury what was made: it is listed while it takes time, or where it failed.
  isListed: (state) => state !== "done" && state !== "cancelled",
};
