/** @file Measures the fixed loss before, during and after a run, and no more often than is cheap. */
import type { JobProgress, TrainSettings } from "@lexeme/protocol";
import { chunkPrompt, type EmbeddingIndex } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import type { Dataset } from "./dataset.ts";
import { fixedLoss } from "./fixed-loss.ts";
import type { TargetEmbedding } from "./target-embedding.ts";

/** At most this part of a run's time goes into measuring on the way. */
const MAX_TIME_PART = 0.05;

export interface FixedLossSource {
  readonly model: DiffusionModel;
  readonly dataset: Dataset;
  readonly target: TargetEmbedding;
  readonly settings: TrainSettings;
  readonly source: { readonly embeddings: EmbeddingIndex };
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

  /** The first measurement is the one before; it is not counted as time on the way. */
  async measure(step: number): Promise<void> {
    const start = performance.now();
    const { model, dataset, target, source } = this.#source;
    const { chunks } = chunkPrompt(loadClipTokenizer(), `a photo of ${target.name}`, { embeddings: source.embeddings });
    const rows = new Map([[target.name, target.vectors]]);
    const value = await fixedLoss(model, dataset, await model.encodePrompt(chunks, rows));
    this.#lastMs = performance.now() - start;
    if (this.#before === undefined) this.#before = value;
    else this.#spentMs += this.#lastMs;
    this.#now = { value, step };
  }

  async measureIfCheap(step: number): Promise<void> {
    if (this.#now?.step === step) return;
    const elapsed = performance.now() - this.#startedAt;
    if (this.#spentMs + this.#lastMs <= MAX_TIME_PART * elapsed) await this.measure(step);
  }

  /** For progress reports; empty before the first measurement. */
  report(): Pick<JobProgress, "fixedLoss"> {
    if (this.#before === undefined || !this.#now) return {};
    return { fixedLoss: { before: this.#before, now: this.#now.value, step: this.#now.step } };
  }
}
