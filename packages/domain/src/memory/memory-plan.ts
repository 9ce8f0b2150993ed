/**
 * @file What a job does with the memory that there is, decided beforehand: the UNet's batch as a whole or in parts, the VAE whole or in bands,
 * what may stay open. The engine follows it, the server refuses by it, the page shows it.
 */
import {
  BASE_BYTES,
  bandedDecoderBytes,
  bandedEncoderBytes,
  decoderBytes,
  encoderBytes,
  textEncoderBytes,
  trainingBytes,
  unetBytes,
  type NetworkSizes,
  type SessionBytes,
  type WorkSize,
} from "./network-memory.ts";

/** Of the machine's memory the rest is for the system and other programs. */
const USABLE_PART = 0.85;
/** Of what is usable, sessions that only wait for their next use may hold so much. */
const KEPT_PART = 0.7;

/** What the process that computes may hold when nobody said otherwise. */
export function usableBytes(machineBytes: number): number {
  return machineBytes * USABLE_PART;
}

/** What sessions may hold together before the one that was not used for longest closes. */
export function keptBytes(usable: number): number {
  return usable * KEPT_PART;
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

export interface MemoryForecast {
  /** The most that the job holds at one time. */
  readonly peakBytes: number;
  /** False when it is more than there is, however the work is cut. */
  readonly fits: boolean;
}

export interface DrawingWork {
  /** Pictures at once. */
  readonly batchSize: number;
  /** Without guidance the UNet sees each picture once, with it twice. */
  readonly isGuided: boolean;
  readonly width: number;
  readonly height: number;
  /** Of a second pass: its size, and whether the picture between the passes is one of pixels. */
  readonly second: { readonly width: number; readonly height: number; readonly encodes: boolean } | null;
}

/** A txt2img job's memory. */
export function forecastDrawing(sizes: NetworkSizes, work: DrawingWork, usable: number): MemoryForecast {
  const open = new OpenSessions(usable);
  open.add(textEncoderBytes(sizes));
  for (const size of [work, ...(work.second === null ? [] : [work.second])]) {
    const one = { ...size, batch: 1 };
    const batch = work.batchSize * (work.isGuided ? 2 : 1);
    if (size === work.second && work.second.encodes) {
      open.add((encodesInBands(sizes, one, usable) ? bandedEncoderBytes : encoderBytes)(sizes, one));
    }
    open.add(planUnet(sizes, { ...size, batch }, usable).memory);
    const isDecoded = size === work.second || work.second === null || work.second.encodes;
    if (isDecoded) open.add((decodesInBands(sizes, one, usable) ? bandedDecoderBytes : decoderBytes)(sizes, one));
  }
  return open.forecast();
}

/** A training's memory; its previews are drawn at the training's size. */
export function forecastTraining(
  sizes: NetworkSizes,
  size: WorkSize & { readonly hasPreviews: boolean },
  usable: number,
): MemoryForecast {
  const open = new OpenSessions(usable);
  const one = { ...size, batch: 1 };
  open.add((encodesInBands(sizes, one, usable) ? bandedEncoderBytes : encoderBytes)(sizes, one));
  open.add(trainingBytes(sizes, size));
  if (size.hasPreviews) {
    open.add(textEncoderBytes(sizes));
    open.add(planUnet(sizes, { ...size, batch: 2 }, usable).memory);
    open.add((decodesInBands(sizes, one, usable) ? bandedDecoderBytes : decoderBytes)(sizes, one));
  }
  return open.forecast();
}

/** Sessions as the engine's pool opens them: those that were not used for longest close while there is too little room. */
class OpenSessions {
  readonly #usable: number;
  #open: SessionBytes[] = [];
  #peakBytes = BASE_BYTES;

  constructor(usable: number) {
    this.#usable = usable;
  }

  add(session: SessionBytes): void {
    const budget = keptBytes(this.#usable) - BASE_BYTES;
    while (this.#open.length > 0 && this.#held() + session.peak > budget) this.#open.shift();
    this.#peakBytes = Math.max(this.#peakBytes, BASE_BYTES + this.#held() + session.peak);
    this.#open.push(session);
  }

  #held(): number {
    return this.#open.reduce((sum, { kept }) => sum + kept, 0);
  }

  forecast(): MemoryForecast {
    return { peakBytes: this.#peakBytes, fits: this.#peakBytes <= this.#usable };
  }
}
