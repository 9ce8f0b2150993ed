/** @file Short real trainings of the word "mira" on the demo checkpoint, for tests. */
import { readTextualInversion, bytesAccess } from "@lexeme/formats";
import { TrainSettingsSchema, type TrainSettings } from "@lexeme/domain/settings";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openEngine, type Engine } from "../src/engine.ts";
import { recordingPorts, type RecordingPorts } from "../src/testing.ts";
import { newWord, openDemoWorld, type DemoWorld } from "./demo-world.ts";

export class SmallTraining implements AsyncDisposable {
  readonly world: DemoWorld;
  /** Three of the photos, for runs that do not need to learn well. */
  readonly fewPictures: string;
  readonly embeddingPath: string;
  readonly engine: Engine;

  private constructor(world: DemoWorld, engine: Engine) {
    this.world = world;
    this.engine = engine;
    this.fewPictures = join(world.root, "few");
    this.embeddingPath = join(world.context.embeddingsDir, "mira.pt");
  }

  static async open(): Promise<SmallTraining> {
    const world = await openDemoWorld();
    const engine = await openEngine({ lane: "device", device: "cpu", threads: 2, selfTestCheckpoint: "" });
    const training = new SmallTraining(world, engine);
    await mkdir(training.fewPictures);
    for (const file of (await readdir(world.dataRoot)).toSorted().slice(0, 3)) {
      await cp(join(world.dataRoot, file), join(training.fewPictures, file));
      await writeFile(join(training.fewPictures, file.replace(".png", ".txt")), "smiling, red shirt\n");
    }
    return training;
  }

  async newWord(): Promise<void> {
    await newWord(this.world.context);
  }

  /** A short run at 64 x 64 without previews and copies, unless `some` says otherwise. */
  settings(some: Partial<TrainSettings> = {}): TrainSettings {
    return TrainSettingsSchema.parse({
      embeddingName: "mira",
      learnRate: "5e-2",
      dataRoot: this.fewPictures,
      templateFilename: "subject_filewords.txt",
      trainingWidth: 64,
      trainingHeight: 64,
      steps: 6,
      createImageEvery: 0,
      saveEmbeddingEvery: 0,
      seed: 3,
      previewSteps: 3,
      ...some,
    });
  }

  async run(some: Partial<TrainSettings> = {}, ports: RecordingPorts = recordingPorts()) {
    const { context } = this.world;
    return this.engine.run({ kind: "train-embedding", settings: this.settings(some), context }, ports);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.dispose();
    await this.world[Symbol.asyncDispose]();
  }
}

export async function readEmbedding(path: string) {
  return readTextualInversion(bytesAccess(Uint8Array.from(await readFile(path))));
}
