/** @file Measures the fixed loss before, during and after a run, only as often as it costs little time. */
import type { TrainSettings } from "@lexeme/domain/settings";
import type { JobProgress } from "@lexeme/domain/jobs";
import { measuresInTraining } from "@lexeme/domain/memory";
import { chunkPrompt, type EmbeddingIndex } from "@lexeme/tokenizer";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { createHash } from "node:crypto";
import { checkpointForCancel, type JobControl } from "../job-ports.ts";
import type { WorkClock } from "../work-clock.ts";
import type { Dataset } from "./dataset.ts";
import type { EpochPlan } from "./epoch-order.ts";
import type { FixedLoss, LossBefore } from "@lexeme/data-folder";
import { fixedLoss, fixedTrainingLoss } from "./fixed-loss.ts";
import type { TargetEmbedding } from "./target-embedding.ts";
import type { VectorStack } from "./training-graph.ts";

/** Measurements during the run take at most this part of its time. */
const MAX_TIME_PART = 0.05;
const MAX_WAIT_AFTER_STOP_MS = 2000;

export interface FixedLossSource {
  readonly model: DiffusionModel;
  readonly dataset: Dataset;
  readonly target: TargetEmbedding;
  readonly source: {
    readonly embeddings: EmbeddingIndex;
    readonly epochs: EpochPlan;
    readonly settings: Pick<TrainSettings, "clipSkip">;
  };
  readonly stack: VectorStack;
  readonly control: JobControl;
  readonly clock: WorkClock;
  /** The earlier run that this run continues. */
  readonly resumed: { readonly lossBefore?: LossBefore | undefined } | undefined;
}

export class FixedLossTracker {
  readonly #source: FixedLossSource;
  readonly #startedAtMs: number;
  #spentMs = 0;
  #lastMs = 0;
  readonly #measuredOn: string;
  #before: number | undefined;
  #now: { value: number; step: number } | undefined;
  /** Called with each measurement. */
  onMeasured: (loss: FixedLoss) => Promise<void> = () => Promise.resolve();

  constructor(source: FixedLossSource) {
    this.#source = source;
    const { model, dataset, resumed } = source;
    this.#startedAtMs = source.clock.workedMs;
    this.#measuredOn = measuredOn(model, dataset, source.source.settings);
    if (resumed?.lossBefore?.measuredOn === this.#measuredOn) this.#before = resumed.lossBefore.value;
  }

  /** The loss before the run's first step, with a digest of the measured pictures and model; undefined before the first measurement. */
  get before(): LossBefore | undefined {
    return this.#before === undefined ? undefined : { value: this.#before, measuredOn: this.#measuredOn };
  }

  /** Measures before the first step; a stop meanwhile ends the measurement without a result. */
  async measureBefore(step: number): Promise<void> {
    await this.#measure(step, true);
  }

  /** Measures during the run, if the measurement stays within its part of the time. */
  async measureIfCheap(step: number): Promise<void> {
    const elapsed = this.#source.clock.workedMs - this.#startedAtMs;
    if (this.#spentMs + this.#lastMs <= MAX_TIME_PART * elapsed) await this.#measure(step, true);
  }

  /** Measures at the end. After a stop, a measurement that would take long, or wait for another job, is left out. */
  async measureAtEnd(step: number, { stopped }: { stopped: boolean }): Promise<void> {
    const wouldWait = this.#source.control.turns?.othersFirst === true;
    const isLeftOut = stopped && (wouldWait || this.#lastMs > MAX_WAIT_AFTER_STOP_MS);
    if (this.#now?.step !== step && !isLeftOut) await this.#measure(step, false);
  }

  async #measure(step: number, endsAtStop: boolean): Promise<void> {
    const start = performance.now();
    const { control } = this.#source;
    const goOn = async () => {
      await checkpointForCancel(control);
      return !(endsAtStop && control.stopping.aborted);
    };
    const value = await this.#loss(goOn);
    if (value === undefined) return;
    this.#lastMs = performance.now() - start;
    // The measurement before the run is not part of the run's time.
    if (this.#now) this.#spentMs += this.#lastMs;
    this.#before ??= value;
    this.#now = { value, step };
    await this.onMeasured({ step, value, measuredOn: this.#measuredOn });
  }

  async #loss(goOn: () => Promise<boolean>): Promise<number | undefined> {
    const { model, dataset, target, source, stack } = this.#source;
    const { embeddings, epochs, settings } = source;
    const { clipSkip } = settings;
    const { chunks } = chunkPrompt(embeddings.tokenizer, `a photo of ${target.name}`, { embeddings });
    if (measuresInTraining(model.checkpoint.networkSizes)) {
      return fixedTrainingLoss(model, dataset, { stack, chunks, batchSize: epochs.batchSize, clipSkip, goOn });
    }
    const conditioning = await model.encodePrompt(chunks, new Map([[target.name, target.vectors]]), { clipSkip });
    return fixedLoss(model, dataset, { conditioning, goOn });
  }

  /** The losses for progress reports; empty before the first measurement. */
  report(): Pick<JobProgress, "fixedLoss"> {
    if (this.#before === undefined || !this.#now) return {};
    return { fixedLoss: { before: this.#before, now: this.#now.value, step: this.#now.step } };
  }
}

/** A digest of the checkpoint, clip skip and the latents: the same pictures in another folder give the same digest. */
function measuredOn(
  { checkpoint }: DiffusionModel,
  { pictures }: Dataset,
  { clipSkip }: Pick<TrainSettings, "clipSkip">,
): string {
  const hash = createHash("sha256").update(
    `${checkpoint.modelName}|${checkpoint.file.sizeBytes}${clipSkip === 1 ? "" : `|${clipSkip}`}`,
  );
  for (const { posterior } of pictures) hash.update(new Uint8Array(posterior.mean.slice().buffer));
  return hash.digest("hex");
}
