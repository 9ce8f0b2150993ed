/** @file Inspects a checkpoint from its header alone: family, precision, sizes in its metadata, and the place of each tensor. */
import { LexemeError, type CheckpointFamily, type ClipDialect } from "@lexeme/core";
import { checkpointFamily } from "./checkpoint-family.ts";
import type { CheckpointSource, CheckpointTensorLocation } from "./checkpoint-source.ts";
import { networkSizes, type NetworkSizes } from "./network-sizes.ts";
import { OPEN_CLIP_PREFIX, withClipKeys } from "./open-clip-keys.ts";
import type { TensorLocation } from "./safetensors.ts";

export type CheckpointPrecision = "fp16" | "bf16" | "fp32" | "fp8" | "mixed" | "other";

export type PredictionType = "epsilon" | "v";

export interface CheckpointInspection {
  readonly family: CheckpointFamily;
  /** The reason why this file cannot be used, as a clause ("it is a Stable Diffusion XL checkpoint"); undefined if it can. */
  readonly refusal: string | undefined;
  readonly precision: CheckpointPrecision;
  /** Every tensor by its present key: A1111's old text-encoder keys are renamed, moving averages (`model_ema.`) are left out. */
  readonly tensors: ReadonlyMap<string, CheckpointTensorLocation>;
  /** Width of the text encoder, which an embedding's vectors must have; undefined if the file has no text encoder. */
  readonly textWidth: number | undefined;
  /** Undefined if a network is missing. */
  readonly networkSizes: NetworkSizes | undefined;
  /** Group-normalization groups, from `norm_num_groups`; SD 1.x's 32 if the file does not give them. */
  readonly normNumGroups: number;
  /** Width of one attention head in the UNet, from `num_head_channels`; undefined means SD 1.x's rule, 8 heads everywhere. */
  readonly numHeadChannels: number | undefined;
  /** Native size of pictures in pixels, from `modelspec.resolution`; SD 1.x's 512 x 512 if the file does not give it. */
  readonly resolution: { readonly width: number; readonly height: number };
  /** The text encoder's activation: SD 1.x's approximation of GELU, or SD 2.x's exact one. */
  readonly textActivation: "quickGelu" | "gelu";
  /** The rule for splitting the checkpoint's prompts into words. */
  readonly dialect: ClipDialect;
  /** The meaning of the UNet's output: the noise, or v (Salimans & Ho 2022); undefined if only running the UNet can tell it, as for SD 2.x. */
  readonly predictionType: PredictionType | undefined;
  /** Whether the noise schedule must be stretched so that its last step is pure noise (key `ztsnr`; Lin et al. 2024). */
  readonly hasZeroTerminalSnr: boolean;
  /** The title for lists, from `modelspec.title`. */
  readonly title: string | undefined;
}

/** Key of the table with one row for each token, `[vocabulary, width]`. */
export const TOKEN_EMBEDDING_KEY = "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight";

/** Stable Diffusion 1.x: `num_groups` of every GroupNorm, and the training size, in CompVis's v1-inference.yaml. */
const SD1_NORM_GROUPS = 32;
/** `num_head_channels` in v2-inference.yaml. */
const SD2_HEAD_CHANNELS = 64;
const SD1_RESOLUTION = { width: 512, height: 512 } as const;
/** Larger numbers in the metadata are mistakes: no SD 1.x network has that many groups, that wide heads or that large a native size. */
const MAX_METADATA_SIZE = 8192;

const EMA_PREFIX = "model_ema.";
const OLD_TEXT_PREFIX = "cond_stage_model.transformer.";
const OLD_TEXT_PARTS = ["embeddings.", "encoder.", "final_layer_norm."];

