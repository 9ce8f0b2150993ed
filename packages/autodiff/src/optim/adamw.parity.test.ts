import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AdamW } from "./adamw.ts";

interface Fixture {
  weightDecay: number;
  initial: string;
  gradients: string[];
  learnRates: number[];
  parametersAfter: Record<string, string>;
  expAvg: string;
  expAvgSq: string;
}

const fixtures = JSON.parse(readFileSync(new URL("fixtures/adamw.json", import.meta.url), "utf8")) as Fixture[];

describe.each(fixtures)("with weight decay $weightDecay", (fixture) => {
  const count = fixture.initial.length / 8;

  test("moments have torch's bits after 60 steps, and parameters are within the last places of float32", () => {
    const parameters = floats(fixture.initial);
    const optimizer = new AdamW(count, { weightDecay: fixture.weightDecay });
    for (const [index, gradient] of fixture.gradients.entries()) {
      optimizer.step(parameters, floats(gradient), fixture.learnRates[index]!);
      const expected = fixture.parametersAfter[index + 1];
      if (expected !== undefined) expect(largestDifference(parameters, floats(expected))).toBeLessThan(4e-7);
    }
    const { step, expAvg, expAvgSq } = optimizer.exportState();
    expect(step).toBe(60);
    expect([...expAvg]).toEqual([...floats(fixture.expAvg)]);
    expect([...expAvgSq]).toEqual([...floats(fixture.expAvgSq)]);
  });

  test("a run continued from exported state has the same bits", () => {
    const straight = floats(fixture.initial);
    const continued = floats(fixture.initial);
    const first = new AdamW(count, { weightDecay: fixture.weightDecay });
    let second = new AdamW(count, { weightDecay: fixture.weightDecay });
    for (const [index, gradient] of fixture.gradients.entries()) {
      first.step(straight, floats(gradient), fixture.learnRates[index]!);
      second.step(continued, floats(gradient), fixture.learnRates[index]!);
      const state = second.exportState();
      second = new AdamW(count, { weightDecay: fixture.weightDecay });
      second.importState(state);
    }
    expect(continued).toEqual(straight);
  });
});

test("lengths that differ are refused", () => {
  const optimizer = new AdamW(2);
  expect(() => optimizer.step(new Float32Array(2), new Float32Array(3), 1)).toThrow(RangeError);
});

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

function floats(hex: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(hex, "hex")).buffer);
}
