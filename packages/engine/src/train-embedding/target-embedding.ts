/** @file The embedding that a training starts with, and the file that the training writes. */
import type { TextualInversionToWrite } from "@lexeme/formats";
import {
  EmbeddingFolder,
  encodeEmbedding as encode,
  findEmbedding,
  isOnlyWord,
  loadEmbeddingFile,
  makeFolder,
  trainedFile,
  writeWholeFile,
} from "@lexeme/data-folder";
import { isSameWord, type WrittenFormat } from "@lexeme/domain/libraries";
import type { TrainSettings } from "@lexeme/domain/settings";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";

export interface TargetEmbedding {
  readonly name: string;
  /** The file of the finished embedding. */
  readonly path: string;
  readonly format: WrittenFormat;
  /** Files of the same name in the same folder that the finished embedding replaces. */
  readonly replaces: readonly string[];
  /** The starting vectors, `[count, width]`; a copy that training may change. */
  readonly vectors: Float32Array;
  readonly count: number;
  readonly width: number;
  /** Steps that the vectors have already seen. */
  readonly initialStep: number;
}

/** Finds the embedding by its word, in any case and normal form, and reads its vectors, or those of the copy to continue from. Throws LexemeError `EMBEDDING_MISSING`, `EMBEDDING_MISFIT`, `EMBEDDING_NAME_UNUSABLE` and the errors of reading. */
export async function openTargetEmbedding(
  settings: TrainSettings,
  options: { embeddingsDir: string; checkpoint: Checkpoint },
): Promise<TargetEmbedding> {
  const { embeddingName: asked, resumeFrom } = settings;
  const { textWidth } = options.checkpoint.sizes;
  const embeddings = EmbeddingFolder.at(options.embeddingsDir);
  const all = await embeddings.scan();
  const files = all.filter((file) => isSameWord(file.name, asked));
  const file =
    files.length === 0 && resumeFrom !== null
      ? undefined
      : findEmbedding(files, { name: asked, field: "embeddingName" }, textWidth);
  const name = file?.name ?? asked;
  const expected = { textWidth, modelName: options.checkpoint.modelName };
  const { vectors, count, width, step } = await (resumeFrom === null
    ? embeddings.load(file!, expected)
    : loadEmbeddingFile({ name, path: resumeFrom }, expected));
  const { folder, path, format } = trainedFile(
    { name, from: file, fileFormat: settings.fileFormat },
    { entries: all, embeddingsDir: options.embeddingsDir },
  );
  return {
    name,
    path,
    format,
    replaces: files
      .filter((other) => other.name === name && isOnlyWord(other))
      .map((other) => other.path)
      .filter((other) => dirname(other) === folder && other !== path),
    vectors: vectors.slice(),
    count,
    width,
    initialStep: step,
  };
}

interface StateOfEmbedding {
  readonly name: string;
  readonly step: number;
  readonly checkpoint: Checkpoint;
}

/** The embedding's current vectors, with the other facts that its file holds. */
export function embeddingFacts(target: TargetEmbedding, state: StateOfEmbedding): TextualInversionToWrite {
  const { vectors, count, width } = target;
  return {
    name: state.name,
    vectors,
    count,
    width,
    step: state.step,
    sdCheckpoint: state.checkpoint.shortHash ?? undefined,
    sdCheckpointName: state.checkpoint.modelName,
  };
}

/** The bytes of a file with the embedding's current vectors. */
export function encodeEmbedding(target: TargetEmbedding, state: StateOfEmbedding): Uint8Array {
  return encode(embeddingFacts(target, state), target.format);
}

/**
 * Writes the finished embedding; a file of another format with the same name is removed only after that. A file in its place is replaced only if a
 * run has a copy of it (`kept`). Throws the errors of `writeWholeFile`.
 */
export async function saveTarget(
  target: TargetEmbedding,
  state: { step: number; checkpoint: Checkpoint },
  kept: ReadonlySet<string>,
): Promise<void> {
  await makeFolder(dirname(target.path));
  const bytes = encodeEmbedding(target, { name: target.name, ...state });
  await writeWholeFile(target.path, bytes, { replace: kept.has(target.path) });
  for (const path of target.replaces) if (kept.has(path)) await rm(path, { force: true });
}
