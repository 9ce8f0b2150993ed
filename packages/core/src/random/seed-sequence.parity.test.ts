/** @file SeedSequence and Philox against numpy (`fixtures/seed-sequence.py`) and the values that A1111 documents. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createNormalGenerator } from "./normal-generator.ts";
import { PhiloxGenerator } from "./philox-generator.ts";
import { SeedSequence } from "./seed-sequence.ts";

interface Fixture {
  sequences: { entropy: number; spawnKey: number[]; poolSize: number; state: number[] }[];
  draws: { seed: string; calls: number[][] }[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL("fixtures/seed-sequence.json", import.meta.url), "utf8"));

describe("SeedSequence", () => {
  it.each(fixture.sequences)(
    "$entropy with key $spawnKey and a pool of $poolSize",
    ({ entropy, state, ...options }) => {
      const sequence = new SeedSequence(entropy, options);
      expect([...sequence.generateState(4)]).toEqual(state);
      expect([...sequence.generateState(3)]).toEqual(state.slice(0, 3));
    },
  );

  it("takes whole numbers from 0 only", () => {
    expect(() => new SeedSequence(-1)).toThrow(RangeError);
    expect(() => new SeedSequence(0.5)).toThrow(RangeError);
  });
});

describe("PhiloxGenerator", () => {
  it.each(fixture.draws)("seed $seed draws the same bits, call after call", ({ seed, calls }) => {
    const generator = new PhiloxGenerator(BigInt(seed));
    // In rare cases the last digit of log and sine is rounded the other way.
    for (const values of calls) {
      const got = generator.randn(values.length);
      values.forEach((value, i) => expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(Math.abs(value) * 1.2e-7));
    }
  });

  it("seed 0 gives the numbers of A1111's own documentation", () => {
    const documented = [
      -0.92466259, -0.42534415, -2.6438457, 0.14518388, -0.12086647, -0.57972564, -0.62285122, -0.32838709, -1.07454231,
      -0.36314407, -1.67105067, 2.26550497,
    ];
    const generator = createNormalGenerator("NV", 0);
    generator.randn(12).forEach((value, i) => expect(value).toBeCloseTo(documented[i]!, 6));
    const next = generator.randn(2);
    expect(next[0]).toBeCloseTo(0.18082589, 6);
    expect(next[1]).toBeCloseTo(-0.5522627, 6);
  });

  it("the sources GPU and NV give the same noise, CPU gives other noise", () => {
    const first = (source: "GPU" | "NV" | "CPU") => [...createNormalGenerator(source, 9).randn(20)];
    expect(first("GPU")).toEqual(first("NV"));
    expect(first("CPU")).not.toEqual(first("NV"));
    expect(() => new PhiloxGenerator(1.5)).toThrow(RangeError);
  });
});
