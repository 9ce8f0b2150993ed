/** @file An embedding as JSON, which A1111 puts into pictures: its `.pt` dictionary with tensors as `{"TORCHTENSOR": nested lists}`. */
import { isNestedDeeply, LexemeError } from "@lexeme/core";
import { wordsOf, type EmbeddingTable, type EmbeddingWord } from "./textual-inversion.ts";
import type { TextualInversionToWrite } from "./write-textual-inversion.ts";

/** Id of `*` in CLIP's vocabulary; A1111 writes it for every word. */
const STAR_TOKEN = 265;
const TENSOR_KEY = "TORCHTENSOR";

/** An embedding inside a picture. In contrast to a file, the inner name is the word that calls it. */
export interface PictureEmbedding {
  readonly words: readonly EmbeddingWord[];
  readonly name: string | undefined;
}

/** The UTF-8 JSON of A1111's dictionary. */
export function embeddingToJson(embedding: TextualInversionToWrite): Uint8Array {
  const { vectors, count, width, name, step, sdCheckpoint, sdCheckpointName } = embedding;
  const rows = Array.from({ length: count }, (_, row) => [...vectors.subarray(row * width, (row + 1) * width)]);
  const dictionary = {
    string_to_token: { "*": STAR_TOKEN },
    string_to_param: { "*": { [TENSOR_KEY]: rows } },
    name,
    step,
    sd_checkpoint: sdCheckpoint ?? null,
    sd_checkpoint_name: sdCheckpointName ?? null,
  };
  return new TextEncoder().encode(JSON.stringify(dictionary));
}

/** Throws LexemeError `EMBEDDING_UNREADABLE`, `EMBEDDING_NOT_FINITE`. */
export function embeddingFromJson(json: Uint8Array): PictureEmbedding {
  const text = new TextDecoder().decode(json);
  if (isNestedDeeply(text)) throw damaged("its data is nested too deeply");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // Python writes these words, which are not JSON.
    if (/\b(NaN|Infinity)\b/.test(text)) {
      throw new LexemeError(
        "EMBEDDING_NOT_FINITE",
        "Cannot use this embedding: its vectors hold NaN or infinity, because its training diverged",
      );
    }
    throw damaged("its data is not JSON", cause);
  }
  if (!isRecord(value)) throw damaged("its data is not a dictionary");
  const params = value["string_to_param"];
  const tables = tablesOf(isRecord(params) ? params : value);
  if (tables.size === 0) throw damaged("it holds no vectors");
  const [step, name] = [value["step"], value["name"]];
  return {
    name: typeof name === "string" && name !== "" ? name : undefined,
    words: wordsOf(tables, {
      step: typeof step === "number" && Number.isSafeInteger(step) && step >= 0 ? step : undefined,
      sdCheckpoint: textOf(value["sd_checkpoint"]),
      sdCheckpointName: textOf(value["sd_checkpoint_name"]),
      innerName: textOf(name),
    }),
  };
}

function tablesOf(dictionary: Record<string, unknown>): Map<string, EmbeddingTable> {
  const tables = new Map<string, EmbeddingTable>();
  for (const [key, value] of Object.entries(dictionary)) {
    if (isRecord(value) && TENSOR_KEY in value) tables.set(key, tableOf(value[TENSOR_KEY]));
  }
  return tables;
}

function tableOf(nested: unknown): EmbeddingTable {
  const shape: number[] = [];
  for (let at: unknown = nested; Array.isArray(at); at = at[0]) shape.push(at.length);
  const values: unknown[] = Array.isArray(nested) ? nested.flat(Math.max(shape.length - 1, 0)) : [];
  const size = shape.reduce((product, length) => product * length, 1);
  if (values.length !== size || !values.every((value) => typeof value === "number")) {
    throw damaged(`its vectors are not a table of numbers (the first row says [${shape.join(", ")}])`);
  }
  return { shape, read: () => Promise.resolve(Float32Array.from(values)) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function damaged(what: string, cause?: unknown): LexemeError {
  return new LexemeError("EMBEDDING_UNREADABLE", `Cannot read this embedding: ${what}`, { cause });
}
