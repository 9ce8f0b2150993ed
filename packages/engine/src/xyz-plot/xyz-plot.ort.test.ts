/** @file X/Y/Z plots on the demo checkpoint: cells equal single pictures, the grid holds them, stops and cancels work. */
import { readPngParameters } from "@lexeme/formats";
import { seedText, Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { XyzPlotSettingsSchema } from "@lexeme/domain/plot";
import type { TestContext } from "@lexeme/domain/testing";
import { parseInfotext } from "@lexeme/domain/infotext";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { useDemoEngine } from "../../test/demo-engine.ts";
import { writeWordEmbedding } from "../../test/demo-world.ts";
import { recordingPorts } from "../testing.ts";

const demo = useDemoEngine();

const BASE = { prompt: "a photo of a woman", width: 64, height: 64, steps: 3, cfgScale: 4, seed: 5 } as const;
type Asked = Partial<ReturnType<typeof XyzPlotSettingsSchema.parse>>;

async function plot(some: Asked, ports = recordingPorts(), context: Partial<TestContext> = {}) {
  const settings = XyzPlotSettingsSchema.parse({ ...BASE, ...some });
  const results = await demo.engine.run(
    { kind: "xyz-plot", settings, context: { ...demo.world.context, ...context } },
    ports,
  );
  const images = results.artifacts.filter(({ kind }) => kind === "image");
  const grids = results.artifacts.filter(({ kind }) => kind === "grid");
  return { ...results, images, grids };
}

async function single(some: Asked): Promise<Buffer> {
  const { artifacts } = await demo.engine.run(
    { kind: "txt2img", settings: Txt2imgSettingsSchema.parse({ ...BASE, ...some }), context: demo.world.context },
    recordingPorts(),
  );
  return pixels(artifacts[0]!.path);
}

const pixels = (path: string): Promise<Buffer> => sharp(path).raw().toBuffer();

describe("a plot on the demo checkpoint", { timeout: 300_000 }, () => {
  test("each cell equals the single picture of its settings, and is at its place in the grid", async () => {
    const ports = recordingPorts();
    const { images, grids, summary } = await plot(
      { xType: "Seed", xValues: "7, 8", yType: "Steps", yValues: "2, 4", nIter: 3, batchSize: 2, marginSize: 2 },
      ports,
    );
    expect(images.map(({ cell }) => [cell!.x, cell!.y])).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
    expect(summary).toBe("Plot of 4 pictures drawn");
    const [grid] = grids;
    const top = grid!.height! - 2 * 64 - 2;
    expect([grid!.width, top > 0]).toEqual([48 + 2 * 64 + 2, true]);
    for (const { path, cell, infotext } of images) {
      const alone = await single({ seed: seedText(7 + cell!.x), steps: 2 + 2 * cell!.y });
      expect((await pixels(path)).equals(alone)).toBe(true);
      const box = { left: 48 + cell!.x * 66, top: top + cell!.y * 66, width: 64, height: 64 };
      expect((await sharp(grid!.path).extract(box).raw().toBuffer()).equals(alone)).toBe(true);
      expect(infotext).toContain(`Steps: ${2 + 2 * cell!.y}, `);
      expect(infotext).not.toContain("Script");
    }
    expect(grid!.path).toMatch(/txt2img-grids[/\\]\d{4}-\d\d-\d\d[/\\]xyz_grid-\d{4}-7[.]png$/);
    const text = readPngParameters(await readFile(grid!.path))!;
    expect(text).toBe(grid!.infotext);
    expect(text).toMatch(
      /, Script: X\/Y\/Z plot, X Type: Seed, X Values: "7, 8", Fixed X Values: "7, 8", Y Type: Steps, Y Values: "2, 4", Version: /,
    );
    const steps = ports.progress.map(({ step }) => step);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(ports.progress.at(-2)).toMatchObject({ step: 12, steps: 12, image: { index: 4, count: 4 } });
  });

  test("a seed for -1 is drawn once for the plot, or for each picture if asked", async () => {
    const axes = {
      seed: "-1",
      xType: "Seed",
      xValues: "-1, -1",
      yType: "CFG Scale",
      yValues: "3, 4",
      steps: 1,
    } as const;
    const seedsOf = async (some: Asked) => (await plot({ ...axes, ...some })).images.map(({ seed }) => seed);
    const fixed = await seedsOf({});
    expect(fixed[2]).toBe(fixed[0]);
    expect(new Set(fixed).size).toBe(2);
    expect(new Set(await seedsOf({ keepRandomSeeds: true })).size).toBe(4);
    const other = await seedsOf({ xType: "Steps", xValues: "1, 2" });
    expect(new Set(other).size).toBe(1);
  });

  test("prompts are searched and replaced, samplers change, and Z puts grids side by side", async () => {
    const { images, grids } = await plot({
      xType: "Prompt S/R",
      xValues: "woman, man",
      yType: "Sampler",
      yValues: "Euler, DDIM",
      zType: "CFG Scale",
      zValues: "2, 4",
      includeSubGrids: true,
      drawLegend: false,
    });
    const last = images.at(-1)!;
    expect(last.cell).toEqual({ x: 1, y: 1, z: 1 });
    expect((await pixels(last.path)).equals(await single({ prompt: "a photo of a man", samplerName: "DDIM" }))).toBe(
      true,
    );
    expect(grids.map(({ width, height }) => [width, height])).toEqual([
      [256, 128],
      [128, 128],
      [128, 128],
    ]);
    expect(grids[0]!.infotext).toContain("Z Type: CFG Scale");
    expect(grids[1]!.infotext).not.toContain("Z Type");
    const inPart = await sharp(grids[2]!.path).extract({ left: 64, top: 64, width: 64, height: 64 }).raw().toBuffer();
    expect(inPart.equals(await pixels(last.path))).toBe(true);
  });

  test("an embedding's weight varies, and training copies replace it", async () => {
    const { embeddingsDir } = demo.world.context;
    await writeWordEmbedding(join(embeddingsDir, "zork.pt"), { name: "zork", words: ["woman"] });
    const copies = { 100: join(demo.world.root, "zork-100.pt"), 200: join(demo.world.root, "zork-200.pt") };
    await writeWordEmbedding(copies[100], { name: "zork-100", words: ["man"], step: 100 });
    await writeWordEmbedding(copies[200], { name: "zork-200", words: ["woman"], step: 200 });
    const prompt = "a photo of zork";
    const weights = await plot({ prompt, xyzEmbedding: "zork", xType: "Embedding weight", xValues: "1, 1.5" });
    expect((await pixels(weights.images[0]!.path)).equals(await single({ prompt }))).toBe(true);
    const heavy = await single({ prompt: "a photo of (zork:1.5)" });
    expect((await pixels(weights.images[1]!.path)).equals(heavy)).toBe(true);

    const context = { xyz: { checkpoints: {}, copies } };
    const asked = { prompt, xyzEmbedding: "zork", xType: "Training copy", xValues: "100-200 (+100)" } as const;
    const { images, grids } = await plot(asked, recordingPorts(), context);
    const [man, woman] = await Promise.all(images.map(({ path }) => pixels(path)));
    expect(man!.equals(await single({ prompt: "a photo of man" }))).toBe(true);
    expect(woman!.equals(await single({ prompt }))).toBe(true);
    const hashes = images.map(({ infotext }) => parseInfotext(infotext!).parameters.get("TI hashes"));
    expect(hashes[0]).toMatch(/^zork: [0-9a-f]{12}$/);
    expect(hashes[0]).not.toBe(hashes[1]);
    expect(grids[0]!.infotext).toContain(
      "X Type: Training copy, X Values: 100-200 (+100), XYZ embedding: zork, Version: ",
    );
  });

  test("each checkpoint is opened once, on any axis", async () => {
    const { checkpoint } = demo.world.context;
    const checkpoints = {
      one: { ...checkpoint, name: "one.safetensors" },
      two: { ...checkpoint, name: "two.safetensors" },
    };
    const ports = recordingPorts();
    const { images } = await plot(
      { xType: "Checkpoint name", xValues: "one, two", yType: "Steps", yValues: "1, 2" },
      ports,
      { xyz: { checkpoints, copies: {} } },
    );
    expect(images.map(({ cell }) => [cell!.x, cell!.y])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    expect(ports.progress.filter(({ phase }) => phase === "loading-checkpoint")).toHaveLength(2);
    expect(images.map(({ infotext }) => parseInfotext(infotext!).parameters.get("Model"))).toEqual([
      "one",
      "one",
      "two",
      "two",
    ]);
  });

  test("a stop keeps the drawn pictures and makes a grid with the rest blank; a cancel makes no grid", async () => {
    const axes = { xType: "Steps", xValues: "1, 2, 3", drawLegend: false } as const;
    const stop = new AbortController();
    const stopping = recordingPorts({ stopping: stop.signal });
    stopping.onArtifact = () => stop.abort();
    const { images, grids, summary } = await plot(axes, stopping);
    expect(images).toHaveLength(1);
    expect(summary).toBe("Stopped after 1 of 3: plot of 1 picture drawn");
    const right = await sharp(grids[0]!.path).extract({ left: 64, top: 0, width: 128, height: 64 }).raw().toBuffer();
    expect(new Set(right)).toEqual(new Set([230]));

    const folder = join(demo.world.context.gridsDir, (await readdir(demo.world.context.gridsDir))[0]!);
    const before = (await readdir(folder)).length;
    const cancel = new AbortController();
    const ports = recordingPorts({ cancelled: cancel.signal });
    ports.onProgress = ({ image, step }) => image?.index === 2 && step === 2 && cancel.abort();
    await expect(plot({ ...axes, xValues: "1, 30" }, ports)).rejects.toMatchObject({ name: "AbortError" });
    expect(ports.artifacts).toHaveLength(1);
    expect(await readdir(folder)).toHaveLength(before);

    const late = new AbortController();
    const drawing = recordingPorts({ cancelled: late.signal });
    drawing.onProgress = ({ phase }) => phase === "drawing-grid" && late.abort();
    await expect(plot({ ...axes, xValues: "1, 2" }, drawing)).rejects.toMatchObject({ name: "AbortError" });
    expect(await readdir(folder)).toHaveLength(before);
  });

  test("an interrupted plot goes on: kept cells are not drawn again, random seeds stay, and the grid is the same", async () => {
    const axes = {
      seed: "-1",
      xType: "Seed",
      xValues: "-1, 7",
      yType: "Steps",
      yValues: "1, 2",
      marginSize: 2,
    } as const;
    const whole = await plot(axes);
    const before = whole.images.slice(0, 3);
    const ports = recordingPorts();
    const rest = await plot(axes, ports, { drawn: before });
    expect(rest.images.map(({ cell }) => [cell!.x, cell!.y])).toEqual([[1, 1]]);
    expect(rest.images[0]!.infotext).toBe(whole.images[3]!.infotext);
    expect(rest.summary).toBe("Plot of 4 pictures drawn");
    expect((await pixels(rest.grids[0]!.path)).equals(await pixels(whole.grids[0]!.path))).toBe(true);
    expect(rest.grids[0]!.infotext).toBe(whole.grids[0]!.infotext);

    const other = await plot(axes, recordingPorts(), { drawn: before.slice(1, 2) });
    expect(other.images.map(({ seed }) => seed)).toEqual([expect.any(String), other.images[0]!.seed, "7"]);

    const all = await plot(axes, recordingPorts(), { drawn: whole.images });
    expect([all.images.length, all.grids.length]).toEqual([0, 1]);
    expect((await pixels(all.grids[0]!.path)).equals(await pixels(whole.grids[0]!.path))).toBe(true);

    const gone = [{ ...whole.images[0]!, path: "/deleted.png" }, ...whole.images.slice(1)];
    const again = await plot(axes, recordingPorts(), { drawn: gone });
    expect(again.images.map(({ seed }) => seed)).toEqual([whole.images[0]!.seed]);
  });

  test("a picture of NaN is left blank and named", async () => {
    const huge = `(photo:${"9".repeat(38)})`;
    const { images, grids, warnings, summary } = await plot({ xType: "Prompt S/R", xValues: `photo, ${huge}` });
    expect(images).toHaveLength(1);
    expect(grids).toHaveLength(1);
    expect(summary).toBe("1 left blank: plot of 1 picture drawn");
    expect(warnings.join()).toMatch(/^X \(photo:9+\) is left blank: .*NaN/);
  });

  test("a number of steps that one sampler cannot take leaves its cells blank, and if all are blank the plot fails", async () => {
    const asked = { enableHr: true, hrScale: 1, denoisingStrength: 0.001, xType: "Sampler", steps: 2 } as const;
    const { images, warnings } = await plot({ ...asked, xValues: "Euler, DDIM" });
    expect(images.map(({ cell }) => cell!.x)).toEqual([0]);
    expect(warnings).toEqual([expect.stringMatching(/^X DDIM is left blank: DDIM has at most 1000 steps/)]);
    await expect(plot({ ...asked, xValues: "DDIM, PLMS" })).rejects.toMatchObject({ code: "STEPS_TOO_MANY" });
  });
});
