/** @file The noise of 64-bit seeds, compared with torch and torchsde (`../fixtures/wide-seeds.py`). */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { BrownianTree } from "./brownian-tree.ts";
import { ImageNoise } from "./image-noise.ts";

interface Fixture {
  start: number;
  end: number;
  count: number;
  delta: string;
  cases: {
    seed: string;
    tree: { from: number; to: number; values: number[] }[];
    first: number[];
    later: number[];
  }[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL("../fixtures/wide-seeds.json", import.meta.url), "utf8"));
const SHAPE = { channels: 4, height: 3, width: 2 };

function expectClose(got: Float32Array, want: readonly number[]): void {
  expect(got.length).toBe(want.length);
  want.forEach((value, i) => expect(Math.abs(got[i]! - value)).toBeLessThan(3e-6 * Math.max(1, Math.abs(value))));
}

it.each(fixture.cases)("Brownian motion of seed $seed is torchsde's", ({ seed, tree }) => {
  const { start, end, count } = fixture;
  const brownian = new BrownianTree(BigInt(seed), { start, end, count, source: "CPU" });
  for (const { from, to, values } of tree) expectClose(brownian.increment(from, to), values);
});

it.each(fixture.cases)(
  "seed $seed and its seed delta give the beginning of torch's noise",
  ({ seed, first, later }) => {
    const noise = new ImageNoise([BigInt(seed)], SHAPE, { seedDelta: BigInt(fixture.delta) });
    expectClose(noise.next(), first);
    expectClose(noise.next(), later);
  },
);

it("a negative seed equals the positive seed with the same 64 bits, in steps and at the start", () => {
  for (const source of ["CPU", "NV"] as const) {
    const drawn = [-5n, 2n ** 64n - 5n].map((seed) => {
      const noise = new ImageNoise([seed], SHAPE, { source });
      const between = noise.brownian({ smallest: 0.1, largest: 10 });
      return [...noise.next(), ...between(5, 1)];
    });
    expect(drawn[0]).toEqual(drawn[1]);
  }
});
