/** @file Axes, cells and their settings; every error names its field. */
import { describe, expect, test } from "vitest";
import { withEmbeddingWeight } from "./embedding-weight.ts";
import { plotAsDrawing } from "./plot-work.ts";
import { planXyzPlot, xyzCells, xyzCellSettings, xyzLabel } from "./xyz-plan.ts";
import { XyzPlotSettingsSchema, type XyzPlotSettings } from "./xyz-plot-settings.ts";

const settings = (some: Partial<XyzPlotSettings>): XyzPlotSettings =>
  XyzPlotSettingsSchema.parse({ prompt: "a photo of mira, a red hat", negativePrompt: "red", seed: 5, ...some });

describe("axes", () => {
  test.each<[Partial<XyzPlotSettings>, (string | number)[]]>([
    [{ xType: "Seed", xValues: "-1, 1-3" }, ["-1", "1", "2", "3"]],
    [
      { xType: "Seed", xValues: "12345678901234567890-12345678901234567892" },
      ["12345678901234567890", "12345678901234567891", "12345678901234567892"],
    ],
    [{ xType: "Steps", xValues: "10-30 (+10)" }, [10, 20, 30]],
    [{ xType: "CFG Scale", xValues: "1, 7.5" }, [1, 7.5]],
    [{ xType: "Sampler", xValues: "euler A, DDIM" }, ["Euler a", "DDIM"]],
    [{ xType: "Checkpoint name", xValues: "a.safetensors,b" }, ["a.safetensors", "b"]],
    [{ xType: "Prompt S/R", xValues: 'red hat, "blue, large hat", ' }, ["red hat", "blue, large hat", ""]],
    [{ xType: "Embedding weight", xValues: "0-1 [3]", xyzEmbedding: "Mira" }, [0, 0.5, 1]],
    [{ xType: "Training copy", xValues: "100-300 (+100)", xyzEmbedding: "mira" }, [100, 200, 300]],
    [{ xType: "Nothing", xValues: "what was typed for another type" }, [""]],
  ])("%j", (some, values) => expect(planXyzPlot(settings(some)).x.values).toEqual(values));

  test.each<[Partial<XyzPlotSettings>, string, RegExp]>([
    [{ xType: "Seed", xValues: "1, one" }, "xValues", /"one" is not a whole number/],
    [{ yType: "Seed", yValues: "18446744073709551616" }, "yValues", /18446744073709551616 cannot be used as Seed/],
    [{ zType: "Steps", zValues: "20, 151" }, "zValues", /151 cannot be used as Sampling steps/],
    [{ yType: "CFG Scale", yValues: "0.5" }, "yValues", /0.5 cannot be used as CFG Scale/],
    [{ xType: "Steps", xValues: " , " }, "xValues", /X has no values/],
    [{ xType: "Sampler", xValues: "Eular" }, "xValues", /no sampler "Eular"/],
    [{ yType: "Prompt S/R", yValues: "green, blue" }, "yValues", /holds "green"/],
    [{ yType: "Prompt S/R", yValues: ", blue" }, "yValues", /is empty/],
    [
      { xType: "Prompt S/R", xValues: "green, blue", yType: "Prompt S/R", yValues: "red, green" },
      "xValues",
      /holds "green"/,
    ],
    [
      { xType: "Embedding weight", xValues: "1", xyzEmbedding: "mira", emphasis: "Ignore" },
      "xValues",
      /Emphasis mode "Ignore" ignores weights/,
    ],
    [{ xType: "Embedding weight", xValues: "1" }, "xyzEmbedding", /Choose the embedding/],
    [{ xType: "Training copy", xValues: "1", xyzEmbedding: "mir" }, "xyzEmbedding", /holds the embedding "mir"/],
    [
      { xType: "Seed", xValues: "1-100", yType: "Steps", yValues: "1-3" },
      "xValues",
      /at most 256 pictures, and this plot has 300/,
    ],
    [{ xType: "Seed", xValues: "1-100000" }, "xValues", /this plot has more than 256/],
    [{ xType: "Seed", xValues: "0-18446744073709551615" }, "xValues", /this plot has more than 256/],
    [{ yType: "Seed", yValues: "1-250", width: 1024, height: 1024 }, "yValues", /262 megapixels, and at most 200/],
    [{ yType: "Seed", yValues: "1-250", enableHr: true, hrScale: 2 }, "yValues", /262 megapixels/],
  ])("%j is a fault of %s", (some, field, message) => {
    let fault: unknown;
    try {
      planXyzPlot(settings(some));
    } catch (error) {
      fault = error;
    }
    expect(fault).toMatchObject({ kind: "input", details: { field }, message: expect.stringMatching(message) });
  });

  test("a later axis may replace words of an earlier axis", () => {
    const both = { xType: "Prompt S/R", xValues: "red, green", yType: "Prompt S/R", yValues: "green, blue" } as const;
    const asked = settings(both);
    const plan = planXyzPlot(asked);
    const prompts = xyzCells(plan).map((cell) => xyzCellSettings(asked, plan, cell).settings.prompt.split(" ").at(-2));
    expect(prompts).toEqual(["red", "green", "red", "blue"]);
  });
});

