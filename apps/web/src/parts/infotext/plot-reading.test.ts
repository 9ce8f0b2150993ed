/** @file A grid's infotext becomes the plot that drew it. */
import { parseInfotext } from "@lexeme/domain/infotext";
import { expect, it } from "vitest";
import { isPlotKey, plotFromInfotext } from "./plot-reading.ts";

const BASE = "a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5";
const read = (more: string) => parseInfotext(`${BASE}, ${more}, Version: v1.10.1`);

it("reads types and values, with random seeds as they were drawn", () => {
  const text = read(
    'Script: X/Y/Z plot, X Type: Seed, X Values: "-1, 3", Fixed X Values: "77, 3", Y Type: Prompt S/R, Y Values: "cat, dog"',
  );
  expect(plotFromInfotext(text)).toEqual({
    xyzEmbedding: "",
    xType: "Seed",
    xValues: "77, 3",
    yType: "Prompt S/R",
    yValues: "cat, dog",
    zType: "Nothing",
    zValues: "",
  });
  expect([...text.parameters.keys()].filter((key) => isPlotKey(key, text))).toHaveLength(6);
});

it("leaves out an axis that Lexeme does not have, and says that its keys were not read", () => {
  const text = read('Script: X/Y/Z plot, X Type: Var. seed, X Values: "1,2", Y Type: Seed, Y Values: -1');
  expect(plotFromInfotext(text)).toMatchObject({ xType: "Nothing", yType: "Seed", keepRandomSeeds: true });
  expect(isPlotKey("X Values", text)).toBe(false);
});

it("reads the embedding, and takes another text for no plot", () => {
  const text = read("Script: X/Y/Z plot, X Type: Embedding weight, X Values: 0.5-1 [3], XYZ embedding: mira");
  expect(plotFromInfotext(text)).toMatchObject({ xValues: "0.5-1 [3]", xyzEmbedding: "mira" });
  const other = read("Script: Prompt matrix");
  expect(plotFromInfotext(other)).toBeNull();
  expect(isPlotKey("Script", other)).toBe(false);
});
