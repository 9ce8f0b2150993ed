/** @file Interrupted pictures: their content, their place, and the batches after them. */
import { Txt2imgSettingsSchema, type Txt2imgSettings } from "@lexeme/domain/settings";
import { OptionsSchema } from "@lexeme/domain/options";
import type { TestContext } from "@lexeme/domain/testing";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { beforeEach, expect, test } from "vitest";
import { useDemoEngine } from "../../test/demo-engine.ts";
import { recordingPorts } from "../testing.ts";

const demo = useDemoEngine();

let context: TestContext;
let runs = 0;
beforeEach(() => {
  const folder = join(demo.world.context.outputsDir, `run-${runs++}`);
  context = { ...demo.world.context, outputsDir: join(folder, "kept"), unsavedDir: join(folder, "unsaved") };
});

interface Ended {
  settings: Partial<Txt2imgSettings>;
  /** The step, counted over the whole job, at which the batch is interrupted. */
  step: number;
  /** Whether the interruption ends the job too. */
  stops: boolean;
}

async function drawEnded({ settings, step, stops }: Ended) {
  const stop = new AbortController();
  let batch = new AbortController();
  const nextBatch = () => (batch = new AbortController()).signal;
  const ports = recordingPorts({ stopping: stop.signal, nextBatch });
  let steps = 0;
  ports.onProgress = (progress) => {
    // Decoding counts as the whole batch.
    if (progress.phase !== "decoding") steps = Math.max(steps, progress.step);
    if (progress.step !== step) return;
    if (stops) stop.abort();
    batch.abort();
  };
  const plain = { prompt: "a photo of a woman", width: 64, height: 64, steps: 12, cfgScale: 4, seed: 5 };
  const results = await demo.engine.run(
    { kind: "txt2img", settings: Txt2imgSettingsSchema.parse({ ...plain, ...settings }), context },
    ports,
  );
  return { ...results, steps };
}

async function pixelsOf(path: string): Promise<Uint8Array> {
  return sharp(path).raw().toBuffer();
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

const folderOf = async (path: string) => await readdir(path, { recursive: true }).catch(() => []);

test("an interrupted picture has its state at that step, and is in the folder for unsaved pictures", async () => {
  const early = await drawEnded({ settings: { nIter: 3 }, step: 3, stops: true });
  expect(early.steps).toBe(3);
  expect(early.artifacts.map(({ seed }) => seed)).toEqual(["5"]);
  expect(early.summary).toBe("Stopped after 0 of 3: 0 pictures drawn, 1 unfinished");
  expect(dirname(early.artifacts[0]!.path)).toBe(context.unsavedDir);
  expect(await folderOf(context.outputsDir)).toEqual([]);
  const late = await drawEnded({ settings: {}, step: 11, stops: true });
  const whole = await drawEnded({ settings: {}, step: -1, stops: true });
  expect(dirname(dirname(whole.artifacts[0]!.path))).toBe(context.outputsDir);
  const [a, b, c] = await Promise.all([early, late, whole].map(({ artifacts }) => pixelsOf(artifacts[0]!.path)));
  // The picture is not noise, and a later interruption is nearer to the finished picture.
  expect(meanDifference(b!, c!)).toBeLessThan(meanDifference(a!, c!));
  expect(meanDifference(a!, c!)).toBeGreaterThan(1);
  expect(meanDifference(a!, c!)).toBeLessThan(60);
});

test("finished pictures are kept; a skipped batch stays unfinished and the next batch is drawn", async () => {
  const interrupted = await drawEnded({ settings: { nIter: 3, batchSize: 2 }, step: 15, stops: true });
  expect(interrupted.artifacts.map(({ seed }) => seed)).toEqual(["5", "6", "7", "8", "5"]);
  expect(interrupted.artifacts.map(({ kind }) => kind).at(-1)).toBe("grid");
  expect(interrupted.summary).toBe("Stopped after 2 of 6: 2 pictures drawn, 2 unfinished");
  expect((await folderOf(context.outputsDir)).filter((name) => name.endsWith(".png"))).toHaveLength(2);
  const skipped = await drawEnded({ settings: { nIter: 2, batchSize: 2 }, step: 2, stops: false });
  expect(skipped.summary).toBe("2 skipped: 2 pictures drawn, 2 unfinished");
  expect((await folderOf(context.unsavedDir!)).filter((name) => name.endsWith(".png"))).toHaveLength(4);
});

test("save_incomplete_images keeps interrupted pictures; without it, and without a program that waits, they are not written", async () => {
  context.options = OptionsSchema.parse({ save_incomplete_images: true });
  const kept = await drawEnded({ settings: {}, step: 3, stops: true });
  expect(kept.artifacts[0]!.path.startsWith(context.outputsDir)).toBe(true);
  context = { ...context, options: OptionsSchema.parse({}), unsavedDir: undefined };
  const dropped = await drawEnded({ settings: {}, step: 3, stops: true });
  expect(dropped.artifacts).toEqual([]);
  expect((await folderOf(context.outputsDir)).filter((name) => name.endsWith(".png"))).toHaveLength(1);
});

test("interrupted hires fix gives the picture of the current pass, at that pass's size", async () => {
  const hires = { enableHr: true, hrScale: 2, hrUpscaler: "Latent", denoisingStrength: 0.7 } as const;
  const first = await drawEnded({ settings: hires, step: 3, stops: true });
  expect(first.artifacts[0]).toMatchObject({ width: 64, height: 64 });
  const between = await drawEnded({ settings: { ...hires, hrUpscaler: "Lanczos" }, step: 12, stops: true });
  expect(between.artifacts[0]).toMatchObject({ width: 64, height: 64 });
  const second = await drawEnded({ settings: hires, step: 14, stops: true });
  expect(second.artifacts[0]).toMatchObject({ width: 128, height: 128 });
});

test("a sampler that draws a batch one by one gives the pictures that it has started", async () => {
  const settings = { samplerName: "DPM adaptive", batchSize: 3, steps: 20 } as const;
  const { artifacts } = await drawEnded({ settings, step: 40, stops: true });
  expect(artifacts.map(({ seed }) => seed)).toEqual(["5", "6"]);
});
