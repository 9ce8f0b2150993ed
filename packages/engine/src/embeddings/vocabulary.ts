/** @file The token table of a checkpoint, read in blocks: its 150 MB are never in memory at once. */
import { LexemeError } from "@lexeme/core";
import { safetensorsFloats, TOKEN_EMBEDDING_KEY } from "@lexeme/formats";
import { inspectCheckpointFile, withRandomAccess } from "@lexeme/formats/node";

/** Rows of a block: 6 MB of fp32 at SD 1.x's width. */
const BLOCK_ROWS = 2048;

export interface Vocabulary {
  readonly tokens: number;
  /** Values of a token's vector. */
  readonly width: number;
  /** The whole table from the first token on. */
  blocks(): AsyncGenerator<VocabularyBlock, void>;
}

export interface VocabularyBlock {
  /** Token id of the first row. */
  readonly first: number;
  /** `[rows, width]`, row-major. */
  readonly rows: Float32Array;
}

/** Finds the table. Throws LexemeError as opening a checkpoint does, and `CHECKPOINT_UNUSABLE`. */
export async function openVocabulary(checkpointPath: string): Promise<Vocabulary> {
  const { tensors, realPath } = await inspectCheckpointFile(checkpointPath);
  const table = tensors.get(TOKEN_EMBEDDING_KEY);
  const [tokens, width] = table?.shape ?? [];
  if (table === undefined || tokens === undefined || width === undefined) {
    throw unusable(`"${checkpointPath}" has no token table`);
  }
  const { dtype, offset, length, file = realPath } = table;
  const rowBytes = length / tokens;
  return {
    tokens,
    width,
    async *blocks() {
      for (let first = 0; first < tokens; first += BLOCK_ROWS) {
        const rows = Math.min(BLOCK_ROWS, tokens - first);
        const bytes = await withRandomAccess(file, (source) => source.read(offset + first * rowBytes, rows * rowBytes));
        const values = safetensorsFloats(dtype, bytes);
        if (values === undefined)
          throw unusable(
            `The checkpoint's token table is of type ${dtype}, which cannot be read: use an fp16 or fp32 file`,
          );
        yield { first, rows: values };
      }
    },
  };
}

function unusable(message: string): LexemeError {
  return new LexemeError("CHECKPOINT_UNUSABLE", message);
}
