/** @file Shows the unfinished picture now and then. */
import type { SampleStep } from "@lexeme/schedulers";
import type { LatentGrid } from "../checkpoint/diffusion-model.ts";
import type { JobReporter } from "../job-ports.ts";
import { previewDataUrl, type PreviewMap } from "./latent-preview.ts";

/** Five pictures a second look alive; more only cost time. */
const INTERVAL_MS = 200;

export interface LivePreviewOptions {
  /** Without one nothing is shown. */
  readonly map: PreviewMap | undefined;
  readonly grid: LatentGrid;
  /** Values of one latent; of a batch the first picture is shown. */
  readonly length: number;
  readonly reporter: JobReporter;
}

/** A listener for sampling steps that reports at most five pictures a second, the last step's always left to the finished picture. */
export function livePreview({ map, grid, length, reporter }: LivePreviewOptions): (step: SampleStep) => Promise<void> {
  let shownAt = -Infinity;
  return async ({ step, total, denoised }) => {
    const now = performance.now();
    if (!map || now - shownAt < INTERVAL_MS) return;
    shownAt = now;
    const dataUrl = await previewDataUrl(map, denoised.subarray(0, length), grid);
    reporter.preview({ dataUrl, step, steps: total });
  };
}
