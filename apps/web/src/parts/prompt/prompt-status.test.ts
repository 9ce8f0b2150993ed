/** @file The text of a token count, and hints with the same message. */
import { expect, it } from "vitest";
import { countHints, countText } from "./prompt-status.tsx";

it.each([
  [{ used: 23, limit: 75, chunks: [23] }, "23/75"],
  [{ used: 98, limit: 150, chunks: [75, 23] }, "75 + 23 / 150"],
  [{ used: 95, limit: 150, chunks: [65, 20] }, "65 + 20 / 150"],
  [{ used: 24_010, limit: 24_075, chunks: Array<number>(321).fill(75) }, "24,010 / 24,075"],
])("%j", (counted, text) => expect(countText(counted)).toBe(text));

it("says the same hint once", () => {
  const open = { message: "never closed", kind: "bracket" } as const;
  expect(
    countHints([
      { ...open, position: 3 },
      { message: "other", kind: "weight", position: 5 },
      { ...open, position: 9 },
    ]),
  ).toEqual([
    { message: "never closed", position: 3, times: 2 },
    { message: "other", position: 5, times: 1 },
  ]);
});
