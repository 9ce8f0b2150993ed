import { expect, test } from "vitest";
import { solveLeastSquares } from "./least-squares.ts";

test("the solution has the least squared error; dependent columns have no solution", () => {
  const solved = solveLeastSquares(
    [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
    [1, 2, 6],
  );
  expect(solved?.map((value) => Number(value.toFixed(9)))).toEqual([2, 3]);
  expect(
    solveLeastSquares(
      [
        [1, 1],
        [2, 2],
      ],
      [1, 2],
    ),
  ).toBeUndefined();
});
