/** @file Opens a checkpoint: reads its header and finds the tensors of each network. The tensors' bytes stay in the file. */
import { elementCount, LexemeError, type ClipDialect } from "@lexeme/core";
import { readRegularFile } from "@lexeme/data-folder";
import { networkSizes, requireSupported, VAE_PREFIX, type PredictionType } from "@lexeme/formats";
import { inspectCheckpointFile, readVaeFile, withRandomAccess, type CheckpointFile } from "@lexeme/formats/node";
import { inferSizes, LDM_PREFIX, type CheckpointWeights, type ModelSizes } from "@lexeme/networks";
import type { NetworkSizes } from "@lexeme/domain/memory";
import type { CheckpointRef } from "@lexeme/domain/jobs";
import { createNoiseSchedule, TRAIN_TIMESTEPS, type NoiseSchedule } from "@lexeme/schedulers";
import { stat } from "node:fs/promises";
import { basename, join, parse } from "node:path";

/** A separate VAE file. */
type VaeRef = NonNullable<CheckpointRef["vae"]>;

export interface Checkpoint {
  /** Name without folder and ending, as in infotext and embeddings. */
  readonly modelName: string;
  /** First 10 hex digits of the file's sha256; null while unknown. */
  readonly shortHash: string | null;
  readonly file: CheckpointFile;
  /** The separate VAE that replaces the file's own VAE; null if the file's own is used. */
  readonly vae: VaeRef | null;
  readonly weights: CheckpointWeights;
  readonly sizes: ModelSizes;
  /** The number of layers of the text encoder, which is also the largest possible "Clip skip". */
  readonly textLayers: number;
  readonly noiseSchedule: NoiseSchedule;
  /** The meaning of the UNet's output; undefined if only running the UNet can tell it. */
  readonly predictionType: PredictionType | undefined;
  /** SD 2.x always takes its text encoder's last layer but one, with any "Clip skip", as in A1111. */
  readonly ignoresClipSkip: boolean;
  /** The rule for splitting the checkpoint's prompts into words. */
  readonly dialect: ClipDialect;
  /** The token after the first end token; undefined means the end token itself (SD 1.x). */
  readonly padToken: number | undefined;
  /** Changes if a file of the text encoder or the UNet changes. */
  readonly identity: string;
  /** Changes if the VAE's file or its number of groups changes; with another VAE the sessions of the other networks stay open. */
  readonly vaeIdentity: string;
  /** The sizes for the prediction of memory. */
  readonly networkSizes: NetworkSizes;
}

/** Reads the header. Throws LexemeError if the file is not a supported checkpoint of Stable Diffusion (the message gives the reason) or lacks a tensor. */
export async function openCheckpoint(ref: CheckpointRef): Promise<Checkpoint> {
  const file = await inspectCheckpointFile(ref.path);
  requireSupported(file, ref.name);
  const { vae = null } = ref;
  const { realPath, normNumGroups, numHeadChannels, textActivation } = file;
  const isSd2 = file.family === "sd2";
  const tensors = vae === null ? file.tensors : await withVae(file, vae);
  const weights: CheckpointWeights = { file: realPath, tensors, normNumGroups, numHeadChannels, textActivation };
  return {
    modelName: (await stat(ref.path)).isDirectory() ? basename(ref.name) : parse(ref.name).name,
    shortHash: ref.shortHash,
    file,
    vae,
    weights,
    sizes: inferSizes(weights),
    textLayers: isSd2 ? Number.POSITIVE_INFINITY : countTextLayers(file),
    predictionType: (await yamlPredictionType(ref.path)) ?? file.predictionType,
    ignoresClipSkip: isSd2,
    dialect: file.dialect,
    // The padding of open_clip's tokenizer.
    padToken: isSd2 ? 0 : undefined,
    noiseSchedule: await readNoiseSchedule(file),
    identity: await identityOf(weights, (key) => !key.startsWith(VAE_PREFIX)),
    vaeIdentity: `${await identityOf(weights, (key) => key.startsWith(VAE_PREFIX))}|${normNumGroups} groups`,
    networkSizes: requireSizes(weights),
  };
}

