/** @file Compares the generator with numbers from torch (`fixtures/torch-generator.py`). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "../float16.ts";
import { TorchGenerator } from "./torch-generator.ts";

interface Fixture {
  randn: { seed: number; count: number; values: number[] }[];
  mixed: [number[], number[], number[], number[], number[], number[]];
  randint: { low: number; high: number; values: number[] }[];
  rand: { seed: number; count: number; values: number[] };
  floats: { values: number[]; float16: number[]; bfloat16: number[] };
}

const fixture: Fixture = JSON.parse(readFileSync(new URL("fixtures/torch-generator.json", import.meta.url), "utf8"));

/** Largest difference caused by torch's vector log and cos, relative to the larger of the value and 1. */
const TOLERANCE = 2.4e-7;

function largestDifference(got: Iterable<number>, want: number[]): number {
  const values = [...got];
  expect(values.length).toBe(want.length);
  return Math.max(...values.map((v, i) => Math.abs(v - want[i]!) / Math.max(1, Math.abs(want[i]!))));
}

function kept(values: Float32Array): number[] {
  return values.length <= 32 ? [...values] : [...values.slice(0, 8), ...values.slice(-24)];
}

describe("TorchGenerator", () => {
  it.each(fixture.randn)("randn of $count values with seed $seed is torch's", ({ seed, count, values }) => {
    const got = kept(new TorchGenerator(seed).randn(count));
    // Fewer than 16 values are computed in double precision and agree to the last bit.
    expect(largestDifference(got, values)).toBeLessThanOrEqual(count < 16 ? 0 : TOLERANCE);
  });

  it("agrees with torch when short and long draws, rand and randint follow one another", () => {
    const [few, many, spare, uniform, integers, last] = fixture.mixed;
    const generator = new TorchGenerator(99);
    expect([...generator.randn(5)]).toEqual(few);
    expect(largestDifference(generator.randn(20), many)).toBeLessThanOrEqual(TOLERANCE);
    expect([...generator.randn(4)]).toEqual(spare);
    expect([...generator.rand(3)]).toEqual(uniform);
    expect(Array.from({ length: 8 }, () => generator.randint(0, 1000))).toEqual(integers);
    expect(largestDifference(generator.randn(60), last)).toBeLessThanOrEqual(TOLERANCE);
  });

  it.each(fixture.randint)("randint($low, $high) is exact", ({ low, high, values }) => {
    const generator = new TorchGenerator(7);
    expect(values.map(() => generator.randint(low, high))).toEqual(values);
  });

  it("rand is exact across a block of the engine", () => {
    const { seed, count, values } = fixture.rand;
    const got = new TorchGenerator(seed).rand(count);
    expect([...got.slice(0, 10), ...got.slice(-10)]).toEqual(values);
  });

  it("continues with the same numbers from a saved state", () => {
    const generator = new TorchGenerator(3);
    generator.randn(7);
    const state = generator.save();
    const want = [...generator.randn(5), ...generator.randn(700), generator.randint(0, 9)];
    const other = new TorchGenerator(0);
    other.restore(state);
    expect([...other.randn(5), ...other.randn(700), other.randint(0, 9)]).toEqual(want);
  });

  it("the count of a call changes the numbers unless it is a multiple of 16", () => {
    const [one, two] = [new TorchGenerator(8), new TorchGenerator(8)];
    expect([...one.randn(32)]).toEqual([...two.randn(16), ...two.randn(16)]);
    expect([...one.randn(24)]).not.toEqual([...two.randn(16), ...two.randn(8)]);
  });

  it("uses the low 32 bits of a big or negative seed", () => {
    expect(new TorchGenerator(-1n).random32()).toBe(new TorchGenerator(0xffffffff).random32());
    expect(new TorchGenerator((1n << 40n) + 5n).random32()).toBe(new TorchGenerator(5).random32());
    expect(() => new TorchGenerator(1.5)).toThrow(RangeError);
  });
});

describe("16-bit floats", () => {
  const values = Float32Array.from(fixture.floats.values);

  it("float16 bits are torch's, rounding, subnormals and overflow included", () => {
    expect([...float32ToFloat16(values)]).toEqual(fixture.floats.float16);
  });

  it("bfloat16 bits are torch's", () => {
    expect([...float32ToBfloat16(values)]).toEqual(fixture.floats.bfloat16);
  });

  it("every finite float16 and bfloat16 pattern is unchanged after conversion to float32 and back", () => {
    const all = Uint16Array.from({ length: 0x10000 }, (_, i) => i);
    const finite16 = all.filter((bits) => (bits & 0x7c00) !== 0x7c00);
    expect(float32ToFloat16(float16ToFloat32(finite16))).toEqual(finite16);
    const finiteBf = all.filter((bits) => (bits & 0x7f80) !== 0x7f80);
    expect(float32ToBfloat16(bfloat16ToFloat32(finiteBf))).toEqual(finiteBf);
  });

  it("keeps infinities and NaN", () => {
    const special = Float32Array.of(Infinity, -Infinity, NaN);
    expect([...float16ToFloat32(float32ToFloat16(special))]).toEqual([Infinity, -Infinity, NaN]);
    expect([...bfloat16ToFloat32(float32ToBfloat16(special))]).toEqual([Infinity, -Infinity, NaN]);
  });
});
