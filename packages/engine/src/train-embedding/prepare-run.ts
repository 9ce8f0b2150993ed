/** @file Checks and loads everything that a training needs. Nothing is written before all checks have passed. */
import { withField } from "@lexeme/core";
import { RANDOM_SEED, requireStepsLeft, type TrainSettings } from "@lexeme/domain/settings";
import { parseLearningRateSchedule, type LearningRateSchedule } from "@lexeme/domain/rates";
import type { ContextOf } from "@lexeme/domain/jobs";
import { fillWithSamples } from "@lexeme/domain/templates";
import { requireReadableLines } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import {
  readOptimizerFile,
  RunFolder,
  RunFolders,
  runFolderOfCopy,
  TemplateFolder,
  type OptimizerFile,
} from "@lexeme/data-folder";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { drawnSeed } from "../drawn-seed.ts";
import type { JobPorts } from "../job-ports.ts";
import { requireClipSkip } from "../prompt/clip-skip.ts";
import type { WorkClock } from "../work-clock.ts";
import { loadPromptEmbeddings } from "../prompt/prompt-embeddings.ts";
import { loadDataset, readCaptions, type Dataset } from "./dataset.ts";
import { planEpochs } from "./epoch-order.ts";
import { openTargetEmbedding, type TargetEmbedding } from "./target-embedding.ts";
import type { VectorStack } from "./training-graph.ts";
import { allPrompts, requireEmbeddingInPrompts, requireReadablePrompts } from "./training-prompts.ts";
import type { TrainingSource } from "./training-step.ts";

export interface TrainPorts extends JobPorts {
  readonly model: DiffusionModel;
  readonly context: ContextOf<"train-embedding">;
  /** Started with the job. */
  readonly clock: WorkClock;
}

interface RunOrigin {
  readonly runFolder: string;
  /** Whether a copy of the run holds the vectors. */
  readonly hasCopy: boolean;
}

export interface PreparedRun {
  readonly source: TrainingSource;
  readonly target: TargetEmbedding;
  /** The trained rows are a view of the first part of `data`, so an optimizer step changes the graph's input. */
  readonly stack: VectorStack;
  readonly schedule: LearningRateSchedule;
  readonly clipping: LearningRateSchedule | undefined;
  /** The run that the vectors come from; undefined if no run has them. */
  readonly origin: RunOrigin | undefined;
  /** That run's optimizer, if its state is there. */
  readonly resumed: OptimizerFile | undefined;
  readonly dataset: Dataset;
  readonly warnings: readonly string[];
}

/** Template lines times captions can be very many; this number is enough to find a prompt that does not call the embedding. */
const MAX_CHECKED_PROMPTS = 5000;

/** Calls `prepareRun`; undefined if the run was stopped while the pictures were being prepared. */
export async function prepareUnlessStopped(
  settings: TrainSettings,
  ports: TrainPorts,
): Promise<PreparedRun | undefined> {
  try {
    return await prepareRun(settings, ports);
  } catch (cause) {
    const { stopping } = ports.control;
    if (stopping.aborted && cause === stopping.reason) return undefined;
    throw cause;
  }
}

