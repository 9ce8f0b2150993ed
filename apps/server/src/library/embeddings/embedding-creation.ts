/** @file Create Embedding: the first vectors are rows of the checkpoint's token table, read by range straight from the file. */
import { LexemeError } from "@lexeme/core";
import { TokenTable } from "@lexeme/data-folder";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";

export interface InitialVectors {
  /** `[count, width]`, row-major. */
  vectors: Float32Array;
  count: number;
  width: number;
}

/**
 * A1111's rule: the text's first `count` tokens, stretched over `count` rows by nearest neighbour, row i = token floor(i * T / count).
 * Empty text gives zeros. Throws LexemeError `INIT_TEXT_EMPTY` for a text that has only spaces, for which A1111 fails too.
 */
export async function initialVectors(checkpointPath: string, initText: string, count: number): Promise<InitialVectors> {
  const table = await TokenTable.open(checkpointPath);
  const { width, dialect } = table;
  const vectors = new Float32Array(count * width);
  if (initText === "") return { vectors, count, width };
  const tokenizer = loadClipTokenizer(dialect);
  const ids = tokenizer.encode(initText).slice(0, count);
  if (ids.length === 0) {
    throw new LexemeError(
      "INIT_TEXT_EMPTY",
      "The initialization text has no words: write some words, or leave it empty to start from zeros",
      { details: { field: "initText" } },
    );
  }
  const rows = await table.rows(ids);
  for (let i = 0; i < count; i++) vectors.set(rows[Math.floor((i * ids.length) / count)]!, i * width);
  return { vectors, count, width };
}
