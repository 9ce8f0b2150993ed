/** @file Chooses the checkpoint for the speed measurements: full size where memory and disk allow it, else the demo's. */
import { usableBytes } from "@lexeme/domain/memory";
import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { freemem, tmpdir, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { FULL_SIDES, type PictureSides } from "../bench/measurement.ts";
import { deleteRandomCheckpoint, ensureRandomCheckpoint, RANDOM_CHECKPOINT } from "../bench/random-checkpoint.ts";

export const DEMO_CHECKPOINT = fileURLToPath(new URL("../../demo/demo-world.safetensors", import.meta.url));
/** The demo checkpoint's native size. */
const DEMO_SIDES: PictureSides = { train: 128, draw: 128 };

/** With 6 GB, a training step at full size peaks at 5.5 GB; with less, the engine refuses it. */
const FULL_SIZE_BYTES = 6e9;
/** The size of the random checkpoint, rounded up. */
const FILE_BYTES = 2.2e9;

export interface MeasuredCheckpoint {
  readonly path: string;
  readonly sides: PictureSides;
  /** Its name in the report. */
  readonly description: string;
}

/** Memory that a measurement may use. */
export function freeBytes(): number {
  // macOS does not count its file cache as free memory.
  return process.platform === "darwin" ? usableBytes(totalmem()) : Math.min(usableBytes(totalmem()), freemem());
}

/** A new random checkpoint is deleted when this process ends. */
export async function chooseCheckpoint(isSmall: boolean, say: (line: string) => void): Promise<MeasuredCheckpoint> {
  const obstacle = isSmall ? "as requested" : await fullSizeObstacle();
  if (obstacle !== null) {
    return { path: DEMO_CHECKPOINT, sides: DEMO_SIDES, description: `the small demo checkpoint (${obstacle})` };
  }
  if (!existsSync(RANDOM_CHECKPOINT)) process.once("exit", deleteRandomCheckpoint);
  await ensureRandomCheckpoint(say);
  return {
    path: RANDOM_CHECKPOINT,
    sides: FULL_SIDES,
    description: "random float16 weights in the sizes of Stable Diffusion 1.5",
  };
}

/** The reason why full size cannot be measured here; null if it can. */
async function fullSizeObstacle(): Promise<string | null> {
  const memory = freeBytes();
  if (memory < FULL_SIZE_BYTES) {
    return `full size needs ${FULL_SIZE_BYTES / 1e9} GB of memory, ${(memory / 1e9).toFixed(1)} GB are free`;
  }
  const { bavail, bsize } = await statfs(tmpdir());
  const disk = bavail * bsize;
  return disk < FILE_BYTES
    ? `full size needs ${FILE_BYTES / 1e9} GB for a temporary file, ${(disk / 1e9).toFixed(1)} GB are free`
    : null;
}
