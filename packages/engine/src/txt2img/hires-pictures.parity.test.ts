/**
 * @file Pictures of two passes of small random checkpoints against an independent pipeline in PyTorch with k-diffusion's own samplers
 * (`fixtures/hires-pictures/draw_hires.py`): settings in, picture files out, as a user's job does.
 */
import { readFile } from "node:fs/promises";
import { Txt2imgSettingsSchema, type Txt2imgSettings } from "@lexeme/domain/settings";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDemoWorld, type DemoWorld } from "../../test/demo-world.ts";
import { writeReferenceCheckpoint } from "../../test/reference-checkpoints.ts";
import { openEngine, type Engine } from "../engine.ts";
import { recordingPorts } from "../testing.ts";

interface Case {
  readonly name: string;
  readonly checkpoint: string;
  readonly settings: Partial<Txt2imgSettings>;
  /** Place in the sheet. */
  readonly pictures: readonly Box[];
}

interface Box {
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const FOLDER = new URL("fixtures/hires-pictures/", import.meta.url);
const fixture: { defaults: Partial<Txt2imgSettings>; rows: Case[] } = JSON.parse(
  await readFile(new URL("cases.json", FOLDER), "utf8"),
);
const sheet = await readFile(new URL("pictures.webp", FOLDER));
/** Tolerance, of 255. */
const ALLOWED = 2;

let world: DemoWorld;
let engine: Engine;
const paths = new Map<string, Promise<string>>();

beforeAll(async () => {
  world = await openDemoWorld();
  engine = await openEngine({ lane: "device", device: "cpu", threads: 2, selfTestCheckpoint: "" });
}, 120_000);
afterAll(async () => {
  await engine.dispose();
  await world[Symbol.asyncDispose]();
});

test.each(fixture.rows)("$name", { timeout: 120_000 }, async (row) => {
  const expected = await Promise.all(row.pictures.map(expectedAt));
  const pictures = await draw(row);
  expect(pictures.length).toBe(expected.length);
  const differences = pictures.map((picture, i) => difference(picture, expected[i]!));
  expect(Math.max(...differences)).toBeLessThanOrEqual(ALLOWED);
});

test("the compared pictures are not flat, and differ from each other", async () => {
  const firsts = await Promise.all(fixture.rows.map(({ pictures: [box] }) => expectedAt(box!)));
  for (const pixels of firsts) expect(deviation(pixels)).toBeGreaterThan(20);
  // Two pairs are equal: "None" is Lanczos, and one edit is written in two ways.
  expect(new Set(firsts.map((pixels) => pixels.toString("latin1"))).size).toBe(fixture.rows.length - 2);
});

function expectedAt(box: Box): Promise<Buffer> {
  return sharp(sheet)
    .extract({ left: 0, ...box })
    .removeAlpha()
    .raw()
    .toBuffer();
}

async function draw({ checkpoint, settings }: Case): Promise<Buffer[]> {
  const path = paths.get(checkpoint) ?? writeReferenceCheckpoint(world.root, checkpoint);
  paths.set(checkpoint, path);
  const reference = { name: checkpoint, path: await path, shortHash: null };
  const parsed = Txt2imgSettingsSchema.parse({ ...fixture.defaults, ...settings });
  const { artifacts } = await engine.run(
    { kind: "txt2img", settings: parsed, context: { ...world.context, checkpoint: reference } },
    recordingPorts(),
  );
  const images = artifacts.filter(({ kind }) => kind === "image");
  return Promise.all(images.map((image) => sharp(image.path).removeAlpha().raw().toBuffer()));
}

function difference(a: Buffer, b: Buffer): number {
  if (a.length !== b.length) return 255;
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0);
}

function deviation(pixels: Buffer): number {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  return Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length);
}
