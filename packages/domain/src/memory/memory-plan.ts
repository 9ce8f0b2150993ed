/**
 * @file Fits one network's work to the available memory: the UNet's batch whole or in parts, the VAE whole or in bands. The engine follows
 * this plan, the server refuses jobs by it, the page shows it.
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

/** The rest of the machine's memory is for the system and other programs. */
const USABLE_PART = 0.85;

/** The bytes that the computing process may hold by default. */
export function usableBytes(machineBytes: number): number {
  return machineBytes * USABLE_PART;
}

/** The way in which a batch of latents goes through the UNet. */
export interface UnetPlan {
  /** The number of latents at once: an equal part of the batch, so that one session can compute all parts. */
  readonly rows: number;
  /** The weights are packed for the CPU, which needs twice their size while the session opens, or mapped from the file, which is a fifth slower. */
  readonly weights: "packed" | "mapped";
  readonly memory: SessionBytes;
}

/** As many latents at once as fit, with packed weights if they fit at all; if nothing fits, the plan that needs the least memory. */
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

/** Whether a picture is decoded in bands: if the whole decoder would close the UNet, because opening the UNet again takes longer than bands. */
export function decodesInBands(sizes: NetworkSizes, size: WorkSize, usable: number): boolean {
  return needsBands(
    { whole: decoderBytes(sizes, size), banded: bandedDecoderBytes(sizes, size) },
    unetKept(sizes, size, usable),
    usable,
  );
}

/** The same decision for encoding. */
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

/** The bytes that the UNet holds at this size with one picture at a time. */
function unetKept(sizes: NetworkSizes, size: WorkSize, usable: number): number {
  return planUnet(sizes, { ...size, batch: 1 }, usable).memory.kept;
}
