/** @file A diffusers folder (`model_index.json` and a folder for each network) as one checkpoint with LDM's keys, sharded weights included. */
import { LexemeError } from "@lexeme/core";
import type { CheckpointSource, CheckpointTensorLocation } from "../checkpoint-source.ts";
import { DIFFUSERS_PARTS, ldmKeys, type DiffusersPart } from "./ldm-keys.ts";

/** The access to a folder that the reader needs. Paths are relative to the folder, with forward slashes. */
export interface FolderAccess {
  has(path: string): Promise<boolean>;
  /** Text of a small file. */
  readText(path: string): Promise<string>;
  /** The places of a weights file's tensors, and the file's real path. */
  readTensors(path: string): Promise<{ source: CheckpointSource; realPath: string }>;
}

/** The names of a part's weights files, in order of preference: full precision first, as in diffusers. Older folders have torch's files. */
const WEIGHT_STEMS: Readonly<Record<DiffusersPart, readonly string[]>> = {
  unet: ["diffusion_pytorch_model"],
  vae: ["diffusion_pytorch_model"],
  text_encoder: ["model", "pytorch_model"],
};
const WEIGHT_ENDINGS = [".safetensors", ".fp16.safetensors", ".bin", ".fp16.bin"];
/** In SD 1.x, `attention_head_dim` is the number of heads. This is a mistake that diffusers keeps. */
const SD1_HEADS = 8;
/** The width of a head in all of CLIP's text encoders. */
const TEXT_HEAD_WIDTH = 64;

/** SD 2.x's OpenCLIP ViT-H. */
const SD2_TEXT_WIDTH = 1024;

/** Throws LexemeError `DIFFUSERS_FOLDER`, which names the missing file or the unsupported kind. */
export async function readDiffusersFolder(folder: FolderAccess): Promise<CheckpointSource> {
  const index = await readJson(folder, "model_index.json");
  const pipeline = String(index["_class_name"]);
  if (!/^StableDiffusion(Pipeline|Img2ImgPipeline)$/.test(pipeline)) {
    throw fault(`its "model_index.json" says "${pipeline}", and only "StableDiffusionPipeline" can be used`);
  }
  const tensors = new Map<string, CheckpointTensorLocation>();
  for (const part of DIFFUSERS_PARTS) {
    const found = await readPart(folder, part);
    for (const [key, ldmKey] of ldmKeys(part, [...found.keys()])) tensors.set(ldmKey, found.get(key)!);
  }
  return { tensors, metadata: await readMetadata(folder) };
}

async function readPart(folder: FolderAccess, part: DiffusersPart): Promise<Map<string, CheckpointTensorLocation>> {
  const tensors = new Map<string, CheckpointTensorLocation>();
  for (const file of await filesOf(folder, part)) {
    const { source, realPath } = await folder.readTensors(`${part}/${file}`);
    for (const [key, tensor] of source.tensors) tensors.set(key, { ...tensor, file: realPath });
  }
  return tensors;
}

/** One file, or the shards listed in an index. */
async function filesOf(folder: FolderAccess, part: DiffusersPart): Promise<string[]> {
  for (const ending of WEIGHT_ENDINGS) {
    for (const stem of WEIGHT_STEMS[part]) {
      const file = `${stem}${ending}`;
      if (await folder.has(`${part}/${file}`)) return [file];
      // `x.fp16.safetensors` in shards has `x.safetensors.index.fp16.json`.
      const index = `${stem}${ending.replace(".fp16", "")}.index${ending.startsWith(".fp16") ? ".fp16" : ""}.json`;
      if (await folder.has(`${part}/${index}`)) return shardsOf(await readJson(folder, `${part}/${index}`), part);
    }
  }
  throw fault(`it holds no weights in "${part}"`);
}

function shardsOf({ weight_map: weightMap }: Record<string, unknown>, part: DiffusersPart): string[] {
  const files = isRecord(weightMap) ? [...new Set(Object.values(weightMap))] : [];
  if (files.length > 0 && files.every((file) => typeof file === "string" && /^[\w.-]+$/.test(file))) {
    return files as string[];
  }
  throw fault(`the index of "${part}" names no weights files`);
}

/** The constants that shapes do not show, under the keys that single files use. */
async function readMetadata(folder: FolderAccess): Promise<Record<string, string>> {
  const unet = await readJson(folder, "unet/config.json");
  const text = await readJson(folder, "text_encoder/config.json");
  const { hidden_act: activation = "quick_gelu", hidden_size: width, num_attention_heads: heads } = text;
  // The inspection recognizes SD 2.x, and so the activation, by the width.
  if (activation !== (width === SD2_TEXT_WIDTH ? "gelu" : "quick_gelu")) {
    throw fault(
      `its text encoder uses the activation "${String(activation)}", which Stable Diffusion does not have at this width`,
    );
  }
  if (typeof width === "number" && width >= TEXT_HEAD_WIDTH && heads !== width / TEXT_HEAD_WIDTH) {
    throw fault(`its text encoder has ${String(heads)} heads, and only heads of width ${TEXT_HEAD_WIDTH} can be used`);
  }
  const scheduler = (await folder.has("scheduler/scheduler_config.json"))
    ? await readJson(folder, "scheduler/scheduler_config.json")
    : {};
  const { prediction_type: prediction = "epsilon" } = scheduler;
  if (prediction !== "epsilon" && prediction !== "v_prediction") {
    throw fault(`its UNet predicts "${String(prediction)}", and only "epsilon" and "v_prediction" can be used`);
  }
  const metadata: Record<string, string> = { "modelspec.prediction_type": prediction === "epsilon" ? "epsilon" : "v" };
  const { norm_num_groups: groups, sample_size: size } = unet;
  if (typeof groups === "number") metadata["norm_num_groups"] = String(groups);
  if (typeof size === "number") metadata["modelspec.resolution"] = `${size * 8}x${size * 8}`;
  const headWidth = headWidthOf(unet);
  if (headWidth !== undefined) metadata["num_head_channels"] = String(headWidth);
  return metadata;
}

/** Width of the UNet's heads; undefined means SD 1.x's rule of 8 heads at every level. */
function headWidthOf({
  block_out_channels: channels,
  attention_head_dim: dims,
  num_attention_heads: heads,
}: Record<string, unknown>): number | undefined {
  const counts = heads ?? dims ?? SD1_HEADS;
  if (counts === SD1_HEADS) return undefined;
  if (!Array.isArray(channels)) throw fault('its "unet/config.json" has no block_out_channels');
  const widths = new Set(
    channels.map((width, i) => Number(width) / Number(Array.isArray(counts) ? counts[i] : counts)),
  );
  const [width] = widths;
  if (widths.size === 1 && Number.isInteger(width)) return width;
  throw fault(`its UNet's attention heads (${JSON.stringify(counts)}) have neither one width nor SD 1.x's number`);
}

async function readJson(folder: FolderAccess, path: string): Promise<Record<string, unknown>> {
  if (!(await folder.has(path))) throw fault(`"${path}" is missing`);
  try {
    const value: unknown = JSON.parse(await folder.readText(path));
    if (isRecord(value)) return value;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw fault(`"${path}" is not a JSON object`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fault(what: string): LexemeError {
  return new LexemeError("DIFFUSERS_FOLDER", `This diffusers folder cannot be used: ${what}`);
}
