/** @file Weights on the encoder's output, compared with values computed by hand. */
import { describe, expect, it } from "vitest";
import { emphasise } from "./emphasis-modes.ts";

const CHUNK = 77;
const text = (value: number, weights: Record<number, number> = {}, chunks = 1) => ({
  data: new Float32Array(chunks * CHUNK * 2).fill(value),
  multipliers: Array.from({ length: chunks * CHUNK }, (_, i) => weights[i] ?? 1),
});

describe("emphasise", () => {
  it("No norm only multiplies rows", () => {
    const one = text(2, { 3: 1.5 });
    emphasise([one], "No norm");
    expect(Array.from(one.data.subarray(4, 10))).toEqual([2, 2, 3, 3, 2, 2]);
  });

  it("Original restores each chunk's mean, over all variants together", () => {
    const [a, b] = [text(1, { 0: 78 }, 2), text(1, {}, 2)];
    emphasise([a, b], "Original");
    // Two variants of 77 rows: their sum grew from 154 to 231, so every row of the first chunk is scaled by 2 / 3.
    expect(a.data[0]).toBeCloseTo(52, 5);
    expect(a.data[2]).toBeCloseTo(2 / 3, 6);
    expect(b.data[0]).toBeCloseTo(2 / 3, 6);
    expect(a.data[CHUNK * 2]).toBe(1);
    expect(b.data[CHUNK * 2]).toBe(1);
  });

  it("Ignore and None change nothing, and neither do weights of 1", () => {
    for (const mode of ["Ignore", "None"] as const) {
      const one = text(2, { 3: 1.5 });
      emphasise([one], mode);
      expect(new Set(one.data)).toEqual(new Set([2]));
    }
    const plain = text(0);
    emphasise([plain], "Original");
    expect(new Set(plain.data)).toEqual(new Set([0]));
  });
});
