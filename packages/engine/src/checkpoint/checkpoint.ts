/** @file An opened checkpoint: its header, and which of its tensors belong to which network. The tensors' bytes stay in the file. */
import { elementCount } from "@lexeme/core";
import { requireSupported } from "@lexeme/formats";
import { inspectCheckpointFile, withRandomAccess, type CheckpointFile } from "@lexeme/formats/node";
import { inferSizes, LDM_PREFIX, type CheckpointWeights, type ModelSizes } from "@lexeme/networks";
import type { CheckpointRef } from "@lexeme/protocol";
import { createNoiseSchedule, TRAIN_TIMESTEPS, type NoiseSchedule } from "@lexeme/schedulers";
import { stat } from "node:fs/promises";
import { parse } from "node:path";

export type NetworkName = keyof typeof LDM_PREFIX;

export interface Checkpoint {
  /** Name without folder and ending, as infotext and embeddings give it. */
  readonly modelName: string;
  /** First 10 hex digits of the file's sha256; null while unknown. */
  readonly shortHash: string | null;
  readonly file: CheckpointFile;
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
  const { realPath, tensors, normNumGroups, numHeadChannels } = file;
  const weights: CheckpointWeights = { file: realPath, tensors, normNumGroups, numHeadChannels };
  const { mtimeMs } = await stat(realPath);
  return {
    modelName: parse(ref.name).name,
    shortHash: ref.shortHash,
    file,
    weights,
    sizes: inferSizes(weights),
    textLayers: countTextLayers(file),
    noiseSchedule: await readNoiseSchedule(file),
    identity: `${realPath}|${file.sizeBytes}|${mtimeMs}`,
    weightBytes: (network) => networkBytes(file, LDM_PREFIX[network]),
  };
}

/** As A1111, `alphas_cumprod` in the file wins over the computed one. */
async function readNoiseSchedule({ realPath, tensors }: CheckpointFile): Promise<NoiseSchedule> {
  const tensor = tensors.get("alphas_cumprod");
  if (tensor?.dtype !== "F32" || elementCount(tensor.shape) !== TRAIN_TIMESTEPS) return createNoiseSchedule();
  const bytes = await withRandomAccess(realPath, (access) => access.read(tensor.offset, tensor.length));
  return createNoiseSchedule(new Float32Array(Uint8Array.from(bytes).buffer));
}

function countTextLayers({ tensors }: CheckpointFile): number {
  const prefix = `${LDM_PREFIX.text}.encoder.layers.`;
  const layers = [...tensors.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => Number.parseInt(key.slice(prefix.length), 10));
  return 1 + layers.reduce((last, layer) => Math.max(last, layer), -1);
}

function networkBytes(file: CheckpointFile, prefix: string): number {
  let bytes = 0;
  for (const [key, { shape }] of file.tensors) if (key.startsWith(`${prefix}.`)) bytes += elementCount(shape) * 4;
  return bytes;
}
