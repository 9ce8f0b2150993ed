/** @file Valid seeds, the ways to write them, and the seeds of the pictures of a batch. */
import { describe, expect, test } from "vitest";
import { SeedSchema, seedAfter } from "./seed-field.ts";

describe("reading", () => {
  test.each<[string | number, string]>([
    [5, "5"],
    ["5", "5"],
    [" +007 ", "7"],
    ["-0", "0"],
    [-1, "-1"],
    [2 ** 53 - 1, "9007199254740991"],
    ["9007199254740993", "9007199254740993"],
    ["12345678901234567890", "12345678901234567890"],
    ["18446744073709551615", "18446744073709551615"],
    ["-9223372036854775808", "-9223372036854775808"],
  ])("%j is %s", (given, seed) => expect(SeedSchema.parse(given)).toBe(seed));

  test.each([
    "18446744073709551616",
    "-9223372036854775809",
    2 ** 53,
    12345678901234567000,
    1.5,
    Number.NaN,
    "",
    "one",
    "1.0",
    "1e3",
    "0x10",
    "9".repeat(1000),
    null,
    true,
  ])("%j is no seed", (given) => {
    const { error } = SeedSchema.safeParse(given);
    expect(error?.issues[0]?.message).toBe(
      "A whole number from -9223372036854775808 to 18446744073709551615 is needed",
    );
  });
});

describe("a batch", () => {
  test.each<[bigint, bigint[]]>([
    [5n, [5n, 6n, 7n]],
    [2n ** 53n, [2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n]],
    [2n ** 64n - 2n, [2n ** 64n - 2n, 2n ** 64n - 1n, 0n]],
    [-3n, [-3n, -2n, 2n ** 64n - 1n]],
  ])("from %s the seeds count up", (first, seeds) => expect(seeds.map((_, i) => seedAfter(first, i))).toEqual(seeds));

  test("has seeds that a user can ask for again, with the bits that counting gives", () => {
    for (const first of [2n ** 64n - 2n, 2n ** 64n - 1n, -3n, -(2n ** 63n), 0n]) {
      for (let i = 0; i < 5; i++) {
        const seed = seedAfter(first, i);
        expect(SeedSchema.parse(String(seed))).not.toBe("-1");
        expect(BigInt.asUintN(64, seed)).toBe(BigInt.asUintN(64, first + BigInt(i)));
      }
    }
  });
});
