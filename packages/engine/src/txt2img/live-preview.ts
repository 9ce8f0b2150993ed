/** @file Shows the unfinished picture at the interval of the options. */
import type { Options } from "@lexeme/domain/options";
import type { SampleStep } from "@lexeme/schedulers";
import type { LatentGrid } from "../checkpoint/diffusion-model.ts";
import type { JobReporter } from "../job-ports.ts";
import { previewDataUrl, type PreviewMap } from "./latent-preview.ts";

export interface LivePreviewOptions {
  /** Without a map no preview is shown. */
  readonly map: PreviewMap | undefined;
  readonly grid: LatentGrid;
  /** Number of values of one latent; for a batch, the first picture is shown. */
  readonly length: number;
  readonly reporter: JobReporter;
  readonly options: Pick<
    Options,
    "live_previews_enable" | "show_progress_every_n_steps" | "live_preview_refresh_period"
  >;
}

/** A listener for sampling steps that reports previews, at most as often as the options allow. */
export function livePreview(preview: LivePreviewOptions): (step: SampleStep) => Promise<void> {
  const { map, grid, length, reporter, options } = preview;
  const { show_progress_every_n_steps: every, live_preview_refresh_period: intervalMs } = options;
  // 0 is as often as possible.
  const isDue = (step: number) => options.live_previews_enable && every >= 0 && step % Math.max(every, 1) === 0;
  let shownAt = -Infinity;
  return async ({ step, total, denoised }) => {
    const now = performance.now();
    if (!map || !isDue(step) || now - shownAt < intervalMs) return;
    shownAt = now;
    const dataUrl = await previewDataUrl(map, denoised.subarray(0, length), grid);
    reporter.preview({ dataUrl, step, steps: total });
  };
}
