/** @file An opened checkpoint: its header, and which of its tensors belong to which network. The tensors' bytes stay in the file. */
import { elementCount } from "@lexeme/core";
import { requireSupported, VAE_PREFIX } from "@lexeme/formats";
import { inspectCheckpointFile, readVaeFile, withRandomAccess, type CheckpointFile } from "@lexeme/formats/node";
import { inferSizes, LDM_PREFIX, type CheckpointWeights, type ModelSizes } from "@lexeme/networks";
import type { CheckpointRef } from "@lexeme/protocol";
import { createNoiseSchedule, TRAIN_TIMESTEPS, type NoiseSchedule } from "@lexeme/schedulers";
import { stat } from "node:fs/promises";
import { basename, parse } from "node:path";

/** A separate VAE file. */
type VaeRef = NonNullable<CheckpointRef["vae"]>;

export type NetworkName = keyof typeof LDM_PREFIX;

export interface Checkpoint {
  /** Name without folder and ending, as infotext and embeddings give it. */
  readonly modelName: string;
  /** First 10 hex digits of the file's sha256; null while unknown. */
  readonly shortHash: string | null;
  readonly file: CheckpointFile;
  /** The separate VAE that takes the place of the file's own; null when that is used. */
  readonly vae: VaeRef | null;
  readonly weights: CheckpointWeights;
  readonly sizes: ModelSizes;
  /** Layers of the text encoder, of which "Clip skip" leaves out the last. */
  readonly textLayers: number;
  readonly noiseSchedule: NoiseSchedule;
  /** Changes when the file does. */
  readonly identity: string;
  /** Bytes that a network's weights take as float32. */
  weightBytes(network: NetworkName): number;
}

/** Reads the header. Throws LexemeError when the file is no checkpoint of Stable Diffusion 1.x (the reason is in the message) or lacks a tensor. */
export async function openCheckpoint(ref: CheckpointRef): Promise<Checkpoint> {
  const file = await inspectCheckpointFile(ref.path);
  requireSupported(file, ref.name);
  const { vae = null } = ref;
  const { realPath, normNumGroups, numHeadChannels } = file;
  const tensors = vae === null ? file.tensors : await withVae(file, vae);
  const weights: CheckpointWeights = { file: realPath, tensors, normNumGroups, numHeadChannels };
  return {
    modelName: (await stat(ref.path)).isDirectory() ? basename(ref.name) : parse(ref.name).name,
    shortHash: ref.shortHash,
    file,
    vae,
    weights,
    sizes: inferSizes(weights),
    textLayers: countTextLayers(file),
    noiseSchedule: await readNoiseSchedule(file),
    identity: await identityOf(weights),
    weightBytes: (network) => networkBytes(weights, LDM_PREFIX[network]),
  };
}

/** The checkpoint's tensors with those of another VAE in place of its own. */
async function withVae({ tensors }: CheckpointFile, { path }: VaeRef): Promise<CheckpointWeights["tensors"]> {
  const others = [...tensors].filter(([key]) => !key.startsWith(VAE_PREFIX));
  return new Map([...others, ...(await readVaeFile(path))]);
}

/** Names every file that holds a tensor, with its size and time of change. */
async function identityOf({ file, tensors }: CheckpointWeights): Promise<string> {
  const paths = new Set([...tensors.values()].map((tensor) => tensor.file ?? file));
  const versions = await Promise.all(
    [...paths].map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return `${path}|${size}|${mtimeMs}`;
    }),
  );
  return versions.join("|");
}

/** As A1111, `alphas_cumprod` in the file wins over the computed one. */
async function readNoiseSchedule({ realPath, tensors }: CheckpointFile): Promise<NoiseSchedule> {
  const tensor = tensors.get("alphas_cumprod");
  if (tensor?.dtype !== "F32" || elementCount(tensor.shape) !== TRAIN_TIMESTEPS) return createNoiseSchedule();
  const bytes = await withRandomAccess(tensor.file ?? realPath, (access) => access.read(tensor.offset, tensor.length));
  return createNoiseSchedule(new Float32Array(Uint8Array.from(bytes).buffer));
}

function countTextLayers({ tensors }: CheckpointFile): number {
  const prefix = `${LDM_PREFIX.text}.encoder.layers.`;
  const layers = [...tensors.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => Number.parseInt(key.slice(prefix.length), 10));
  return 1 + layers.reduce((last, layer) => Math.max(last, layer), -1);
}

function networkBytes({ tensors }: CheckpointWeights, prefix: string): number {
  let bytes = 0;
  for (const [key, { shape }] of tensors) if (key.startsWith(`${prefix}.`)) bytes += elementCount(shape) * 4;
  return bytes;
}
