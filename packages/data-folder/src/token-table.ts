/** @file The token table of a checkpoint, read by rows or in blocks, so that its 150 MB are never in memory at once. */
import { LexemeError, type ClipDialect } from "@lexeme/core";
import { safetensorsFloats, TOKEN_EMBEDDING_KEY } from "@lexeme/formats";
import { inspectCheckpointFile, withRandomAccess } from "@lexeme/formats/node";

/** Rows of a block: 6 MB of fp32 at the width of SD 1.x. */
const BLOCK_ROWS = 2048;

export interface TokenBlock {
  /** Token id of the first row. */
  readonly first: number;
  /** `[rows, width]`, row-major. */
  readonly rows: Float32Array;
}

interface TableFacts {
  readonly file: string;
  readonly dtype: Parameters<typeof safetensorsFloats>[0];
  readonly offset: number;
  readonly rowBytes: number;
}

export class TokenTable {
  readonly tokens: number;
  /** Number of values in a token's vector. */
  readonly width: number;
  /** The dialect of the tokenizer that makes the ids. */
  readonly dialect: ClipDialect;
  readonly #facts: TableFacts;

  private constructor(size: { tokens: number; width: number; dialect: ClipDialect }, facts: TableFacts) {
    this.tokens = size.tokens;
    this.width = size.width;
    this.dialect = size.dialect;
    this.#facts = facts;
  }

  /** Finds the table. Throws the errors of `inspectCheckpointFile`, and LexemeError `CHECKPOINT_UNUSABLE`. */
  static async open(checkpointPath: string): Promise<TokenTable> {
    const { tensors, realPath, dialect } = await inspectCheckpointFile(checkpointPath);
    const table = tensors.get(TOKEN_EMBEDDING_KEY);
    const [tokens, width] = table?.shape ?? [];
    if (table === undefined || tokens === undefined || width === undefined) {
      throw new LexemeError("CHECKPOINT_UNUSABLE", `"${checkpointPath}" has no token table`);
    }
    const { dtype, offset, length, file = realPath } = table;
    return new TokenTable({ tokens, width, dialect }, { file, dtype, offset, rowBytes: length / tokens });
  }

  /** Vectors of some tokens, `[width]` each. Throws LexemeError `CHECKPOINT_UNUSABLE` for a type that cannot be read. */
  async rows(ids: readonly number[]): Promise<Float32Array[]> {
    return Promise.all(ids.map((id) => this.#read(id, 1)));
  }

  /** The whole table from the first token on. Throws the errors of `rows`. */
  async *blocks(): AsyncGenerator<TokenBlock, void> {
    for (let first = 0; first < this.tokens; first += BLOCK_ROWS) {
      yield { first, rows: await this.#read(first, Math.min(BLOCK_ROWS, this.tokens - first)) };
    }
  }

  async #read(first: number, count: number): Promise<Float32Array> {
    if (first + count > this.tokens) throw new RangeError(`token ${first} is not in a table of ${this.tokens} rows`);
    const { file, dtype, offset, rowBytes } = this.#facts;
    const bytes = await withRandomAccess(file, (access) => access.read(offset + first * rowBytes, count * rowBytes));
    const values = safetensorsFloats(dtype, bytes);
    if (values !== undefined) return values;
    throw new LexemeError(
      "CHECKPOINT_UNUSABLE",
      `The checkpoint's token table is of type ${dtype}, which cannot be read: use an fp16 or fp32 file`,
    );
  }
}
