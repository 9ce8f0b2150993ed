/** @file Measures the fixed loss before, during and after a run, and no more often than is cheap. */
import type { JobProgress, TrainSettings } from "@lexeme/protocol";
import { chunkPrompt, type EmbeddingIndex } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { checkpointForCancel, type JobControl } from "../job-ports.ts";
import type { Dataset } from "./dataset.ts";
import { fixedLoss } from "./fixed-loss.ts";
import type { TargetEmbedding } from "./target-embedding.ts";

/** At most this part of a run's time goes into measuring on the way. */
const MAX_TIME_PART = 0.05;
const MAX_WAIT_AFTER_STOP_MS = 2000;

export interface FixedLossSource {
  readonly model: DiffusionModel;
  readonly dataset: Dataset;
  readonly target: TargetEmbedding;
  readonly settings: TrainSettings;
  readonly source: { readonly embeddings: EmbeddingIndex };
  readonly control: JobControl;
}

export class FixedLossTracker {
  readonly #source: FixedLossSource;
  readonly #startedAt = performance.now();
  #spentMs = 0;
  #lastMs = 0;
  #before: number | undefined;
  #now: { value: number; step: number } | undefined;

  constructor(source: FixedLossSource) {
    this.#source = source;
  }

  /** Measures before the first step, unless a stop comes in the middle of it. */
  async measureBefore(step: number): Promise<void> {
    await this.#measure(step, true);
  }

  /** Measures on the way, if that keeps within its part of the time. */
  async measureIfCheap(step: number): Promise<void> {
    const elapsed = performance.now() - this.#startedAt;
    if (this.#spentMs + this.#lastMs <= MAX_TIME_PART * elapsed) await this.#measure(step, true);
  }

  /** Measures at the end. Whoever stopped the run does not wait for it long. */
  async measureAtEnd(step: number, { stopped }: { stopped: boolean }): Promise<void> {
    if (this.#now?.step !== step && (!stopped || this.#lastMs <= MAX_WAIT_AFTER_STOP_MS))
      await this.#measure(step, false);
  }

  async #measure(step: number, endsAtStop: boolean): Promise<void> {
    const start = performance.now();
    const { model, dataset, target, source, control } = this.#source;
    const { chunks } = chunkPrompt(loadClipTokenizer(), `a photo of ${target.name}`, { embeddings: source.embeddings });
    const conditioning = await model.encodePrompt(chunks, new Map([[target.name, target.vectors]]));
    const goOn = async () => {
      await checkpointForCancel(control);
      return !(endsAtStop && control.stopping.aborted);
    };
    const value = await fixedLoss(model, dataset, { conditioning, goOn });
    if (value === undefined) return;
    this.#lastMs = performance.now() - start;
    // What is measured before the run counts as no time on the way.
    if (this.#before === undefined) this.#before = value;
    else this.#spentMs += this.#lastMs;
    this.#now = { value, step };
  }

  /** For progress reports; empty before the first measurement. */
  report(): Pick<JobProgress, "fixedLoss"> {
    if (this.#before === undefined || !this.#now) return {};
    return { fixedLoss: { before: this.#before, now: this.#now.value, step: this.#now.step } };
  }
}
