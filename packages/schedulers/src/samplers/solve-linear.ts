/** @file Small linear systems, for UniPC's coefficients. */

/** Gaussian elimination with pivots. Throws RangeError with the purpose `what` when there is no single solution. */
export function solveLinear(matrix: readonly (readonly number[])[], right: readonly number[], what: string): number[] {
  const size = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let column = 0; column < size; column++) {
    const below = rows.slice(column).map((row) => Math.abs(row[column]!));
    const pivot = column + below.indexOf(Math.max(...below));
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const head = rows[column]!;
    if (!(Math.abs(head[column]!) > 0)) throw new RangeError(`${what}: the equations have no single solution`);
    for (const row of rows) {
      if (row === head) continue;
      const factor = row[column]! / head[column]!;
      for (let j = column; j <= size; j++) row[j]! -= factor * head[j]!;
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
}
