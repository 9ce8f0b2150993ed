/** @file Writes the files that a run can continue from: a copy of the embedding, and the optimizer's state beside it. */
import type { AdamW } from "@lexeme/autodiff";
import { LexemeError } from "@lexeme/core";
import { makeFolder, writeOptimizerFile, writeWholeFile, type LossBefore, type RunFolder } from "@lexeme/data-folder";
import { writeEmbeddingCard } from "@lexeme/formats/node";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { PreparedRun } from "./prepare-run.ts";
import { embeddingFacts, encodeEmbedding } from "./target-embedding.ts";

export interface RunState {
  /** The number of steps done. */
  readonly step: number;
  readonly optimizer: AdamW;
  readonly lossBefore: LossBefore | undefined;
}

/** Writes `embeddings/<name>-<step>`, and the optimizer's state if wanted. Returns the copy's path. Throws LexemeError if the disk is full. */
export async function writeCopy(
  run: PreparedRun,
  folder: RunFolder,
  { withOptimizer, ...state }: RunState & { readonly withOptimizer: boolean },
): Promise<string> {
  const { target, source } = run;
  const { step } = state;
  const path = folder.copyPath(step, target.format);
  const bytes = encodeEmbedding(target, {
    name: `${target.name}-${step}`,
    step,
    checkpoint: source.model.checkpoint,
  });
  // The state is written first, so that every copy in the list has its state.
  if (withOptimizer) await writeOptimizerState(run, folder, state);
  await writeWholeFile(path, bytes, { replace: true });
  return path;
}

/** Writes the preview with the copy of `step` in it. Returns its path. Throws the errors of `writeCopy`. */
export async function writeCard(
  { target, source }: PreparedRun,
  folder: RunFolder,
  { step, vectors, previewPath }: { step: number; vectors: Float32Array; previewPath: string },
): Promise<string> {
  const facts = embeddingFacts(target, { name: `${target.name}-${step}`, step, checkpoint: source.model.checkpoint });
  const path = folder.cardPath(step);
  await makeFolder(dirname(path));
  const card = await writeEmbeddingCard(await readPreview(previewPath), { ...facts, vectors });
  await writeWholeFile(path, card, { replace: true });
  return path;
}

async function readPreview(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LexemeError("FILE_UNREADABLE", `Cannot read the preview "${path}": ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function writeOptimizerState(
  { target, source }: PreparedRun,
  folder: RunFolder,
  { step, optimizer, lossBefore }: RunState,
): Promise<void> {
  const state = { seed: source.seed, state: optimizer.exportState(), lossBefore };
  await writeOptimizerFile(folder.optimizerPath(step), target.vectors, state);
}
