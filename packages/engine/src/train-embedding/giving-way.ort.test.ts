/** @file Other jobs between the steps of a training: neither the training nor the other job's pictures change by a byte. */
import type { JobWork } from "@lexeme/domain/jobs";
import { XyzPlotSettingsSchema } from "@lexeme/domain/plot";
import { TrainSettingsSchema, Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newWord, openDemoWorld, type DemoWorld } from "../../test/demo-world.ts";
import { openEngine, type Engine } from "../engine.ts";
import type { Turns } from "../job-ports.ts";
import { recordingPorts, type RecordingPorts } from "../testing.ts";

const TIME_LIMIT_MS = 300_000;

let world: DemoWorld;
let fewPictures: string;
const engines: Engine[] = [];
let drawings = 0;

beforeAll(async () => {
  world = await openDemoWorld();
  fewPictures = join(world.root, "few");
  await mkdir(fewPictures);
  for (const file of (await readdir(world.dataRoot)).toSorted().slice(0, 4)) {
    await cp(join(world.dataRoot, file), join(fewPictures, file));
    await writeFile(join(fewPictures, file.replace(".png", ".txt")), "smiling, red shirt, in a park\n");
  }
}, TIME_LIMIT_MS);
afterAll(async () => {
  for (const engine of engines) await engine.dispose();
  await world[Symbol.asyncDispose]();
});

/** A training in which every random generator matters, with copies and previews. */
const settings = TrainSettingsSchema.parse({
  embeddingName: "mira",
  dataRoot: "few",
  learnRate: "5e-2",
  templateFilename: "subject_filewords.txt",
  latentSamplingMethod: "random",
  tagDropOut: 0.5,
  shuffleTags: true,
  batchSize: 2,
  trainingWidth: 64,
  trainingHeight: 64,
  steps: 9,
  createImageEvery: 4,
  saveEmbeddingEvery: 3,
  seed: 3,
  previewSteps: 2,
  previewPrompt: "a photo of mira",
});

interface Trained {
  files: Record<string, string>;
  metrics: RecordingPorts["metrics"];
}

async function train(engine: Engine, ports: RecordingPorts): Promise<Trained> {
  await newWord(world.context);
  const options = { ...world.context.options, save_optimizer_state: true };
  await engine.run(
    {
      kind: "train-embedding",
      settings: { ...settings, dataRoot: fewPictures },
      context: { ...world.context, options },
    },
    ports,
  );
  return { files: await contents(world.context.embeddingsDir, world.context.logDir), metrics: ports.metrics };
}

async function freshEngine(memoryBytes: number): Promise<Engine> {
  const engine = await openEngine({ lane: "device", device: "cpu", threads: 2, selfTestCheckpoint: "", memoryBytes });
  engines.push(engine);
  return engine;
}

/** The files below the folders by path, without those that hold the time of the run. Days do not count, because a test can run at midnight. */
async function contents(...folders: string[]): Promise<Record<string, string>> {
  const files: [string, string][] = [];
  for (const folder of folders) {
    for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!file.isFile() || /^(?:settings-|history\.jsonl)/.test(file.name)) continue;
      const path = join(file.parentPath, file.name);
      files.push([relative(folder, path).replace(/\d{4}-\d\d-\d\d/, "day"), (await readFile(path)).toString("base64")]);
    }
  }
  return Object.fromEntries(files);
}

/** Lets one job go first after each of these numbers of steps. */
function othersAt(ports: RecordingPorts, places: Map<number, () => Promise<void>>): Turns {
  return {
    get othersFirst() {
      return places.has(ports.metrics.length);
    },
    async wait() {
      const job = places.get(ports.metrics.length)!;
      places.delete(ports.metrics.length);
      expect(ports.progress.at(-1)!.phase).toBe("giving-way");
      await job();
    },
  };
}

const picture = Txt2imgSettingsSchema.parse({
  prompt: "a photo of mira, (smiling:1.2)",
  seed: 5,
  width: 128,
  height: 64,
  steps: 3,
  batchSize: 2,
  samplerName: "Euler a",
});
const plot = XyzPlotSettingsSchema.parse({
  ...picture,
  batchSize: 1,
  xType: "CFG Scale",
  xValues: "3, 7",
});

/** Draws into an own folder and resolves with the folder's files. */
async function draw(
  engine: Engine,
  work: Pick<JobWork<"txt2img" | "xyz-plot">, "kind" | "settings">,
  ports = recordingPorts(),
) {
  const outputsDir = join(world.root, `outputs-${drawings++}`);
  const context = { ...world.context, outputsDir, gridsDir: join(outputsDir, "grids") };
  await engine.run({ ...work, context } as JobWork, ports);
  return contents(outputsDir);
}

// With little memory, each session closes all others.
test.each([
  ["much memory", 4e9],
  ["little memory", 0.1e9],
])(
  "with %s: pictures at several steps, a plot, a picture while pictures are prepared leave all bytes those of an uninterrupted training",
  async (_how, memoryBytes) => {
    const works = [
      { kind: "txt2img", settings: picture },
      { kind: "xyz-plot", settings: plot },
    ] as const;
    const alone = await freshEngine(memoryBytes);
    const plain = await train(alone, recordingPorts());
    await newWord(world.context);
    const drawnAlone = [await draw(alone, works[0]), await draw(alone, works[1])];
    expect(Object.keys(drawnAlone[0]!).length).toBeGreaterThan(2);

    const engine = await freshEngine(memoryBytes);
    const between: Record<string, string>[] = [];
    const add = (i: 0 | 1) => async () => void between.push(await draw(engine, works[i]));
    const ports = recordingPorts();
    const places = new Map([
      [0, add(0)],
      [2, add(0)],
      [5, add(1)],
      [8, add(0)],
    ]);
    const turns = othersAt(ports, places);
    const trained = await train(engine, { ...ports, control: { ...ports.control, turns } });
    expect(trained).toEqual(plain);
    expect(Object.keys(plain.files).filter((name) => /[\\/]images[\\/]/.test(name))).toHaveLength(3);
    expect(between).toEqual([0, 0, 1, 0].map((i) => drawnAlone[i]));
  },
  TIME_LIMIT_MS,
);
