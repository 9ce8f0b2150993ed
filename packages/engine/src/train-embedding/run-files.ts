/** @file The files that a training writes into its run's folder: settings, losses, copies, previews, and the record of its beginning and end. */
import { LossLog, RunFolders, RunRecord, type RunEnding, type RunFolder } from "@lexeme/data-folder";
import { LexemeError } from "@lexeme/core";
import { loadPreviewMap } from "../txt2img/latent-preview.ts";
import type { FixedLossTracker } from "./fixed-loss-tracker.ts";
import type { PreparedRun, TrainPorts } from "./prepare-run.ts";
import { writeCard, writeCopy, type RunState } from "./run-copies.ts";
import type { RunFindings } from "./run-findings.ts";
import { writeSettingsFile } from "./settings-file.ts";
import { drawTrainingPreview } from "./training-preview.ts";
import type { TrainingState } from "./training-state.ts";

export interface RunParts {
  readonly ports: TrainPorts;
  readonly run: PreparedRun;
  readonly state: TrainingState;
  readonly findings: RunFindings;
}

export class RunFiles {
  readonly folder: RunFolder;
  readonly lossLog: LossLog;
  readonly #parts: RunParts;
  readonly #record: RunRecord;
  /** Set by `watch`. It measures the losses that are written into the record and beside the optimizer's state. */
  #fixedLoss: FixedLossTracker | undefined;
  #lastCopy: { step: number; path: string } | undefined;
  /** The last copy, until a picture carries it. */
  #uncarried: { step: number; vectors: Float32Array } | undefined;

  private constructor(parts: RunParts, opened: { folder: RunFolder; lossLog: LossLog; record: RunRecord }) {
    this.#parts = parts;
    this.folder = opened.folder;
    this.lossLog = opened.lossLog;
    this.#record = opened.record;
  }

  /**
   * Opens the run's folder, or the folder of the interrupted run that this run continues, and records where the run begins. Throws a
   * LexemeError if a file cannot be written: such a run does not begin.
   */
  static async open(parts: RunParts): Promise<RunFiles> {
    const { ports, run, state } = parts;
    const { settings, seed } = run.source;
    const { logDir, options, jobId } = ports.context;
    const { initialStep } = state;
    const { embeddingName } = settings;
    const now = new Date();
    const runs = new RunFolders(logDir);
    const resumedFolder = run.origin?.runFolder;
    const folder = await runs.open({ embeddingName, resumedFolder, initialStep, now });
    const pictures = run.dataset.pictures.length;
    const { checkpoint } = ports.model;
    const facts = { settings, checkpoint, pictures, vectors: run.target.count, initialStep, seed, logDir, now };
    if (options.save_training_settings_to_txt) await writeSettingsFile(folder, facts);
    const every = options.training_write_csv_every;
    const lossLog = await LossLog.open(folder.lossLogPath, { initialStep, every });
    const record = await RunRecord.open(folder.path);
    const isBranch = resumedFolder !== undefined && resumedFolder !== folder.path;
    await record.begin({
      at: now.getTime(),
      embedding: embeddingName,
      step: initialStep,
      steps: settings.steps,
      job: jobId,
      from: isBranch ? await runs.pointOf({ runFolder: resumedFolder, step: initialStep }) : null,
    });
    ports.reporter.log(`Training "${embeddingName}" on ${pictures} pictures, seed ${seed}, in ${folder.path}`);
    const files = new RunFiles(parts, { folder, lossLog, record });
    await files.#keepBeginning();
    return files;
  }

  /** Writes each measurement into the record. */
  watch(fixedLoss: FixedLossTracker): void {
    this.#fixedLoss = fixedLoss;
    fixedLoss.onMeasured = (loss) => this.#record.fixedLoss(loss);
  }

