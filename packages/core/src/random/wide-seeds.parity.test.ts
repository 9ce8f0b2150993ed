/** @file Seeds of 64 bits against torch and numpy (`fixtures/wide-seeds.py`): which of their bits each generator takes. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createNormalGenerator } from "./normal-generator.ts";
import { SeedSequence } from "./seed-sequence.ts";

interface Fixture {
  randn: { seed: string; bits: string; values: number[] }[];
  sequences: { entropy: string; spawnKey: number[]; state: number[] }[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL("fixtures/wide-seeds.json", import.meta.url), "utf8"));

it.each(fixture.randn)("seed $seed draws torch's noise, by its low 32 bits", ({ seed, bits, values }) => {
  expect([...createNormalGenerator("CPU", BigInt(seed)).randn(values.length)]).toEqual(values);
  expect([...createNormalGenerator("CPU", BigInt.asUintN(32, BigInt(bits))).randn(values.length)]).toEqual(values);
});

it.each(fixture.randn)("a card's noise of seed $seed is the noise of $bits, and of no other", ({ seed, bits }) => {
  const first = (of: bigint) => [...createNormalGenerator("NV", of).randn(8)];
  expect(first(BigInt(seed))).toEqual(first(BigInt(bits)));
  expect(first(BigInt(seed))).not.toEqual(first(BigInt(bits) ^ 1n));
  expect(first(BigInt(seed))).not.toEqual(first(BigInt(bits) ^ (1n << 40n)));
});

it.each(fixture.sequences)("SeedSequence of $entropy with key $spawnKey is numpy's", ({ entropy, spawnKey, state }) => {
  const sequence = new SeedSequence(BigInt(entropy), { spawnKey, poolSize: 24 });
  expect([...sequence.generateState(4)]).toEqual(state);
});
