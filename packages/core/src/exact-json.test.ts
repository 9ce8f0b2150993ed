/** @file Whole numbers of JSON to the last digit, in and out, and everything else as `JSON.parse` and `JSON.stringify` have it. */
import { expect, test } from "vitest";
import { quoteLongIntegers, writeJson } from "./exact-json.ts";

test.each<[string, unknown]>([
  ['{"seed": 12345678901234567890, "steps": 20}', { seed: "12345678901234567890", steps: 20 }],
  ["[-9223372036854775808,18446744073709551615]", ["-9223372036854775808", "18446744073709551615"]],
  ["12345678901234567890", "12345678901234567890"],
  [
    "[9007199254740991, 9007199254740993, 2251799813685248.5, 1234567890123456e5]",
    [9007199254740991, "9007199254740993", 2251799813685248.5, 1234567890123456e5],
  ],
  ["[0.12345678901234567890, 1e12345678901234567890, 1e-1234567890123456789]", [0.12345678901234568, Infinity, 0]],
  ['{"12345678901234567890": "12345678901234567891"}', { "12345678901234567890": "12345678901234567891" }],
  [
    String.raw`{"a": "\" 12345678901234567890", "b\\": 12345678901234567890, "c": "\\\\"}`,
    {
      a: '" 12345678901234567890',
      "b\\": "12345678901234567890",
      c: "\\\\",
    },
  ],
])("%s", (json, value) => expect(JSON.parse(quoteLongIntegers(json))).toEqual(value));

test.each([
  '{"a": 12345678901234567890',
  '"12345678901234567890',
  "012345678901234567890",
  "{12345678901234567890: 1}",
  "[1 12345678901234567890]",
])("%s is no JSON before and after", (text) => {
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
  expect(() => JSON.parse(quoteLongIntegers(text))).toThrow(SyntaxError);
});

test("a text of megabytes is read at once", () => {
  const json = JSON.stringify({ image: String.raw`\"`.repeat(2_000_000), seed: 1 }).replace(
    "1}",
    "12345678901234567890}",
  );
  const before = performance.now();
  expect(JSON.parse(quoteLongIntegers(json)).seed).toBe("12345678901234567890");
  expect(performance.now() - before).toBeLessThan(2000);
});

test.each([0, 2])("written with an indent of %d it is what JSON.stringify writes", (indent) => {
  for (const value of [
    {
      a: [1, "two\n", null, true, undefined, [], {}],
      b: undefined,
      c: { d: { e: 1.5 } },
      f: new Date(0),
      g: Number.NaN,
    },
    [],
    "text",
    null,
  ]) {
    expect(writeJson(value, { indent })).toBe(JSON.stringify(value, null, indent));
  }
  expect(writeJson({ seeds: [12345678901234567890n, -1n] })).toBe('{"seeds":[12345678901234567890,-1]}');
});
