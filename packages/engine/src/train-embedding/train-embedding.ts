/** @file Textual Inversion: a run from the first step to the finished embedding. */
import { AdamW } from "@lexeme/autodiff";
import { LexemeError } from "@lexeme/core";
import type { TrainSettings } from "@lexeme/domain/settings";
import { rateAt } from "@lexeme/domain/rates";
import type { Artifact, JobPhase, JobResults } from "@lexeme/domain/jobs";
import { LossLog, RunFolders, type RunFolder } from "@lexeme/data-folder";
import { basename } from "node:path";
import type { JobParts } from "../job-run.ts";
import { checkpointForCancel } from "../job-ports.ts";
import { StepTimer } from "../step-timer.ts";
import { loadPreviewMap } from "../txt2img/latent-preview.ts";
import { diverged, isFinite } from "./divergence.ts";
import { placeOfStep } from "./epoch-order.ts";
import { FixedLossTracker } from "./fixed-loss-tracker.ts";
import { clipGradient } from "./gradient-clipping.ts";
import { prepareUnlessStopped, type PreparedRun, type TrainPorts } from "./prepare-run.ts";
import { writeCard, writeCopy, writeOptimizerState, type RunState } from "./run-copies.ts";
import { writeSettingsFile } from "./settings-file.ts";
import { saveTarget } from "./target-embedding.ts";
import { drawTrainingPreview } from "./training-preview.ts";
import { trainingStep, type StepResult } from "./training-step.ts";
import { describeResources, summarizeRun } from "./run-summary.ts";
import { unsaved } from "./unsaved.ts";

/** Weight of earlier steps in the smoothed loss; single losses vary widely because each step has its own time steps. */
const LOSS_MEMORY = 0.98;

/**
 * Trains until the last step, the end of the learning-rate schedule, a stop or a cancel. The embedding's file is replaced at the end
 * and at a stop; copies are written during the run. After a cancel or a crash the file is unchanged, and training can continue from the
 * copies. Throws the errors of `prepareRun`, and LexemeError `TRAINING_DIVERGED` if loss, gradient or vectors become NaN or infinite.
 */
export async function trainEmbedding(
  settings: TrainSettings,
  { open, ...rest }: JobParts<"train-embedding">,
): Promise<JobResults> {
  const ports: TrainPorts = { ...rest, model: await open(rest.context.checkpoint) };
  const startedAt = performance.now();
  const run = await prepareUnlessStopped(settings, ports);
  if (run === undefined) {
    return { artifacts: [], warnings: [], summary: "Stopped before the first step; nothing was changed" };
  }
  const training = await Training.open(settings, ports, run);
  try {
    await training.loop();
    await training.finish();
  } finally {
    await training.lossLog.flush();
  }
  training.logResources(startedAt);
  return training.results();
}

class Training {
  readonly lossLog: LossLog;
  readonly #settings: TrainSettings;
  readonly #ports: TrainPorts;
  readonly #run: PreparedRun;
  readonly #folder: RunFolder;
  readonly #optimizer: AdamW;
  readonly #fixedLoss: FixedLossTracker;
  readonly #timer: StepTimer;
  readonly #lastStep: number;
  readonly #artifacts: Artifact[] = [];
  readonly #warnings: string[];
  #done: number;
  /** The last copy, until a picture carries it. */
  #uncarried: { step: number; vectors: Float32Array } | undefined;
  #smoothed: number | undefined;
  #summary = "";

  private constructor(
    { settings, ports, run }: { settings: TrainSettings; ports: TrainPorts; run: PreparedRun },
    { folder, lossLog }: { folder: RunFolder; lossLog: LossLog },
  ) {
    this.#settings = settings;
    this.#ports = ports;
    this.#run = run;
    this.#folder = folder;
    this.lossLog = lossLog;
    this.#optimizer = new AdamW(run.target.vectors.length);
    if (run.resumed) this.#optimizer.importState(run.resumed.state);
    this.#done = run.target.initialStep;
    this.#lastStep = Math.min(settings.steps, run.schedule.endStep);
    this.#timer = new StepTimer(this.#lastStep);
    this.#warnings = [...run.warnings];
    this.#fixedLoss = new FixedLossTracker({ ...run, model: ports.model, control: ports.control });
  }

