/** @file The pool opens and closes the sessions of the forecast, in the same order. */
import { Graph, neg } from "@lexeme/onnx";
import {
  drawingSessions,
  playSessions,
  trainingSessions,
  usableBytes,
  type NetworkSizes,
  type SessionEvent,
  type SessionUse,
} from "@lexeme/domain/memory";
import {
  TrainSettingsSchema,
  Txt2imgSettingsSchema,
  type TrainSettings,
  type Txt2imgSettings,
} from "@lexeme/domain/settings";
import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_CHECKPOINT, openDemoWorld, writeWordEmbedding, type DemoWorld } from "../../test/demo-world.ts";
import { openCheckpoint } from "../checkpoint/checkpoint.ts";
import { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { graphOptionsFor } from "../graph-options.ts";
import { recordingPorts } from "../testing.ts";
import { trainEmbedding } from "../train-embedding/train-embedding.ts";
import { loadPreviewMap } from "../txt2img/latent-preview.ts";
import { txt2img } from "../txt2img/txt2img.ts";
import { SessionPool } from "./session-pool.ts";

/** The sizes that `formats` reads from SD 1.5 in half precision. */
const SD15: NetworkSizes = {
  textParameters: 85115136,
  unetParameters: 859520964,
  decoderParameters: 49490179,
  encoderParameters: 34163592,
  unetChannels: 320,
  unetHeads: 8,
  decoderChannels: 384,
  encoderChannels: 128,
  vaeFactor: 8,
  isWidened: true,
};
let demo: NetworkSizes;
let world: DemoWorld;

beforeAll(async () => {
  world = await openDemoWorld();
  demo = (await openDemo()).networkSizes;
});
afterAll(() => world[Symbol.asyncDispose]());

function openDemo() {
  return openCheckpoint({ name: "demo-world.safetensors", path: DEMO_CHECKPOINT, shortHash: null });
}

const drawing = (some: Partial<Txt2imgSettings>) => Txt2imgSettingsSchema.parse(some);
const training = (some: Partial<TrainSettings>) =>
  TrainSettingsSchema.parse({ embeddingName: "mira", dataRoot: "/photos", createImageEvery: 0, ...some });

describe("the cases of the forecast's own test, with graphs of one node that declare the same sizes", () => {
  const machine = usableBytes(16 * 2 ** 30);
  const drawings: [sizes: () => NetworkSizes, settings: Partial<Txt2imgSettings>, usable: number][] = [
    [() => demo, { width: 128, height: 128 }, usableBytes(25.28e9)],
    [() => demo, { batchSize: 2 }, usableBytes(25.28e9)],
    [() => demo, { enableHr: true, hrUpscaler: "Lanczos" }, usableBytes(25.28e9)],
    [() => SD15, {}, usableBytes(25.28e9)],
    [() => SD15, { batchSize: 8, width: 768 }, machine],
    [() => SD15, { nIter: 3, width: 1024, height: 1024 }, machine],
    [() => SD15, { enableHr: true, hrScale: 2, nIter: 2 }, machine],
    [() => SD15, { enableHr: true, hrUpscaler: "Lanczos" }, machine],
    [() => SD15, { width: 2048, height: 1024 }, 7e9],
    [() => SD15, { enableHr: true, hrScale: 4 }, 7e9],
    [() => SD15, {}, 4e9],
  ];
  test.each(drawings)("drawing %#", async (sizes, settings, usable) => {
    await expectPlayed(drawingSessions(sizes(), drawing(settings), usable), usable);
  });

  const trainings: [settings: Partial<TrainSettings>, usable: number][] = [
    [{}, machine],
    [{ batchSize: 8 }, machine],
    [{}, 7.5e9],
    [{ createImageEvery: 50 }, machine],
    [{ createImageEvery: 50 }, usableBytes(64e9)],
  ];
  test.each(trainings)("training %#", async (settings, usable) => {
    await expectPlayed(trainingSessions(SD15, training(settings), usable), usable);
  });
});

/** Uses sessions through a pool and expects the events of the forecast. */
async function expectPlayed(uses: readonly SessionUse[], usable: number): Promise<void> {
  const events: SessionEvent[] = [];
  const pool = new SessionPool({ device: "cpu" }, usable, (event) => events.push(event));
  for (const { key, memory, isBanded } of uses) {
    if (isBanded) await pool.withRoom(memory.peak, () => Promise.resolve());
    else await pool.get({ key, memory, purpose: "inference", build: oneNode });
  }
  expect(events).toEqual(playSessions(uses, usable).events);
  expect(events.length).toBeGreaterThan(0);
  await pool.dispose();
}

function oneNode(): Graph {
  const graph = new Graph();
  graph.output("y", neg(graph.input("x", "float32", [1])));
  return graph;
}

describe("jobs on the demo's checkpoint, with much memory and with little", { timeout: 180_000 }, () => {
  test.each([
    ["one pass", { width: 128, height: 128 }, [4e9, 0.38e9]],
    ["two batches", { width: 128, height: 128, nIter: 2 }, [0.4e9]],
    ["a second pass through pixels", { enableHr: true, hrUpscaler: "Lanczos", width: 64, height: 96 }, [4e9, 0.45e9]],
    ["a second pass of latents", { enableHr: true, width: 64, height: 96 }, [0.45e9]],
    ["no guidance", { cfgScale: 1, width: 128, height: 128 }, [0.38e9]],
  ] as const)("%s", async (_, some, amounts) => {
    const settings = drawing({ prompt: "a photo", steps: 1, ...some });
    for (const usable of amounts) {
      const events = await eventsOf(usable, (model) =>
        txt2img(settings, { open: async () => model, context: world.context, ...recordingPorts() }),
      );
      expect(events).toEqual(playSessions(drawingSessions(demo, settings, usable), usable).events);
      expect(events.some((event) => "closes" in event)).toBe(usable < 1e9);
    }
  });

  test.each([4e9, 0.5e9])("a training with previews, with %i bytes", async (usable) => {
    await writeWordEmbedding(join(world.context.embeddingsDir, "mira.pt"), { name: "mira", words: ["woman"] });
    const dataRoot = join(world.root, "one");
    await mkdir(dataRoot, { recursive: true });
    const [photo] = (await readdir(world.dataRoot)).sort();
    await cp(join(world.dataRoot, photo!), join(dataRoot, photo!));
    const settings = training({
      dataRoot,
      steps: 1,
      trainingWidth: 64,
      trainingHeight: 64,
      createImageEvery: 1,
      previewSteps: 1,
      saveEmbeddingEvery: 0,
      templateFilename: "subject.txt",
    });
    const events = await eventsOf(usable, (model) =>
      trainEmbedding(settings, { open: async () => model, context: world.context, ...recordingPorts() }),
    );
    expect(events).toEqual(playSessions(trainingSessions(demo, settings, usable), usable).events);
  });
});

/** The sessions that a job opens and closes in a separate pool, after the map of its previews is in the cache. */
async function eventsOf(usable: number, job: (model: DiffusionModel) => Promise<unknown>): Promise<SessionEvent[]> {
  const checkpoint = await openDemo();
  const events: SessionEvent[] = [];
  const modelIn = (pool: SessionPool) => new DiffusionModel(checkpoint, pool, graphOptionsFor("cpu"));
  const mapPool = new SessionPool({ device: "cpu", threads: 2 });
  await loadPreviewMap(modelIn(mapPool), { cacheDir: world.context.cacheDir, reporter: recordingPorts().reporter });
  await mapPool.dispose();
  const pool = new SessionPool({ device: "cpu", threads: 2 }, usable, (event) => events.push(named(event)));
  await job(modelIn(pool));
  const seen = [...events];
  await pool.dispose();
  return seen;
}

function named(event: SessionEvent): SessionEvent {
  return "opens" in event ? { opens: nameOf(event.opens) } : { closes: nameOf(event.closes) };
}

/** Turns an engine's key into the forecast's: sizes in pixels, without files, tokens and layers. */
function nameOf(key: string): string {
  const [, unet, vae, batch, height, width] =
    /\|(?:unet\|\d+ tokens, (\w+)|vae\|(\w+))\|(\d+)x(\d+)x(\d+)$/.exec(key) ?? [];
  if (batch !== undefined) {
    return `${unet === undefined ? vae : `unet ${unet}`} ${batch}x${8 * Number(height)}x${8 * Number(width)}`;
  }
  const size = /\|training\|(\{.*\})\|/.exec(key)?.[1];
  if (size === undefined) return "text";
  const latent = JSON.parse(size) as { batch: number; height: number; width: number };
  return `training ${latent.batch}x${8 * latent.height}x${8 * latent.width}`;
}
