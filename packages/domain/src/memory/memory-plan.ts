/**
 * @file How one network's work is cut to the memory that there is: the UNet's batch as a whole or in parts, the VAE whole or in bands. The
 * engine follows it, the server refuses by it, the page shows it.
 */
import {
  BASE_BYTES,
  bandedDecoderBytes,
  bandedEncoderBytes,
  decoderBytes,
  encoderBytes,
  unetBytes,
  type NetworkSizes,
  type SessionBytes,
  type WorkSize,
} from "./network-memory.ts";
import { keptBytes } from "./open-sessions.ts";

/** Of the machine's memory the rest is for the system and other programs. */
const USABLE_PART = 0.85;

/** What the process that computes may hold when nobody said otherwise. */
export function usableBytes(machineBytes: number): number {
  return machineBytes * USABLE_PART;
}

/** How a batch of latents goes through the UNet. */
export interface UnetPlan {
  /** How many at once: an equal part of the batch, so that one session does all parts. */
  readonly rows: number;
  /** Its weights are packed for the CPU, which takes twice their size while it opens, or read as they are, which is a fifth slower. */
  readonly weights: "packed" | "mapped";
  readonly memory: SessionBytes;
}

/** As much at once as fits, packed if it fits at all; where nothing does, the least there is. */
export function planUnet(sizes: NetworkSizes, size: WorkSize, usable: number): UnetPlan {
  for (const weights of ["packed", "mapped"] as const) {
    for (let parts = 1; parts <= size.batch; parts++) {
      if (size.batch % parts !== 0) continue;
      const rows = size.batch / parts;
      const memory = unetBytes(sizes, { ...size, batch: rows }, weights);
      if (BASE_BYTES + memory.peak <= usable || (weights === "mapped" && rows === 1)) return { rows, weights, memory };
    }
  }
  throw new RangeError("a batch of none");
}

/** Whether a picture is decoded in bands: where the whole decoder would close the UNet, which takes longer to open again than bands take. */
export function decodesInBands(sizes: NetworkSizes, size: WorkSize, usable: number): boolean {
  return needsBands(
    { whole: decoderBytes(sizes, size), banded: bandedDecoderBytes(sizes, size) },
    unetKept(sizes, size, usable),
    usable,
  );
}

/** The same for encoding. */
export function encodesInBands(sizes: NetworkSizes, size: WorkSize, usable: number): boolean {
  return needsBands(
    { whole: encoderBytes(sizes, size), banded: bandedEncoderBytes(sizes, size) },
    unetKept(sizes, size, usable),
    usable,
  );
}

function needsBands(
  { whole, banded }: { whole: SessionBytes; banded: SessionBytes },
  unet: number,
  usable: number,
): boolean {
  return banded.peak < whole.peak && BASE_BYTES + unet + whole.peak > keptBytes(usable);
}

/** What the UNet holds at this size with one picture at a time. */
function unetKept(sizes: NetworkSizes, size: WorkSize, usable: number): number {
  return planUnet(sizes, { ...size, batch: 1 }, usable).memory.kept;
}
