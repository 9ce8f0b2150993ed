/** @file Cosine similarity of a few vectors with every token of a vocabulary, and the lengths of all these vectors. */
import type { TokenBlock } from "@lexeme/data-folder";

/** Rows of numbers, `[count, width]` row-major. */
export interface VectorTable {
  readonly vectors: Float32Array;
  readonly count: number;
  readonly width: number;
}

export interface NearToken {
  readonly id: number;
  readonly similarity: number;
}

/** Collects the `keep` nearest tokens of each vector from the vocabulary's blocks. */
export class NearestWords {
  readonly #table: VectorTable;
  readonly #norms: Float64Array;
  readonly #keep: number;
  readonly #nearest: NearToken[][];
  /** Lengths of the tokens seen so far, by id. */
  readonly tokenNorms: number[] = [];

  constructor(table: VectorTable, keep: number) {
    this.#table = table;
    this.#norms = rowNorms(table);
    this.#keep = keep;
    this.#nearest = Array.from({ length: table.count }, () => []);
  }

  /** One list for each vector, most similar first. */
  get nearest(): readonly (readonly NearToken[])[] {
    return this.#nearest;
  }

  get norms(): Float64Array {
    return this.#norms;
  }

  add({ first, rows }: TokenBlock): void {
    const { vectors, count, width } = this.#table;
    for (let at = 0, id = first; at < rows.length; at += width, id++) {
      const norm = Math.sqrt(dot({ values: rows, at }, { values: rows, at }, width));
      this.tokenNorms.push(norm);
      if (norm === 0) continue;
      for (let vector = 0; vector < count; vector++) {
        const length = norm * this.#norms[vector]!;
        if (length === 0) continue;
        const similarity = dot({ values: rows, at }, { values: vectors, at: vector * width }, width) / length;
        insert(this.#nearest[vector]!, { id, similarity }, this.#keep);
      }
    }
  }
}

function insert(list: NearToken[], token: NearToken, keep: number): void {
  const last = list.at(-1);
  if (list.length === keep && last !== undefined && last.similarity >= token.similarity) return;
  let at = list.length;
  while (at > 0 && list[at - 1]!.similarity < token.similarity) at--;
  list.splice(at, 0, token);
  if (list.length > keep) list.pop();
}

/** Cosine of a row of one table with a row of another table of the same width; 0 if either row is zero. */
export function cosine(a: VectorTable & { row: number }, b: VectorTable & { row: number }): number {
  const [at, other] = [a.row * a.width, b.row * b.width];
  const [left, right] = [
    { values: a.vectors, at },
    { values: b.vectors, at: other },
  ];
  const length = Math.sqrt(dot(left, left, a.width) * dot(right, right, a.width));
  return length === 0 ? 0 : dot(left, right, a.width) / length;
}

/** Mean of the rows, as a table with one row. */
export function meanRow({ vectors, count, width }: VectorTable): VectorTable {
  const mean = new Float32Array(width);
  for (const [i, value] of vectors.entries()) mean[i % width]! += value / count;
  return { vectors: mean, count: 1, width };
}

function rowNorms({ vectors, count, width }: VectorTable): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => {
    const part = { values: vectors, at: row * width };
    return Math.sqrt(dot(part, part, width));
  });
}

interface Row {
  readonly values: Float32Array;
  readonly at: number;
}

function dot(a: Row, b: Row, width: number): number {
  const [x, y, i, j] = [a.values, b.values, a.at, b.at];
  let sum = 0;
  for (let k = 0; k < width; k++) sum += x[i + k]! * y[j + k]!;
  return sum;
}