  static async open(settings: TrainSettings, ports: TrainPorts, run: PreparedRun): Promise<Training> {
    const now = new Date();
    const { logDir } = ports.context;
    const { initialStep, count } = run.target;
    const { embeddingName } = settings;
    const resumedFolder = run.resumed?.runFolder;
    const folder = await new RunFolders(logDir).open({ embeddingName, resumedFolder, initialStep, now });
    const pictures = run.dataset.pictures.length;
    const { seed } = run.source;
    const { checkpoint } = ports.model;
    const facts = { settings, checkpoint, pictures, vectors: count, initialStep, seed, logDir, now };
    const { options } = ports.context;
    if (options.save_training_settings_to_txt) await writeSettingsFile(folder, facts);
    const every = options.training_write_csv_every;
    const lossLog = await LossLog.open(folder.lossLogPath, { initialStep, every });
    ports.reporter.log(`Training "${embeddingName}" on ${pictures} pictures, seed ${seed}, in ${folder.path}`);
    return new Training({ settings, ports, run }, { folder, lossLog });
  }

  async loop(): Promise<void> {
    const { control, reporter } = this.#ports;
    this.#phase("measuring");
    await this.#fixedLoss.measureBefore(this.#done);
    this.#timer.pause();
    let rate: number | undefined;
    while (this.#done < this.#lastStep && !control.stopping.aborted) {
      await checkpointForCancel(control);
      if (control.stopping.aborted) break;
      const learnRate = rateAt(this.#run.schedule, this.#done) ?? 0;
      if (learnRate !== rate) reporter.log(`Training at rate of ${learnRate} from step ${this.#done}`);
      rate = learnRate;
      const result = await this.#step(learnRate);
      await this.#report(result, learnRate);
      await this.#atIntervals(result.prompt);
    }
  }

  /** Computes a step and moves the vectors. A NaN or infinite value ends the run with the vectors of the step before. */
  async #step(learnRate: number): Promise<StepResult> {
    const { source, stack, target, clipping } = this.#run;
    const { vectors } = target;
    const result = await trainingStep(source, this.#done, { stack, parameterCount: vectors.length });
    const before = vectors.slice();
    if (Number.isFinite(result.loss) && isFinite(result.gradient)) {
      if (clipping)
        clipGradient(
          result.gradient,
          this.#settings.clipGradMode,
          rateAt(clipping, this.#done) ?? clipping.segments.at(-1)!.rate,
        );
      this.#optimizer.step(vectors, result.gradient, learnRate);
      if (isFinite(vectors)) {
        this.#done += 1;
        return result;
      }
      vectors.set(before);
    }
    const learned = this.#done > target.initialStep;
    const kept = learned ? await this.#trySaveCopy() : undefined;
    throw diverged({ step: this.#done + 1, kept, learnRate });
  }

  async #report({ loss, prompt }: StepResult, learnRate: number): Promise<void> {
    const { reporter } = this.#ports;
    const step = this.#done;
    this.#smoothed = this.#smoothed === undefined ? loss : LOSS_MEMORY * this.#smoothed + (1 - LOSS_MEMORY) * loss;
    const { training_image_repeats_per_epoch: repeats } = this.#ports.context.options;
    const { epoch, epochStep } = placeOfStep(this.#run.source.epochs, step - 1, { repeats });
    reporter.metric({ step, loss, learnRate });
    reporter.progress({
      phase: "training",
      ...this.#timer.progress(step),
      loss,
      smoothedLoss: this.#smoothed,
      learnRate,
      epoch: epoch + 1,
      prompt,
      ...this.#fixedLoss.report(),
    });
    await this.lossLog.add({ step, epoch, epochStep, loss, learnRate });
  }

  /** Saves copies and previews at their intervals; the step in a name is the number of steps done. */
  async #atIntervals(batchPrompt: string): Promise<void> {
    const { saveEmbeddingEvery, createImageEvery } = this.#settings;
    const isDue = (every: number) => every > 0 && this.#done % every === 0;
    if (isDue(saveEmbeddingEvery)) await this.#trySaveCopy();
    if (isDue(createImageEvery)) await this.#drawPreview(batchPrompt);
    if (!isDue(saveEmbeddingEvery) && !isDue(createImageEvery)) return;
    this.#phase("measuring");
    await this.#fixedLoss.measureIfCheap(this.#done);
    this.#timer.pause();
  }

  get #savesOptimizer(): boolean {
    return this.#ports.context.options.save_optimizer_state;
  }

  #state(): RunState {
    return { step: this.#done, optimizer: this.#optimizer, lossBefore: this.#fixedLoss.before };
  }

  async #saveCopy(): Promise<string> {
    const step = this.#done;
    const path = await writeCopy(this.#run, this.#folder, { ...this.#state(), withOptimizer: this.#savesOptimizer });
    this.#add({ kind: "copy", path, step });
    this.#uncarried = { step, vectors: this.#run.target.vectors.slice() };
    return path;
  }

  /** A failure is only a warning: without the optimizer's state a later run starts with a new state, and the embedding is saved. */
  async #trySaveOptimizer(): Promise<void> {
    try {
      if (this.#savesOptimizer) await writeOptimizerState(this.#run, this.#folder, this.#state());
    } catch (cause) {
      this.#leaveOut("The optimizer's state", cause);
    }
  }

  /** A copy that cannot be written (a full disk) is only a warning: training continues to the next copy and to the end. */
  async #trySaveCopy(): Promise<string | undefined> {
    try {
      return await this.#saveCopy();
    } catch (cause) {
      this.#leaveOut(`The copy at step ${this.#done}`, cause);
      return undefined;
    }
  }

  async #drawPreview(batchPrompt: string): Promise<void> {
    const { ports, run } = { ports: this.#ports, run: this.#run };
    const { model, context, reporter, control } = ports;
    this.#phase("drawing-preview");
    try {
      const previewMap = await loadPreviewMap(model, { cacheDir: context.cacheDir, reporter });
      const { embeddingsDir, version, options } = context;
      const settings = this.#settings;
      const source = { model, settings, embeddingsDir, version, options, previewMap, reporter, control };
      const path = this.#folder.previewPath(this.#done);
      const { vectors, count } = run.target;
      this.#add(await drawTrainingPreview(source, { step: this.#done, path, batchPrompt, vectors, count }));
      await this.#carryCopy(path);
    } catch (cause) {
      control.cancelled.throwIfAborted();
      if (control.stopping.aborted) return;
      // A picture that cannot be drawn does not end the training.
      this.#leaveOut(`The preview at step ${this.#done}`, cause);
    }
  }

  /** A1111's rule: the first preview after a new copy is also saved with that copy in it. */
  async #carryCopy(previewPath: string): Promise<void> {
    const copy = this.#uncarried;
    if (copy === undefined || !this.#settings.saveImageWithStoredEmbedding) return;
    this.#uncarried = undefined;
    try {
      await writeCard(this.#run, this.#folder, { ...copy, previewPath });
    } catch (cause) {
      this.#leaveOut(`The picture that carries the copy of step ${copy.step}`, cause);
    }
  }

  /** Writes the embedding's own file, unless no step was done. */
  async finish(): Promise<void> {
    const { target, source } = this.#run;
    const { initialStep } = target;
    const stopped = this.#done < this.#lastStep;
    if (this.#done > initialStep) {
      this.#phase("saving");
      await this.#trySaveOptimizer();
      try {
        await saveTarget(target, { step: this.#done, checkpoint: source.model.checkpoint });
      } catch (cause) {
        // The run's folder may be on another disk than the embeddings, or there may be just enough space for a copy.
        throw unsaved(cause, await this.#trySaveCopy());
      }
      this.#add({ kind: "embedding", path: target.path, step: this.#done });
      this.#phase("measuring");
      await this.#fixedLoss.measureAtEnd(this.#done, { stopped });
    }
    this.#phase("done");
    const file = basename(target.path);
    this.#summary = summarizeRun({ file, done: this.#done, initialStep, asked: this.#settings.steps, stopped });
  }

  results(): JobResults {
    return {
      artifacts: this.#artifacts,
      warnings: this.lossLog.fault === undefined ? this.#warnings : [...this.#warnings, this.lossLog.fault],
      skipped: [...this.#run.dataset.skipped],
      folder: this.#folder.path,
      summary: this.#summary,
    };
  }

  logResources(startedAt: number): void {
    this.#ports.reporter.log(describeResources({ steps: this.#done - this.#run.target.initialStep, startedAt }));
  }

  #phase(phase: JobPhase): void {
    const { reporter } = this.#ports;
    reporter.progress({ phase, ...this.#timer.progress(this.#done), ...this.#fixedLoss.report() });
  }

  /** Warns that a file was left out. Rethrows our own mistakes, which no disk or prompt caused. */
  #leaveOut(what: string, cause: unknown): void {
    if (!(cause instanceof LexemeError)) throw cause;
    this.#warn(`${what} was left out: ${cause.message}`);
  }

  #warn(warning: string): void {
    this.#warnings.push(warning);
    this.#ports.reporter.log(warning);
  }

  #add(artifact: Artifact): void {
    this.#artifacts.push(artifact);
    this.#ports.reporter.artifact(artifact);
  }
}
