/** @file Values are read as in A1111's X/Y/Z plot. */
import { expect, test } from "vitest";
import { expandNumbers, expandSeeds, splitValues } from "./axis-values.ts";

test.each<[string, string[]]>([
  ["", []],
  ["one", ["one"]],
  [" a , b,c ", ["a", "b", "c"]],
  ["a,,b,", ["a", "", "b", ""]],
  ['"red, green", blue', ["red, green", "blue"]],
  ['"say ""hi""" , x', ['say "hi"', "x"]],
  ['"two\nlines", x', ["two\nlines", "x"]],
  ["a\nb\r\nc", ["a", "b", "c"]],
  ["\na\n\nb\n", ["a", "b"]],
  ["a,\nb", ["a", "", "b"]],
  ['not "at the start", x', ['not "at the start"', "x"]],
  ['"open, to the end', ["open, to the end"]],
  ['"closed" and more, x', ["closed and more", "x"]],
])("%j is %j", (text, values) => expect(splitValues(text)).toEqual(values));

test.each<["integer" | "decimal", string, number[] | { unreadable: string }]>([
  ["integer", "1, 2,3", [1, 2, 3]],
  ["integer", "1,,2,", [1, 2]],
  ["integer", "-1", [-1]],
  ["integer", "1-5", [1, 2, 3, 4, 5]],
  ["integer", "1 - 3, 7", [1, 2, 3, 7]],
  ["integer", "-2--1", [-2, -1]],
  ["integer", "1-10 (+2)", [1, 3, 5, 7, 9]],
  ["integer", "10-1 (-3)", [10, 7, 4, 1]],
  ["integer", "1-10 [5]", [1, 3, 5, 7, 10]],
  ["integer", "0-1 [1]", [0]],
  ["integer", "5-1", []],
  ["integer", "1-10 (+0)", { unreadable: "1-10 (+0)" }],
  ["integer", "1.5", { unreadable: "1.5" }],
  ["integer", "ten", { unreadable: "ten" }],
  ["integer", "1-5 (2)", { unreadable: "1-5 (2)" }],
  ["decimal", "1, 7.5", [1, 7.5]],
  ["decimal", "1-2 (+0.1)", [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2]],
  ["decimal", "7-10 (+2)", [7, 9]],
  ["decimal", "0.5-1.5 [3]", [0.5, 1, 1.5]],
  ["decimal", "-1.5", [-1.5]],
  ["decimal", "1e1", [10]],
  ["decimal", "much", { unreadable: "much" }],
])("as %s, %j is %j", (kind, text, numbers) => {
  expect(expandNumbers(splitValues(text), { kind, most: 100 })).toEqual(numbers);
});

test.each<[string, string[] | { unreadable: string }]>([
  ["1, 2,,3,", ["1", "2", "3"]],
  ["-1, +007", ["-1", "7"]],
  ["12345678901234567890", ["12345678901234567890"]],
  [
    "12345678901234567890-12345678901234567892",
    ["12345678901234567890", "12345678901234567891", "12345678901234567892"],
  ],
  [
    "18446744073709551611-18446744073709551615 (+2)",
    ["18446744073709551611", "18446744073709551613", "18446744073709551615"],
  ],
  ["9007199254740993-9007199254740991 (-1)", ["9007199254740993", "9007199254740992", "9007199254740991"]],
  ["-2-1 [3]", ["-2", "0", "1"]],
  ["9007199254740993-9007199254740995 [3]", ["9007199254740993", "9007199254740994", "9007199254740995"]],
  ["-2--1", ["-2", "-1"]],
  ["10-1 (-3)", ["10", "7", "4", "1"]],
  ["0-1 [1]", ["0"]],
  ["5-1", []],
  ["1-10 (+0)", { unreadable: "1-10 (+0)" }],
  ["1.5", { unreadable: "1.5" }],
  ["1e3", { unreadable: "1e3" }],
  ["ten", { unreadable: "ten" }],
])("as seeds, %j is %j", (text, seeds) => {
  expect(expandSeeds(splitValues(text), { most: 100 })).toEqual(seeds);
});

test("a range of billions stops just above the limit", () => {
  for (const text of ["1-4000000000", "1-4000000000 [4000000000]"]) {
    expect(expandNumbers([text], { kind: "integer", most: 10 })).toHaveLength(11);
    expect(expandSeeds([text], { most: 10 })).toHaveLength(11);
  }
});
