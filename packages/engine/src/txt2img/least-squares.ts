/** @file Linear least squares for a few unknowns, by the normal equations. */

/** The x that minimizes |A x - b|, for rows of A in `rows`. Undefined if the columns are linearly dependent. */
export function solveLeastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): number[] | undefined {
  const unknowns = rows[0]?.length ?? 0;
  // [A^T A | A^T b]
  const system = Array.from({ length: unknowns }, () => new Float64Array(unknowns + 1));
  for (const [at, row] of rows.entries()) {
    for (let i = 0; i < unknowns; i++) {
      for (let j = 0; j < unknowns; j++) system[i]![j] = system[i]![j]! + row[i]! * row[j]!;
      system[i]![unknowns] = system[i]![unknowns]! + row[i]! * targets[at]!;
    }
  }
  for (let column = 0; column < unknowns; column++) {
    if (!eliminate(system, column)) return undefined;
  }
  return system.map((row, i) => row[unknowns]! / row[i]!);
}

/** Eliminates one column by Gauss-Jordan with the largest pivot. False if the column has no pivot. */
function eliminate(system: Float64Array[], column: number): boolean {
  let pivot = column;
  for (let i = column; i < system.length; i++) {
    if (Math.abs(system[i]![column]!) > Math.abs(system[pivot]![column]!)) pivot = i;
  }
  [system[column], system[pivot]] = [system[pivot]!, system[column]!];
  const row = system[column];
  if (row[column] === 0) return false;
  for (const [i, other] of system.entries()) {
    if (i === column) continue;
    const factor = other[column]! / row[column]!;
    for (let j = column; j < other.length; j++) other[j] = other[j]! - factor * row[j]!;
  }
  return true;
}