test("cells go row by row, and the checkpoint changes least", () => {
  const seeds = { xType: "Seed", xValues: "1,2" } as const;
  const order = (some: Partial<XyzPlotSettings>) =>
    xyzCells(planXyzPlot(settings({ ...seeds, ...some }))).map(({ x, y, z }) => `${x}${y}${z}`);
  const rows = { yType: "Steps", yValues: "1,2", zType: "CFG Scale", zValues: "1,2" } as const;
  expect(order(rows)).toEqual(["000", "100", "010", "110", "001", "101", "011", "111"]);
  expect(order({ ...rows, xType: "Checkpoint name", xValues: "a,b" })).toEqual([
    "000",
    "010",
    "001",
    "011",
    "100",
    "110",
    "101",
    "111",
  ]);
});

test("a cell's settings hold the values of all axes and one picture", () => {
  const asked = settings({
    nIter: 3,
    batchSize: 2,
    xType: "Prompt S/R",
    xValues: "red, $1",
    yType: "Embedding weight",
    yValues: "0.5",
    hrPrompt: "mira, sharp",
    zType: "Training copy",
    zValues: "100, 200",
    xyzEmbedding: "mira",
  });
  const plan = planXyzPlot(asked);
  const { settings: cell, copyStep } = xyzCellSettings(asked, plan, { x: 1, y: 0, z: 1 });
  expect(cell).toMatchObject({
    prompt: "a photo of (mira:0.5), a $1 hat",
    negativePrompt: "$1",
    hrPrompt: "(mira:0.5), sharp",
    hrNegativePrompt: "",
    nIter: 1,
    batchSize: 1,
  });
  expect(cell).not.toHaveProperty("xType");
  expect(copyStep).toBe(200);
  const labels = (["x", "y", "z"] as const).map((name) => xyzLabel(plan[name], plan[name].values[0]!, "mira"));
  expect(labels).toEqual(["red", "mira: 0.5", "mira-100"]);
  expect(xyzLabel({ type: "Checkpoint name" }, "old/v1.safetensors", "")).toBe("v1.safetensors");
});

test.each([
  ["a photo of mira", "a photo of (mira:0.8)"],
  ["Mira, MIRA-2 admirals mira_x", "(Mira:0.8), (MIRA:0.8)-2 admirals mira_x"],
  ["(mira:1.3) and ( mira : 1 )", "(mira:0.8) and (mira:0.8)"],
  ["((mira)) [mira] (a mira:1.1)", "(((mira:0.8))) [(mira:0.8)] (a (mira:0.8):1.1)"],
  ["[mira:cat:0.5] AND mira|(mira:1)", "[(mira:0.8):cat:0.5] AND (mira:0.8)|(mira:0.8)"],
  ["mira\u0301 and mira", "mira\u0301 and (mira:0.8)"],
])("%j weighs %j", (prompt, weighted) => expect(withEmbeddingWeight(prompt, "mira", 0.8)).toBe(weighted));

test.each([
  [1e-7, "(mira:0.0000001)"],
  [-1.5, "(mira:-1.5)"],
  [1e21, "(mira:1000000000000000000000)"],
])("the weight %d is written in digits", (weight, text) =>
  expect(withEmbeddingWeight("mira", "mira", weight)).toBe(text),
);

test("a plot as one drawing has all cells, their average steps, and guidance if a cell has it", () => {
  const axes = {
    xType: "Steps",
    xValues: "10, 30",
    yType: "CFG Scale",
    yValues: "1, 7",
    zType: "Seed",
    zValues: "1-3",
  };
  const asked = settings({ ...axes, nIter: 5, batchSize: 4 } as Partial<XyzPlotSettings>);
  const work = plotAsDrawing(asked, planXyzPlot(asked));
  expect(work).toMatchObject({ steps: 20, cfgScale: 7, nIter: 12, batchSize: 1 });
});
