/** @file Renames the keys of OpenCLIP's text encoder, which SD 2.x uses, to CLIP's keys: the layers are the same, but OpenCLIP stores three of the matrices as one. */
import type { CheckpointTensorLocation } from "./checkpoint-source.ts";

export const OPEN_CLIP_PREFIX = "cond_stage_model.model.";
const CLIP_PREFIX = "cond_stage_model.transformer.text_model.";

const OUTSIDE_LAYERS: Readonly<Record<string, string>> = {
  "token_embedding.weight": "embeddings.token_embedding.weight",
  positional_embedding: "embeddings.position_embedding.weight",
  "ln_final.weight": "final_layer_norm.weight",
  "ln_final.bias": "final_layer_norm.bias",
};
const INSIDE_LAYERS: Readonly<Record<string, string>> = {
  ln_1: "layer_norm1",
  ln_2: "layer_norm2",
  "attn.out_proj": "self_attn.out_proj",
  "mlp.c_fc": "mlp.fc1",
  "mlp.c_proj": "mlp.fc2",
};

type Tensors = ReadonlyMap<string, CheckpointTensorLocation>;

/**
 * The tensors with OpenCLIP's keys renamed. SD 2.x uses the output of the last layer but one (`layer: penultimate` in v2-inference.yaml), so
 * the last layer is left out. The projection and the temperature are left out too, because they only compare texts with pictures.
 */
export function withClipKeys(tensors: Tensors): Map<string, CheckpointTensorLocation> {
  const layers = [...tensors.keys()].map((key) => Number(layerOf(key)?.index ?? -1));
  const last = Math.max(-1, ...layers);
  const renamed = new Map<string, CheckpointTensorLocation>();
  for (const [key, tensor] of tensors) {
    if (!key.startsWith(OPEN_CLIP_PREFIX)) {
      renamed.set(key, tensor);
      continue;
    }
    const outside = OUTSIDE_LAYERS[key.slice(OPEN_CLIP_PREFIX.length)];
    if (outside !== undefined) renamed.set(`${CLIP_PREFIX}${outside}`, tensor);
    const layer = layerOf(key);
    if (layer === undefined || Number(layer.index) === last) continue;
    const target = `${CLIP_PREFIX}encoder.layers.${layer.index}.`;
    for (const [name, part] of layerTensors(layer.name, tensor)) renamed.set(`${target}${name}`, part);
  }
  return renamed;
}

function layerOf(key: string): { index: string; name: string } | undefined {
  const [, index, name] = /^cond_stage_model\.model\.transformer\.resblocks\.(\d+)\.(.+)$/.exec(key) ?? [];
  return index === undefined || name === undefined ? undefined : { index, name };
}

function layerTensors(name: string, tensor: CheckpointTensorLocation): [string, CheckpointTensorLocation][] {
  const [, fused] = /^attn\.in_proj_(weight|bias)$/.exec(name) ?? [];
  if (fused !== undefined) return splitInThree(tensor).map((part, i) => [`self_attn.${"qkv"[i]}_proj.${fused}`, part]);
  const [, module = "", parameter = ""] = /^(.+)\.(weight|bias)$/.exec(name) ?? [];
  const target = INSIDE_LAYERS[module];
  return target === undefined ? [] : [[`${target}.${parameter}`, tensor]];
}

/** The rows of query, key and value are stored one after the other, so each third of the bytes is one matrix. */
function splitInThree(tensor: CheckpointTensorLocation): CheckpointTensorLocation[] {
  const [rows = 0, ...rest] = tensor.shape;
  const length = tensor.length / 3;
  return [0, 1, 2].map((i) => ({
    ...tensor,
    shape: [rows / 3, ...rest],
    offset: tensor.offset + i * length,
    length,
  }));
}
