/** @file Predicts from a job's settings the sessions that it uses one after the other. */
import { drawingPasses } from "../settings/drawing-passes.ts";
import { effectiveSize } from "../settings/size-field.ts";
import type { TrainSettings } from "../settings/train-settings.ts";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { isLatentUpscaler } from "../settings/upscalers.ts";
import { decodesInBands, encodesInBands, planUnet } from "./memory-plan.ts";
import {
  bandedDecoderBytes,
  bandedEncoderBytes,
  decoderBytes,
  encoderBytes,
  textEncoderBytes,
  trainingBytes,
  type NetworkSizes,
  type SessionBytes,
  type WorkSize,
} from "./network-memory.ts";
import { OpenSessions } from "./open-sessions.ts";

/** The use of a session, which is opened first if it is not open. */
export interface SessionUse {
  /** Network and size, as "unet packed 2x512x768". */
  readonly key: string;
  readonly memory: SessionBytes;
  /** Work in bands uses a session for each band; each of them closes after its band, so nothing stays open. */
  readonly isBanded: boolean;
}

/** The opening or closing of a session, by its key. */
export type SessionEvent = { readonly opens: string } | { readonly closes: string };

/**
 * If a UNet's weights have at least this many numbers, a training measures the fixed loss with the training's own session. To open SD 1.5's
 * UNet (3.4 GB) beside it would take ten seconds and 3 GB, more than the four training steps that a measurement costs instead.
 */
const LARGE_UNET_PARAMETERS = 250e6;

export function measuresInTraining({ unetParameters }: NetworkSizes): boolean {
  return unetParameters >= LARGE_UNET_PARAMETERS;
}

/** The sessions of a txt2img's first two batches: later batches find the same sessions open. The upscaler's own model is not included. */
export function drawingSessions(sizes: NetworkSizes, settings: Txt2imgSettings, usable: number): SessionUse[] {
  const { batchSize, cfgScale, nIter } = settings;
  const networks = new Networks(sizes, usable);
  const passes = drawingPasses(settings);
  // With guidance, which a scale below 1 is too, the UNet sees each picture twice.
  const batch = batchSize * (cfgScale === 1 ? 1 : 2);
  const ofBatch = passes.flatMap((pass, i) => {
    const next = passes[i + 1];
    const isDecoded = next === undefined || goesThroughPixels(next);
    return [
      ...(goesThroughPixels(pass) ? [networks.encoder(pass)] : []),
      networks.unet({ ...pass, batch }),
      ...(isDecoded ? [networks.decoder(pass)] : []),
    ];
  });
  return [networks.text(), ...ofBatch, ...(nIter > 1 ? ofBatch : [])];
}

function goesThroughPixels({ enlargement }: ReturnType<typeof drawingPasses>[number]): boolean {
  return enlargement !== undefined && !isLatentUpscaler(enlargement.upscaler);
}

/** The sessions of a training from step 0. Its previews have the training's size, and the first is drawn before the first step. */
export function trainingSessions(sizes: NetworkSizes, settings: TrainSettings, usable: number): SessionUse[] {
  const { batchSize, createImageEvery } = settings;
  const size = { width: effectiveSize(settings.trainingWidth), height: effectiveSize(settings.trainingHeight) };
  const networks = new Networks(sizes, usable);
  const [text, unet] = [networks.text(), networks.unet({ ...size, batch: 2 })];
  const preview = createImageEvery > 0 ? [text, unet, networks.decoder(size)] : [];
  return [
    networks.encoder(size),
    ...preview,
    ...(measuresInTraining(sizes) ? [] : [text, unet]),
    networks.training({ ...size, batch: batchSize }),
    ...preview,
  ];
}

/** Simulates the use of these sessions with `usable` bytes to use, in a process without open sessions. */
export function playSessions(
  uses: readonly SessionUse[],
  usable: number,
): { readonly peakBytes: number; readonly events: readonly SessionEvent[] } {
  const open = new OpenSessions(usable);
  const events: SessionEvent[] = [];
  for (const { key, memory, isBanded } of uses) {
    if (open.use(key)) continue;
    for (const closes of open.makeRoom(memory.peak)) events.push({ closes });
    if (isBanded) continue;
    open.add(key, memory);
    events.push({ opens: key });
  }
  return { peakBytes: open.peakBytes, events };
}

type Size = Omit<WorkSize, "batch">;

/** The sessions of a checkpoint's networks at each size. */
class Networks {
  readonly #sizes: NetworkSizes;
  readonly #usable: number;

  constructor(sizes: NetworkSizes, usable: number) {
    this.#sizes = sizes;
    this.#usable = usable;
  }

  text(): SessionUse {
    return { key: "text", memory: textEncoderBytes(this.#sizes), isBanded: false };
  }

  unet(size: WorkSize): SessionUse {
    const { rows, weights, memory } = planUnet(this.#sizes, size, this.#usable);
    return { key: `unet ${weights} ${rows}x${size.height}x${size.width}`, memory, isBanded: false };
  }

  training(size: WorkSize): SessionUse {
    const key = `training ${size.batch}x${size.height}x${size.width}`;
    return { key, memory: trainingBytes(this.#sizes, size), isBanded: false };
  }

  encoder({ width, height, tiling = false }: Size): SessionUse {
    const size = { width, height, tiling, batch: 1 };
    const isBanded = encodesInBands(this.#sizes, size, this.#usable);
    const memory = (isBanded ? bandedEncoderBytes : encoderBytes)(this.#sizes, size);
    return { key: `encoder 1x${height}x${width}`, memory, isBanded };
  }

  decoder({ width, height, tiling = false }: Size): SessionUse {
    const size = { width, height, tiling, batch: 1 };
    const isBanded = decodesInBands(this.#sizes, size, this.#usable);
    const memory = (isBanded ? bandedDecoderBytes : decoderBytes)(this.#sizes, size);
    return { key: `decoder 1x${height}x${width}`, memory, isBanded };
  }
}
