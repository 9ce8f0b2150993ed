import { expect, test } from "vitest";
import { clipGradient } from "./gradient-clipping.ts";

test.each([
  ["disabled", [3, -4], [3, -4]],
  ["value", [3, -4], [1, -1]],
  // Norm 5 becomes 1; a gradient shorter than the limit stays.
  ["norm", [3, -4], [0.6, -0.8]],
  ["norm", [0.3, -0.4], [0.3, -0.4]],
] as const)("%s with limit 1 makes %j into %j", (mode, before, after) => {
  const gradient = Float32Array.from(before);
  clipGradient(gradient, mode, 1);
  for (const [i, value] of after.entries()) expect(gradient[i]).toBeCloseTo(value, 5);
});