/** Inspects the tensors from a reader. Does not throw for a file of another family, but gives the reason in `refusal`. */
export function inspectCheckpoint(source: CheckpointSource): CheckpointInspection {
  const stored = new Map(
    [...source.tensors]
      // Moving averages of the weights: A1111 never uses them.
      .filter(([key]) => !key.startsWith(EMA_PREFIX))
      .map(([key, location]) => [presentKey(key), location]),
  );
  const isOpenClip = [...stored.keys()].some((key) => key.startsWith(OPEN_CLIP_PREFIX));
  const tensors = isOpenClip ? withClipKeys(stored) : stored;
  const { metadata } = source;
  const { family, refusal } = checkpointFamily(tensors, isOpenClip);
  const isSd2 = family === "sd2";
  const numHeadChannels = positiveInteger(metadata["num_head_channels"]) ?? (isSd2 ? SD2_HEAD_CHANNELS : undefined);
  return {
    family,
    refusal: refusal ?? refusalOfWeights(tensors),
    precision: precisionOf(tensors),
    tensors,
    textWidth: tensors.get(TOKEN_EMBEDDING_KEY)?.shape[1],
    networkSizes: networkSizes(tensors, numHeadChannels),
    normNumGroups: positiveInteger(metadata["norm_num_groups"]) ?? SD1_NORM_GROUPS,
    numHeadChannels,
    textActivation: isSd2 ? "gelu" : "quickGelu",
    dialect: isSd2 ? "openClip" : "clip",
    predictionType: predictionTypeOf(source) ?? (isSd2 ? undefined : "epsilon"),
    hasZeroTerminalSnr: source.tensors.has("ztsnr"),
    resolution: resolutionOf(metadata["modelspec.resolution"]) ?? SD1_RESOLUTION,
    title: metadata["modelspec.title"],
  };
}

/** Merging tools mark a checkpoint with the key `v_pred`; else the metadata decides. */
function predictionTypeOf({ tensors, metadata }: CheckpointSource): PredictionType | undefined {
  if (tensors.has("v_pred")) return "v";
  const stated = metadata["modelspec.prediction_type"];
  return stated === "epsilon" || stated === "v" ? stated : undefined;
}

/** Returns the inspection of a file that can be used. Throws LexemeError `CHECKPOINT_UNSUPPORTED` with the reason for any other file. */
export function requireSupported(inspection: CheckpointInspection, fileName: string): CheckpointInspection {
  if (inspection.refusal === undefined) return inspection;
  throw new LexemeError(
    "CHECKPOINT_UNSUPPORTED",
    `Cannot use "${fileName}" as a checkpoint: ${inspection.refusal}. Choose a Stable Diffusion 1.x or 2.x checkpoint`,
    { details: { family: inspection.family } },
  );
}

/** The types that networks can widen to float32; other types (fp8, 4-bit, float64) would need another reader. */
const USABLE_DTYPES: readonly TensorLocation["dtype"][] = ["F16", "BF16", "F32"];
const WEIGHT_KEY = /^(model\.diffusion_model|cond_stage_model|first_stage_model)\..*\.(weight|bias)$/;

function refusalOfWeights(tensors: ReadonlyMap<string, TensorLocation>): string | undefined {
  for (const [key, { dtype }] of tensors) {
    if (!WEIGHT_KEY.test(key) || USABLE_DTYPES.includes(dtype)) continue;
    return `it stores weights as ${dtype} ("${key}"), and only fp16, bf16 and fp32 can be read`;
  }
  return undefined;
}

/** Renames the keys of files from an older `transformers`, which had no `text_model` level, as A1111 does. */
function presentKey(key: string): string {
  if (!key.startsWith(OLD_TEXT_PREFIX)) return key;
  const rest = key.slice(OLD_TEXT_PREFIX.length);
  return OLD_TEXT_PARTS.some((part) => rest.startsWith(part)) ? `${OLD_TEXT_PREFIX}text_model.${rest}` : key;
}

/** The element type of the weights, or "mixed" if no type has nine tenths of the bytes (a VAE often stays in fp32). */
function precisionOf(tensors: ReadonlyMap<string, TensorLocation>): CheckpointPrecision {
  const bytes = new Map<CheckpointPrecision, number>();
  let total = 0;
  for (const { dtype, length } of tensors.values()) {
    const precision = PRECISIONS[dtype] ?? "other";
    bytes.set(precision, (bytes.get(precision) ?? 0) + length);
    total += length;
  }
  for (const [precision, length] of bytes) if (length >= 0.9 * total) return precision;
  return "mixed";
}

const PRECISIONS: Partial<Record<TensorLocation["dtype"], CheckpointPrecision>> = {
  F16: "fp16",
  BF16: "bf16",
  F32: "fp32",
  F8_E4M3: "fp8",
  F8_E5M2: "fp8",
};

function resolutionOf(text: string | undefined): { width: number; height: number } | undefined {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text ?? "") ?? [];
  const [w, h] = [positiveInteger(width), positiveInteger(height)];
  return w !== undefined && h !== undefined && w % 8 === 0 && h % 8 === 0 ? { width: w, height: h } : undefined;
}

function positiveInteger(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value > 0 && value <= MAX_METADATA_SIZE ? value : undefined;
}
