/** @file The embedding that a training begins with, and the file that it ends in. */
import { LexemeError } from "@lexeme/core";
import {
  isPicture,
  registeredWords,
  writeTextualInversionPt,
  writeTextualInversionSafetensors,
  type EmbeddingEntry,
  type TextualInversionToWrite,
} from "@lexeme/formats";
import { writeWholeFile } from "@lexeme/data-folder";
import type { TrainSettings } from "@lexeme/domain/settings";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { listEmbeddings, loadEmbedding, loadEmbeddingFile } from "../embeddings/embedding-folder.ts";
import { stepOfCopy } from "./run-folder.ts";

export type WrittenFormat = "pt" | "safetensors";

export interface TargetEmbedding {
  readonly name: string;
  /** Where the finished embedding goes. */
  readonly path: string;
  readonly format: WrittenFormat;
  /** Files of the same name in the same folder that the finished one replaces. */
  readonly replaces: readonly string[];
  /** `[count, width]` to begin with; a copy, free to change. */
  readonly vectors: Float32Array;
  readonly count: number;
  readonly width: number;
  /** Steps that the vectors have already seen. */
  readonly initialStep: number;
}

/** Finds the embedding by name and reads its vectors, or those of the copy to go on from. Throws LexemeError `EMBEDDING_NOT_FOUND`, `EMBEDDING_WIDTH` and as reading does. */
export async function openTargetEmbedding(
  settings: TrainSettings,
  options: { embeddingsDir: string; checkpoint: Checkpoint },
): Promise<TargetEmbedding> {
  const { embeddingName: name, resumeFrom } = settings;
  const { textWidth } = options.checkpoint.sizes;
  const files = (await listEmbeddings(options.embeddingsDir)).filter((file) => file.name === name);
  const [file = files[0]] = registeredWords(files, ({ facts }) => facts?.width === textWidth);
  if (!file && resumeFrom === null) {
    throw new LexemeError(
      "EMBEDDING_NOT_FOUND",
      `There is no embedding "${name}": create it first, or choose another`,
      { details: { field: "embeddingName", name } },
    );
  }
  const expected = { textWidth, modelName: options.checkpoint.modelName };
  const { vectors, count, width, step } = await (resumeFrom === null
    ? loadEmbedding(file!, expected)
    : loadEmbeddingFile({ name, path: resumeFrom }, expected));
  const format = settings.fileFormat ?? formatOf(file);
  const folder = file ? dirname(file.path) : options.embeddingsDir;
  const path = join(folder, `${name}.${format}`);
  return {
    name,
    path,
    format,
    replaces: files
      .filter(isOnlyThisWord)
      .map((other) => other.path)
      .filter((other) => dirname(other) === folder && other !== path),
    vectors: vectors.slice(),
    count,
    width,
    // A copy made by A1111 says one step less inside than in its name; what it holds is what is inside.
    initialStep: step > 0 ? step : ((resumeFrom === null ? undefined : stepOfCopy(resumeFrom)) ?? 0),
  };
}

interface StateOfEmbedding {
  readonly name: string;
  readonly step: number;
  readonly checkpoint: Checkpoint;
}

/** The embedding as it is now, with what files say beside the vectors. */
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

/** The bytes of the embedding as it is now. */
export function encodeEmbedding(target: TargetEmbedding, state: StateOfEmbedding): Uint8Array {
  const embedding = embeddingFacts(target, state);
  return target.format === "pt" ? writeTextualInversionPt(embedding) : writeTextualInversionSafetensors(embedding);
}

/** Writes the finished embedding over the old one; a file of another format under the same name goes only after that. */
export async function saveTarget(
  target: TargetEmbedding,
  state: { step: number; checkpoint: Checkpoint },
): Promise<void> {
  await mkdir(dirname(target.path), { recursive: true });
  const bytes = encodeEmbedding(target, { name: target.name, ...state });
  await writeWholeFile(target.path, bytes, { replace: true });
  for (const path of target.replaces) await rm(path, { force: true });
}

/** A picture, and a file with other words in it, are more than this embedding: they stay. */
function isOnlyThisWord({ format, key }: EmbeddingEntry): boolean {
  return key === undefined && !isPicture(format);
}

/** A `.bin` is diffusers' and has no place for steps, a picture is for sharing: they become a `.pt`. */
function formatOf(file: EmbeddingEntry | undefined): WrittenFormat {
  return file?.format === "safetensors" ? "safetensors" : "pt";
}