/** The checkpoint's tensors, with another VAE's tensors instead of its own. */
async function withVae({ tensors }: CheckpointFile, { path }: VaeRef): Promise<CheckpointWeights["tensors"]> {
  const others = [...tensors].filter(([key]) => !key.startsWith(VAE_PREFIX));
  return new Map([...others, ...(await readVaeFile(path))]);
}

/** Lists every file that holds one of the chosen tensors, with its size and modification time. */
async function identityOf({ file, tensors }: CheckpointWeights, isMeant: (key: string) => boolean): Promise<string> {
  const meant = [...tensors].filter(([key]) => isMeant(key));
  const paths = new Set(meant.map(([, tensor]) => tensor.file ?? file));
  const versions = await Promise.all(
    [...paths].map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return `${path}|${size}|${mtimeMs}`;
    }),
  );
  return versions.join("|");
}

const MAX_YAML_BYTES = 1 << 20;

/** A1111 obeys a `.yaml` with the checkpoint's name, from LDM's training; without `parameterization` it means that the UNet predicts noise. */
async function yamlPredictionType(path: string): Promise<PredictionType | undefined> {
  const { dir, name } = parse(path);
  const bytes = await readRegularFile(join(dir, `${name}.yaml`), MAX_YAML_BYTES);
  if (bytes === undefined) return undefined;
  const text = new TextDecoder().decode(bytes);
  return /^\s*parameterization:\s*["']?v["']?\s*(#.*)?$/m.test(text) ? "v" : "epsilon";
}

/** As in A1111, `alphas_cumprod` in the file replaces the computed schedule, and zero terminal SNR is applied to either. */
async function readNoiseSchedule({ realPath, tensors, hasZeroTerminalSnr }: CheckpointFile): Promise<NoiseSchedule> {
  const tensor = tensors.get("alphas_cumprod");
  let schedule = createNoiseSchedule();
  if (tensor?.dtype === "F32" && elementCount(tensor.shape) === TRAIN_TIMESTEPS) {
    const file = tensor.file ?? realPath;
    const bytes = await withRandomAccess(file, (access) => access.read(tensor.offset, tensor.length));
    schedule = createNoiseSchedule(new Float32Array(Uint8Array.from(bytes).buffer));
  }
  return hasZeroTerminalSnr ? createNoiseSchedule(zeroTerminalSnr(schedule.alphasCumprod)) : schedule;
}

/**
 * Shifts the square roots so that the last is 0, and stretches them so that the first stays unchanged (Lin et al. 2024, algorithm 1). The
 * last value is A1111's 4.8973451890853435e-08 instead of 0, because the sigma of 0 would be infinite.
 */
function zeroTerminalSnr(alphasCumprod: Float32Array): Float32Array {
  const roots = alphasCumprod.map((alpha) => Math.sqrt(alpha));
  const [first, last] = [roots[0]!, roots.at(-1)!];
  const shares = roots.map(
    (root) => Math.fround(Math.fround(root - last) * Math.fround(first / Math.fround(first - last))) ** 2,
  );
  shares[shares.length - 1] = 4.8973451890853435e-8;
  return shares;
}

function countTextLayers({ tensors }: CheckpointFile): number {
  const prefix = `${LDM_PREFIX.text}.encoder.layers.`;
  const layers = [...tensors.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => Number.parseInt(key.slice(prefix.length), 10));
  return 1 + layers.reduce((last, layer) => Math.max(last, layer), -1);
}

function requireSizes({ tensors, numHeadChannels }: CheckpointWeights): NetworkSizes {
  const sizes = networkSizes(tensors, numHeadChannels);
  if (sizes !== undefined) return sizes;
  throw new LexemeError(
    "CHECKPOINT_LAYOUT",
    "The checkpoint lacks the first convolution of its UNet or of its VAE: it is incomplete or of another family",
  );
}
