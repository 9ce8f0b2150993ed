/** @file How the page shows an X/Y/Z plot. */
import type { JobView } from "../job-view.ts";
import { txt2imgView } from "./txt2img.ts";

export const xyzPlotView: JobView = txt2imgView;
