/**
 * @file Whole pictures of small random checkpoints against an independent pipeline in PyTorch with k-diffusion's own samplers
 * (`fixtures/reference-pictures/draw.py`): settings in, PNG out, as a user's job does.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeTextualInversionSafetensors } from "@lexeme/formats";
import { Txt2imgSettingsSchema, type Txt2imgSettings } from "@lexeme/domain/settings";
import type { CheckpointRef } from "@lexeme/domain/jobs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDemoWorld, type DemoWorld } from "../../test/demo-world.ts";
import { randomValues, REFERENCE_FOLDER, writeReferenceCheckpoint } from "../../test/reference-checkpoints.ts";
import { openEngine, type Engine } from "../engine.ts";
import { recordingPorts } from "../testing.ts";

interface Row {
  readonly group: string;
  readonly name: string;
  readonly checkpoint: string;
  readonly vae?: string;
  readonly settings: Partial<Txt2imgSettings>;
  /** Set if the last bit has so much effect that only the average can be compared. */
  readonly loose?: true;
  /** Places of the pictures in the group's sheet. */
  readonly pictures: readonly number[];
}

interface Fixture {
  readonly defaults: Txt2imgSettings;
  /** Number of vectors by name. */
  readonly embeddings: Readonly<Record<string, number>>;
  readonly rows: readonly Row[];
}

const fixture: Fixture = JSON.parse(await readFile(join(REFERENCE_FOLDER, "cases.json"), "utf8"));
const groups = [...new Set(fixture.rows.map(({ group }) => group))];
/** Tolerance, of 255. */
const ALLOWED = 2;
/** The average change over all pixels of k-diffusion's own picture if the UNet's outputs change by 1e-6: 6.2. */
const LOOSE_MEAN = 8;
/** The number of other pictures in its group that a picture may equal: some settings mean the same (Euler's one step is DPM++ 2M's), others change little. */
const MAX_ALIKE: Readonly<Record<string, number>> = { samplers: 0, steps: 6 };
const MAX_ALIKE_ELSEWHERE = 3;
const NAMES_IN_FEATURES: Readonly<Record<string, string>> = { steps: "step counts" };

let world: DemoWorld;
let engine: Engine;
const checkpoints = new Map<string, Promise<string>>();

beforeAll(async () => {
  world = await openDemoWorld();
  engine = await openEngine({ lane: "device", device: "cpu", threads: 2, selfTestCheckpoint: "" });
  for (const [i, [name, count]] of Object.entries(fixture.embeddings).entries()) {
    const vectors = Float32Array.from(randomValues(count * 64, { seed: 900 + i, number: 0 }), (value) => value * 1.2);
    const embedding = {
      name,
      vectors,
      count,
      width: 64,
      step: 0,
      sdCheckpoint: undefined,
      sdCheckpointName: undefined,
    };
    await writeFile(
      join(world.context.embeddingsDir, `${name}.safetensors`),
      writeTextualInversionSafetensors(embedding),
    );
  }
}, 120_000);
afterAll(async () => {
  await engine.dispose();
  await world[Symbol.asyncDispose]();
});

test("FEATURES gives the number of rows", async () => {
  const features = await readFile(new URL("../../../../.github/FEATURES.md", import.meta.url), "utf8");
  for (const group of groups.filter((name) => name !== "samplers")) {
    const count = fixture.rows.filter((row) => row.group === group).length;
    expect(features).toMatch(new RegExp(`\\| ${count} ${NAMES_IN_FEATURES[group] ?? group} `));
  }
});

describe.each(groups)("%s", { timeout: 120_000 }, (group) => {
  const rows = fixture.rows.filter((row) => row.group === group);
  let sheet: Buffer[];
  beforeAll(async () => {
    sheet = await readSheet(group, rows);
  }, 120_000);

  test.each(rows.map((row) => [row.name, row] as const))("%s", async (_, row) => {
    const pictures = await draw(row);
    expect(pictures).toHaveLength(row.pictures.length);
    for (const [i, place] of row.pictures.entries()) {
      const { largest, mean } = difference(pictures[i]!, sheet[place]!);
      expect(mean).toBeLessThan(row.loose ? LOOSE_MEAN : 0.2);
      if (!row.loose) expect(largest).toBeLessThanOrEqual(ALLOWED);
    }
    // A comparison needs a picture that is neither flat nor only black and white.
    for (const place of row.pictures) expect(deviation(sheet[place]!)).toBeGreaterThan(20);
  });

  test("pictures of different settings differ by more than the tolerance", () => {
    for (const one of sheet) {
      const alike = sheet.filter((other) => other !== one && difference(one, other).largest <= ALLOWED);
      expect(alike.length).toBeLessThanOrEqual(MAX_ALIKE[group] ?? MAX_ALIKE_ELSEWHERE);
    }
  });
});

async function draw({ checkpoint, vae, settings }: Row): Promise<Buffer[]> {
  const reference: CheckpointRef = { name: checkpoint, path: await pathOf(checkpoint), shortHash: null };
  if (vae !== undefined) reference.vae = { name: vae, path: await pathOf(vae), shortHash: null };
  const parsed = Txt2imgSettingsSchema.parse({ ...fixture.defaults, ...settings });
  const { artifacts } = await engine.run(
    { kind: "txt2img", settings: parsed, context: { ...world.context, checkpoint: reference } },
    recordingPorts(),
  );
  const pictures = artifacts.filter(({ kind }) => kind === "image");
  // SD 2.x ignores clip skip, but its infotext gives it, as in A1111.
  if (parsed.clipSkip > 1) expect(pictures[0]?.infotext).toContain(`Clip skip: ${parsed.clipSkip}`);
  return Promise.all(pictures.map(({ path }) => sharp(path).removeAlpha().raw().toBuffer()));
}

function pathOf(checkpoint: string): Promise<string> {
  const known = checkpoints.get(checkpoint) ?? writeReferenceCheckpoint(world.root, checkpoint);
  checkpoints.set(checkpoint, known);
  return known;
}

/** The pictures of a group, one below the other in the sheet, each in its own size. */
async function readSheet(group: string, rows: readonly Row[]): Promise<Buffer[]> {
  const sheet = sharp(join(REFERENCE_FOLDER, `${group}.webp`));
  const pictures: Buffer[] = [];
  let top = 0;
  for (const { pictures: places, settings } of rows) {
    const { width, height } = { ...fixture.defaults, ...settings };
    const size = { width: width - (width % 8), height: height - (height % 8) };
    for (const place of places) {
      pictures[place] = await sheet
        .clone()
        .extract({ left: 0, top, ...size })
        .removeAlpha()
        .raw()
        .toBuffer();
      top += size.height;
    }
  }
  return pictures;
}

function difference(a: Buffer, b: Buffer): { largest: number; mean: number } {
  if (a.length !== b.length) return { largest: 255, mean: 255 };
  let [largest, sum] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const one = Math.abs(a[i]! - b[i]!);
    largest = Math.max(largest, one);
    sum += one;
  }
  return { largest, mean: sum / a.length };
}

function deviation(pixels: Buffer): number {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  return Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length);
}
