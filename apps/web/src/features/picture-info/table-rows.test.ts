/** @file Parameters as a table. */
import { parseInfotext } from "@lexeme/domain/infotext";
import { expect, it } from "vitest";
import { tableRows } from "./table-rows.ts";

it("has the keys as written, sizes in one piece, and no values that the reader added", () => {
  const infotext = 'a\nSteps: 20, Sampler: Euler a, Size: 512x768, Hires resize: 0x1024, TI hashes: "a: 1, b: 2"';
  const { prompt, negativePrompt, parameters } = parseInfotext(infotext);
  const info = {
    width: 1,
    height: 1,
    kind: "infotext",
    program: null,
    infotext,
    prompt,
    negativePrompt,
    parameters: Object.fromEntries(parameters),
  } as const;
  expect(tableRows(info)).toEqual([
    ["Steps", "20"],
    ["Sampler", "Euler a"],
    ["Size", "512 × 768"],
    ["Hires resize", "0 × 1024"],
    ["TI hashes", "a: 1, b: 2"],
  ]);
});