/** Throws a LexemeError with the field's name for each fault that a user must correct first. */
async function prepareRun(asked: TrainSettings, ports: TrainPorts): Promise<PreparedRun> {
  const { model, context, reporter } = ports;
  const { checkpoint } = model;
  requireClipSkip(asked.clipSkip, checkpoint);
  const target = await openTargetEmbedding(asked, { embeddingsDir: context.embeddingsDir, checkpoint });
  // The request may name the word in another case than its file, which gives the name of copies and previews.
  const settings = { ...asked, embeddingName: target.name };
  requireStepsLeft(settings, target.initialStep);
  const readSchedule = (field: "learnRate" | "clipGradValue") =>
    withField(field, () =>
      parseLearningRateSchedule(settings[field], settings.steps, { startStep: target.initialStep }),
    );
  const schedule = readSchedule("learnRate");
  const clipping = settings.clipGradMode === "disabled" ? undefined : readSchedule("clipGradValue");
  const lines = await withField("templateFilename", () =>
    new TemplateFolder(context.templatesDir).require(settings.templateFilename),
  );
  withField("templateFilename", () => requireReadableLines(lines, fillWithSamples));
  const { origin, resumed } = await findOrigin(settings, { target, logDir: context.logDir });
  const seed = (settings.seed === RANDOM_SEED ? resumed?.seed : undefined) ?? drawnSeed(settings.seed);

  // Prompts are checked before the pictures are encoded, because encoding takes minutes.
  const checkCaption = (caption: string) => requireReadablePrompts(target.name, lines, caption);
  const rules = { options: context.options, checkCaption };
  const captions = [...new Set(await readCaptions(settings.dataRoot, rules))];
  const prompts = allPrompts(target.name, lines, captions).slice(0, MAX_CHECKED_PROMPTS);
  const embeddings = await loadPromptEmbeddings(prompts, {
    tokenizer: loadClipTokenizer(checkpoint.dialect),
    folder: context.embeddingsDir,
    textWidth: checkpoint.sizes.textWidth,
    modelName: checkpoint.modelName,
    inMemory: target,
  });
  for (const { message } of schedule.issues) reporter.log(message);
  const warnings = [...embeddings.warnings];
  const partly = requireEmbeddingInPrompts(target.name, prompts, embeddings.index);
  if (partly !== undefined) warnings.push(partly);

  const dataset = await loadDataset(settings, { ...ports, seed, ...rules });
  const epochs = planEpochs(dataset.pictures.length, settings);
  const { batchSize, gradientStep } = epochs;
  if (batchSize !== settings.batchSize) warnings.push(`Batch size is ${batchSize}: there are no more pictures`);
  if (gradientStep !== settings.gradientStep) {
    warnings.push(`Gradient accumulation is ${gradientStep} steps: an epoch has no more batches`);
  }
  for (const warning of warnings) reporter.log(warning);
  const stack = stackRows(target, embeddings.rows);
  return {
    source: { model, dataset, settings, lines, embeddings: embeddings.index, epochs, seed },
    target: { ...target, vectors: stack.data.subarray(0, target.vectors.length) },
    stack,
    schedule,
    clipping,
    origin,
    resumed,
    dataset,
    warnings: [...dataset.skipped.map(({ file, reason }) => `Left out ${file}: ${reason}`), ...warnings],
  };
}

/** The trained rows first, then the rows of every other embedding that the prompts call. */
function stackRows(target: TargetEmbedding, rows: ReadonlyMap<string, Float32Array>): VectorStack {
  const firstRow = new Map<string, number>([[target.name, 0]]);
  let vectors = target.count;
  for (const [name, data] of rows) {
    if (name === target.name) continue;
    firstRow.set(name, vectors);
    vectors += data.length / target.width;
  }
  const data = new Float32Array(vectors * target.width);
  for (const [name, first] of firstRow) {
    data.set(name === target.name ? target.vectors : rows.get(name)!, first * target.width);
  }
  return { firstRow, vectors, data };
}

/** The run that the vectors come from: the run of the chosen copy, else a run with a copy or an optimizer's state of these vectors. */
async function findOrigin(
  { resumeFrom }: TrainSettings,
  { target, logDir }: { target: TargetEmbedding; logDir: string },
): Promise<Pick<PreparedRun, "origin" | "resumed">> {
  const { name, vectors, initialStep: step } = target;
  const runs = new RunFolders(logDir);
  const runFolder =
    resumeFrom === null
      ? (await runs.findCopy(name, { step, vectors }))?.runFolder
      : runFolderOfCopy(resumeFrom, name).path;
  if (runFolder !== undefined) {
    const saved = await new RunFolder(runFolder, name).savedOptimizer(step);
    const resumed = saved === undefined ? undefined : await readOptimizerFile(saved, vectors);
    return { origin: { runFolder, hasCopy: (await runs.pointOf({ runFolder, step })) !== null }, resumed };
  }
  const found = step === 0 ? undefined : await runs.findOptimizer(name, { step, vectors });
  return { origin: found && { runFolder: found.runFolder, hasCopy: false }, resumed: found };
}
