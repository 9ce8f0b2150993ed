/** @file Create Embedding: the first vectors are rows of the checkpoint's token table, read by range straight from the file. */
import { LexemeError } from "@lexeme/core";
import { safetensorsFloats, TOKEN_EMBEDDING_KEY, type RandomAccess, type TensorLocation } from "@lexeme/formats";
import { inspectCheckpointFile, withRandomAccess } from "@lexeme/formats/node";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";

export interface InitialVectors {
  /** `[count, width]`, row-major. */
  vectors: Float32Array;
  count: number;
  width: number;
}

/**
 * A1111's rule: the text's first `count` tokens, stretched over `count` rows by nearest neighbour, row i = token floor(i * T / count).
 * Empty text gives zeros. Throws LexemeError `INIT_TEXT_EMPTY` for text of spaces alone, at which A1111 fails too.
 */
export async function initialVectors(checkpointPath: string, initText: string, count: number): Promise<InitialVectors> {
  const { tensors, realPath, dialect } = await inspectCheckpointFile(checkpointPath);
  const table = tensors.get(TOKEN_EMBEDDING_KEY);
  const [rows, width] = table?.shape ?? [];
  if (table === undefined || rows === undefined || width === undefined) {
    throw new LexemeError("CHECKPOINT_UNUSABLE", `"${checkpointPath}" has no token table`);
  }
  return withRandomAccess(table.file ?? realPath, async (file) => {
    const vectors = new Float32Array(count * width);
    if (initText === "") return { vectors, count, width };
    const tokenizer = loadClipTokenizer(dialect);
    const ids = tokenizer.encode(initText).slice(0, count);
    if (ids.length === 0) {
      throw new LexemeError(
        "INIT_TEXT_EMPTY",
        "The initialization text holds no words: write some, or leave it empty to start from zeros",
        {
          details: { field: "initText" },
        },
      );
    }
    const tokenRows = await Promise.all(ids.map((id) => readRow(file, table, id)));
    for (let i = 0; i < count; i++) vectors.set(tokenRows[Math.floor((i * ids.length) / count)]!, i * width);
    return { vectors, count, width };
  });
}

async function readRow(
  file: RandomAccess,
  { dtype, shape, offset, length }: TensorLocation,
  row: number,
): Promise<Float32Array> {
  const [rows = 0] = shape;
  if (row >= rows) throw new RangeError(`token ${row} is not in a table of ${rows} rows`);
  const rowBytes = length / rows;
  const values = safetensorsFloats(dtype, await file.read(offset + row * rowBytes, rowBytes));
  if (values !== undefined) return values;
  throw new LexemeError(
    "CHECKPOINT_UNUSABLE",
    `The checkpoint's token table is of type ${dtype}, which cannot be read: use an fp16 or fp32 file`,
  );
}
