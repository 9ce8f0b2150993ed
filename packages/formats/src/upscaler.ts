/**
 * @file Recognizes the user's upscaling networks by their keys: ESRGAN's RRDBNet in its three layouts (Wang et al. 2018; Real-ESRGAN, Wang
 * et al. 2021) and Real-ESRGAN's compact VGG-style network. All sizes come from keys and shapes.
 */
import { LexemeError } from "@lexeme/core";
import type { CheckpointSource, CheckpointTensorLocation } from "./checkpoint-source.ts";

export interface UpscalerInspection {
  /** `rrdb`: residual dense blocks; `compact`: a chain of convolutions, added to the picture enlarged by nearest neighbour. */
  readonly architecture: "rrdb" | "compact";
  /** The factor by which the network enlarges a picture's sides. */
  readonly scale: number;
  /** An `rrdb` may first turn squares of this many pixels a side into channels. */
  readonly unshuffle: number;
  /** The tensors by Real-ESRGAN's keys, where upsampling convolutions are `conv_up.0`, `conv_up.1`, …; a `compact` network keeps its keys. */
  readonly tensors: ReadonlyMap<string, CheckpointTensorLocation>;
}

/** Number of a picture's colours. */
const COLOURS = 3;

/** Throws LexemeError `UPSCALER_UNSUPPORTED` with the reason. */
export function inspectUpscaler({ tensors }: CheckpointSource): UpscalerInspection {
  const renamed = realEsrganKeys(tensors);
  if (renamed !== undefined) return inspectRrdb(renamed);
  if (tensors.get("body.0.weight")?.shape.length === 4 && tensors.get("body.1.weight")?.shape.length === 1) {
    return inspectCompact(tensors);
  }
  throw unsupported(`it holds no ESRGAN or Real-ESRGAN network${sampleOf(tensors)}`);
}

type Tensors = UpscalerInspection["tensors"];

function inspectRrdb(tensors: Tensors): UpscalerInspection {
  const other = [...tensors.keys()].find((key) => /conv1x1|noise/.test(key));
  if (other !== undefined) throw unsupported(`it is an unsupported variant of ESRGAN ("${other}")`);
  const required = ["conv_body.weight", "conv_hr.weight", "conv_last.weight", "body.0.rdb1.conv5.weight"];
  const missing = required.find((key) => !tensors.has(key));
  if (missing !== undefined) throw unsupported(`it is an incomplete ESRGAN network: "${missing}" is missing`);
  const inputs = tensors.get("conv_first.weight")?.shape[1] ?? 0;
  const outputs = tensors.get("conv_last.weight")?.shape[0];
  const unshuffle = Math.sqrt(inputs / COLOURS);
  if (outputs !== COLOURS || !Number.isInteger(unshuffle) || unshuffle < 1) {
    throw unsupported(
      `it has ${inputs} input channels and ${outputs ?? 0} output channels, which do not fit a picture's colours`,
    );
  }
  const doublings = [...tensors.keys()].filter((key) => /^conv_up\.\d+\.weight$/.test(key)).length;
  const scale = 2 ** doublings / unshuffle;
  if (!Number.isInteger(scale)) throw unsupported(`it makes pictures smaller, to ${scale} times their size`);
  return { architecture: "rrdb", scale, unshuffle, tensors };
}

function inspectCompact(tensors: Tensors): UpscalerInspection {
  const last = Math.max(...[...tensors.keys()].map((key) => Number(/^body\.(\d+)\./.exec(key)?.[1] ?? 0)));
  const outputs = tensors.get(`body.${last}.weight`)?.shape[0] ?? 0;
  const scale = Math.sqrt(outputs / COLOURS);
  if (tensors.get("body.0.weight")?.shape[1] !== COLOURS || !Number.isInteger(scale) || scale < 1) {
    throw unsupported(`its last layer has ${outputs} channels, which do not fit a square of pixels in three colours`);
  }
  return { architecture: "compact", scale, unshuffle: 1, tensors };
}

/** Undefined if the keys are not those of an RRDBNet. */
function realEsrganKeys(tensors: Tensors): Tensors | undefined {
  if (tensors.has("conv_first.weight")) return renamedBy(tensors, presentKey);
  if (tensors.has("model.0.weight")) return renamedBy(tensors, oldKeys(tensors));
  return undefined;
}

function renamedBy(tensors: Tensors, rename: (key: string) => string): Tensors {
  return new Map([...tensors].map(([key, tensor]) => [rename(key), tensor]));
}

/** Renames the keys of ESRGAN's second release to Real-ESRGAN's: `RRDB_trunk.0.RDB1.conv1`, `trunk_conv`, `upconv1`, `HRconv`. */
function presentKey(key: string): string {
  return key
    .replace(/^RRDB_trunk\./, "body.")
    .replace(/\.RDB(\d)\./, ".rdb$1.")
    .replace(/^trunk_conv\./, "conv_body.")
    .replace(/^(?:upconv|conv_up)(\d+)\./, (_, number: string) => `conv_up.${Number(number) - 1}.`)
    .replace(/^HRconv\./, "conv_hr.");
}

/**
 * ESRGAN's first release numbers its layers: `model.0` is the first, `model.1.sub.N` are the blocks and, last, the body's convolution. The
 * convolutions after that double the size, except for the last two.
 */
function oldKeys(tensors: Tensors): (key: string) => string {
  const numbersOf = (pattern: RegExp) =>
    [...new Set([...tensors.keys()].flatMap((key) => pattern.exec(key)?.[1] ?? []))]
      .map(Number)
      .toSorted((a, b) => a - b);
  const tail = numbersOf(/^model\.(\d+)\.weight$/).filter((number) => number > 1);
  const names = new Map(
    tail.map((number, index) => {
      const fromEnd = tail.length - index;
      return [number, fromEnd === 1 ? "conv_last" : fromEnd === 2 ? "conv_hr" : `conv_up.${index}`];
    }),
  );
  return (key) =>
    key
      .replace(/^model\.0\./, "conv_first.")
      .replace(/^model\.1\.sub\.(\d+)\.RDB(\d)\.conv(\d)\.0\./, "body.$1.rdb$2.conv$3.")
      .replace(/^model\.1\.sub\.\d+\.(weight|bias)$/, "conv_body.$1")
      .replace(/^model\.(\d+)\.(weight|bias)$/, (whole, number: string, part: string) => {
        const name = names.get(Number(number));
        return name === undefined ? whole : `${name}.${part}`;
      });
}

/** One of the file's keys, which describes a file better than its ending. */
function sampleOf(tensors: Tensors): string {
  const [first] = tensors.keys();
  return first === undefined ? "" : ` (its weights are named like "${first}")`;
}

function unsupported(why: string): LexemeError {
  return new LexemeError("UPSCALER_UNSUPPORTED", `This upscaler cannot be used: ${why}`);
}
