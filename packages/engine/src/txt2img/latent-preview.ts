/** @file Previews of unfinished pictures in approximate colours: a linear map from a latent's four values to red, green and blue, fitted once for each VAE. */
import { rethrowOwnMistake, TorchGenerator } from "@lexeme/core";
import { LATENT_SCALE } from "@lexeme/networks";
import { writeWholeFile } from "@lexeme/data-folder";
import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DiffusionModel, LatentGrid } from "../checkpoint/diffusion-model.ts";
import type { JobReporter } from "../job-ports.ts";
import { encodeJpeg, resizePicture, type RawPicture } from "../pictures/raw-picture.ts";
import { solveLeastSquares } from "./least-squares.ts";

/** Rows are red, green, blue; columns are the latent's channels and a constant. Maps latents in the sampler's scale to 0 to 1. */
export type PreviewMap = readonly (readonly number[])[];

/** The number of pictures for the fit, which show flat shapes in random colours, and their side in latent places. */
const FIT_PICTURES = 8;
const FIT_SIDE = 16;
const FIT_SEED = 1;
/** With this many shapes most latent places hold an edge, as in real pictures; with fewer shapes, white areas become purple. */
const SHAPES = 24;
/** Increased when the fit changes, so that old maps are not read. */
const FIT_VERSION = 1;
/** Longest side of a preview in pixels. */
const PREVIEW_SIDE = 256;
const JPEG_QUALITY = 80;

/** The map of a checkpoint's VAE, from the cache folder or fitted now (a few small encodings). Undefined, with a line in the log, if it cannot be made, because a missing preview must not end a job. */
export async function loadPreviewMap(
  model: DiffusionModel,
  { cacheDir, reporter }: { cacheDir: string; reporter: JobReporter },
): Promise<PreviewMap | undefined> {
  const digest = createHash("sha256")
    .update(`${FIT_VERSION}|${model.checkpoint.vaeIdentity}`)
    .digest("hex")
    .slice(0, 16);
  const path = join(cacheDir, `preview-map-${digest}.json`);
  const cached = await readFile(path, "utf8").then(parseMap, () => undefined);
  if (cached?.every((row) => row.length === model.checkpoint.sizes.latentChannels + 1)) return cached;
  try {
    const map = await fitPreviewMap(model);
    if (map === undefined) {
      reporter.log("There is no live preview: the checkpoint's VAE gives the same latents for different pictures");
      return undefined;
    }
    await mkdir(cacheDir, { recursive: true });
    await writeWholeFile(path, JSON.stringify(map), { replace: true });
    return map;
  } catch (cause) {
    rethrowOwnMistake(cause);
    reporter.log(`There is no live preview: ${cause instanceof Error ? cause.message : String(cause)}`);
    return undefined;
  }
}

/** A small preview of one latent as a JPEG data URL. */
export async function previewDataUrl(map: PreviewMap, latent: Float32Array, grid: LatentGrid): Promise<string> {
  const picture = applyMap(map, latent, grid);
  const scale = Math.min(8, PREVIEW_SIDE / Math.max(grid.width, grid.height));
  const size = { width: Math.round(grid.width * scale), height: Math.round(grid.height * scale) };
  const jpeg = await encodeJpeg(await resizePicture(picture, size, "bicubic"), JPEG_QUALITY);
  return `data:image/jpeg;base64,${Buffer.from(jpeg).toString("base64")}`;
}

/** One pixel for each latent place. */
export function applyMap(map: PreviewMap, latent: Float32Array, { width, height }: LatentGrid): RawPicture {
  const places = width * height;
  const data = new Uint8Array(places * 3);
  for (let i = 0; i < places; i++) {
    for (const [colour, row] of map.entries()) {
      let value = row.at(-1)!;
      for (let channel = 0; channel < row.length - 1; channel++) value += row[channel]! * latent[channel * places + i]!;
      data[i * 3 + colour] = Math.min(Math.max(value, 0), 1) * 255;
    }
  }
  return { width, height, data };
}

/** Fits by least squares from the latents of the shape pictures to the pictures' colours, averaged over each latent place. Undefined if the latents do not tell the pictures apart. */
async function fitPreviewMap(model: DiffusionModel): Promise<PreviewMap | undefined> {
  const generator = new TorchGenerator(FIT_SEED);
  const { vaeFactor, latentChannels } = model.checkpoint.sizes;
  const grid = { width: FIT_SIDE, height: FIT_SIDE };
  const inputs: number[][] = [];
  const colours: number[][] = [[], [], []];
  for (let picture = 0; picture < FIT_PICTURES; picture++) {
    const planes = drawShapes(FIT_SIDE * vaeFactor, generator);
    const { mean } = await model.encode(planes, grid);
    for (let place = 0; place < FIT_SIDE * FIT_SIDE; place++) {
      const channels = Array.from(
        { length: latentChannels },
        (_, c) => mean[c * FIT_SIDE * FIT_SIDE + place]! * LATENT_SCALE,
      );
      inputs.push([...channels, 1]);
      for (const [colour, list] of colours.entries())
        list.push(averageOfPlace(planes, { colour, place, factor: vaeFactor }));
    }
  }
  const rows = colours.flatMap((targets) => {
    const row = solveLeastSquares(inputs, targets);
    return row === undefined ? [] : [row];
  });
  return rows.length === colours.length ? rows : undefined;
}

/** Rectangles and discs on a background, each in one random colour; `[3, side, side]` in -1 to 1. */
function drawShapes(side: number, generator: TorchGenerator): Float32Array {
  const planes = new Float32Array(3 * side * side);
  for (let shape = 0; shape < SHAPES; shape++) {
    const [r = 0, g = 0, b = 0, x = 0, y = 0, w = 0, h = 0, round = 0] = generator.rand(8);
    const isGround = shape === 0;
    const [cx, cy] = [x * side, y * side];
    const [rx, ry] = isGround ? [2 * side, 2 * side] : [(0.08 + 0.3 * w) * side, (0.08 + 0.3 * h) * side];
    for (let py = 0; py < side; py++) {
      for (let px = 0; px < side; px++) {
        const [dx, dy] = [(px - cx) / rx, (py - cy) / ry];
        const isInside = round > 0.5 && !isGround ? dx * dx + dy * dy < 1 : Math.max(Math.abs(dx), Math.abs(dy)) < 1;
        if (!isInside) continue;
        for (const [colour, value] of [r, g, b].entries()) planes[(colour * side + py) * side + px] = value * 2 - 1;
      }
    }
  }
  return planes;
}

/** Mean of one colour over the pixels of a latent place, 0 to 1. */
function averageOfPlace(planes: Float32Array, at: { colour: number; place: number; factor: number }): number {
  const { colour, place, factor } = at;
  const side = FIT_SIDE * factor;
  const [left, top] = [(place % FIT_SIDE) * factor, Math.floor(place / FIT_SIDE) * factor];
  let sum = 0;
  for (let y = top; y < top + factor; y++) {
    for (let x = left; x < left + factor; x++) sum += planes[(colour * side + y) * side + x]!;
  }
  return (sum / (factor * factor) + 1) / 2;
}

function parseMap(text: string): PreviewMap | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isRow = (row: unknown) => Array.isArray(row) && row.every(Number.isFinite);
  return Array.isArray(value) && value.length === 3 && value.every(isRow) ? (value as number[][]) : undefined;
}