  /** Writes a copy of the first state unless a run already has one, so that the user can go back to every state of the embedding. */
  async #keepBeginning(): Promise<void> {
    const { run, state, findings } = this.#parts;
    if (run.origin?.hasCopy === true) return;
    try {
      await writeCopy(run, this.folder, { ...this.#runState(), withOptimizer: false });
    } catch (cause) {
      findings.leaveOut(`The copy at step ${state.step}, where this run begins,`, cause);
    }
  }

  #runState(): RunState {
    const { step, optimizer } = this.#parts.state;
    return { step, optimizer, lossBefore: this.#fixedLoss?.before };
  }

  get #savesOptimizer(): boolean {
    return this.#parts.ports.context.options.save_optimizer_state;
  }

  /** Like `copy`; undefined if this fails, as on a full disk: a later copy may succeed. */
  async tryCopy(): Promise<string | undefined> {
    try {
      return await this.copy();
    } catch (cause) {
      this.#parts.findings.leaveOut(`The copy at step ${this.#parts.state.step}`, cause);
      return undefined;
    }
  }

  /** The path of the copy of the steps done so far, which is written if it does not exist. Throws the errors of `writeCopy`. */
  async copy(): Promise<string> {
    const { run, state, findings } = this.#parts;
    const { step } = state;
    if (this.#lastCopy?.step === step) return this.#lastCopy.path;
    await this.lossLog.flush();
    const path = await writeCopy(run, this.folder, { ...this.#runState(), withOptimizer: this.#savesOptimizer });
    this.#lastCopy = { step, path };
    this.#uncarried = { step, vectors: run.target.vectors.slice() };
    findings.add({ kind: "copy", path, step });
    return path;
  }

  /** Saves the learned vectors as a copy when an error ends the run; a cancel saves nothing. A failure here does not hide that error. */
  async keepLearned(): Promise<void> {
    const { ports, state } = this.#parts;
    if (!state.hasLearned || ports.control.cancelled.aborted) return;
    await this.tryCopy().catch(() => undefined);
  }

  /** Whether the folder already has a preview of the steps done so far. */
  async hasPreview(): Promise<boolean> {
    return (await this.folder.previews()).some(({ step }) => step === this.#parts.state.step);
  }

  /** A picture that cannot be drawn does not end the training. A picture that a stop interrupts causes no warning. */
  async tryPreview(batchPrompt: string): Promise<void> {
    const { ports, run, state, findings } = this.#parts;
    const { model, context, reporter, control } = ports;
    try {
      const previewMap = await loadPreviewMap(model, { cacheDir: context.cacheDir, reporter });
      const { embeddingsDir, version, options } = context;
      const source = {
        model,
        settings: run.source.settings,
        embeddingsDir,
        version,
        options,
        previewMap,
        reporter,
        control,
      };
      const path = this.folder.previewPath(state.step);
      const { vectors, count } = run.target;
      findings.add(await drawTrainingPreview(source, { step: state.step, path, batchPrompt, vectors, count }));
      await this.#carryCopy(path);
    } catch (cause) {
      control.cancelled.throwIfAborted();
      if (control.stopping.aborted) return;
      findings.leaveOut(`The preview at step ${state.step}`, cause);
    }
  }

  /** A1111's rule: a preview after a new copy is also saved with that copy in it. */
  async #carryCopy(previewPath: string): Promise<void> {
    const { run, findings } = this.#parts;
    const copy = this.#uncarried;
    if (copy === undefined || !run.source.settings.saveImageWithStoredEmbedding) return;
    this.#uncarried = undefined;
    try {
      await writeCard(run, this.folder, { ...copy, previewPath });
    } catch (cause) {
      findings.leaveOut(`The picture that carries the copy of step ${copy.step}`, cause);
    }
  }

  /** Records how the run ended. */
  async end(ending: Pick<RunEnding, "how"> & Partial<Pick<RunEnding, "message" | "replaced">>): Promise<void> {
    await this.#record.end({ at: Date.now(), step: this.#parts.state.step, message: null, replaced: null, ...ending });
  }

  /** Records that a failure or a cancel ended the run. */
  async endWith(cause: unknown): Promise<void> {
    if (this.#parts.ports.control.cancelled.aborted) return this.end({ how: "cancelled" });
    const message = cause instanceof LexemeError ? cause.message : "A mistake of Lexeme's own";
    await this.end({ how: "failed", message });
  }
}
