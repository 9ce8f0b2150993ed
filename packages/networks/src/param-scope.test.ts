/** @file Errors for incomplete and misshapen checkpoints name the key and the expected shape. */
import { Graph } from "@lexeme/onnx";
import { describe, expect, test } from "vitest";
import { buildTextEncoder, buildUNet, buildVaeDecoder, buildVaeEncoder } from "./build-graphs.ts";
import type { CheckpointTensor, CheckpointWeights } from "./checkpoint-weights.ts";
import { ParamScope } from "./param-scope.ts";

const UNET = "model.diffusion_model";
const TEXT = "cond_stage_model.transformer.text_model";
const VAE = "first_stage_model";
const SIZE = { batch: 1, height: 8, width: 8, tokens: 77 };
const BUILDERS = {
  [UNET]: buildUNet,
  [TEXT]: buildTextEncoder,
  [`${VAE}.decoder`]: buildVaeDecoder,
  [`${VAE}.encoder`]: buildVaeEncoder,
};

test("a complete checkpoint builds every network", () => {
  for (const build of Object.values(BUILDERS)) expect(build(tinyCheckpoint(), SIZE).outputs.size).toBeGreaterThan(0);
});

test("for every missing key, the error is a sentence about the checkpoint that names a place in it", () => {
  for (const missing of tinyCheckpoint().tensors.keys()) {
    const [, build] = Object.entries(BUILDERS).find(([prefix]) => missing.startsWith(prefix)) ?? ["", buildVaeEncoder];
    const both = missing.startsWith(`${VAE}.post_quant`) ? buildVaeDecoder : build;
    const fault = faultOf(() => both(without(missing), SIZE));
    expect(fault).toMatchObject({ name: "LexemeError", kind: "input" });
    const named = [
      missing,
      missing.replace(/\.[^.]+$/, ""),
      missing.replace(/(blocks\.\d+).*/, "$1"),
      "input blocks",
      "reads the prompt",
    ];
    expect(named.filter((name) => String(fault).includes(name))).not.toEqual([]);
  }
});

describe("the error says what is expected", () => {
  test("a missing key", () => {
    const key = `${UNET}.input_blocks.1.1.transformer_blocks.0.norm2.weight`;
    expect(() => buildUNet(without(key), SIZE)).toThrow(
      `The checkpoint lacks "${key}", expected with shape [32]: it is incomplete or of another family`,
    );
  });

  test("a misshapen key", () => {
    const key = `${UNET}.input_blocks.1.0.in_layers.0.weight`;
    const fault = faultOf(() => buildUNet(tinyCheckpoint({ [key]: [31] }), SIZE));
    expect(fault).toMatchObject({
      code: "CHECKPOINT_KEY_SHAPE",
      message: `The checkpoint's "${key}" has shape [31], expected [32]`,
      details: { key, expected: [32], found: [31] },
    });
  });

  test("a key of too few dimensions to infer sizes from", () => {
    const key = `${TEXT}.embeddings.token_embedding.weight`;
    expect(() => buildTextEncoder(tinyCheckpoint({ [key]: [7] }), SIZE)).toThrow(
      `The checkpoint's "${key}" has shape [7], too few dimensions to infer sizes from`,
    );
  });

  test("an element type that no weight may have", () => {
    const scope = new ParamScope(
      new Graph(),
      checkpointOf({ "a.weight": { dtype: "F8_E4M3", shape: [2], offset: 0, length: 2 } }),
    );
    expect(() => scope.at("a").weight([2])).toThrow(
      `The checkpoint's "a.weight" is stored as F8_E4M3: choose a file in fp16, bf16 or fp32`,
    );
  });

  test("a UNet that ends too early", () => {
    const weights = tinyCheckpoint();
    const tensors = new Map([...weights.tensors].filter(([key]) => !key.startsWith(`${UNET}.output_blocks.1.`)));
    expect(() => buildUNet({ ...weights, tensors }, SIZE)).toThrow("UNet has 2 input blocks but 1 output blocks");
  });
});

test("clip skip beyond the number of layers throws RangeError", () => {
  expect(() => buildTextEncoder(tinyCheckpoint(), SIZE, { clipSkip: 2 })).toThrow(RangeError);
});

test("a projection stored as linear layer (SD 2) or as 1 x 1 convolution (SD 1) is the same matrix", () => {
  const key = `${UNET}.middle_block.1.proj_in.weight`;
  const linear = buildUNet(tinyCheckpoint({ [key]: [32, 32] }), SIZE);
  expect(linear.nodes.map(({ op }) => op)).toEqual(buildUNet(tinyCheckpoint(), SIZE).nodes.map(({ op }) => op));
});

function faultOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

function without(key: string): CheckpointWeights {
  const weights = tinyCheckpoint();
  return { ...weights, tensors: new Map([...weights.tensors].filter(([name]) => name !== key)) };
}

/** One level, one block, width 32: every kind of key once. */
function tinyCheckpoint(changed: Record<string, number[]> = {}): CheckpointWeights {
  const shapes: Record<string, number[]> = {};
  const layer = (key: string, ...weight: number[]) => {
    shapes[`${key}.weight`] = weight;
    shapes[`${key}.bias`] = [weight[0] ?? 0];
  };
  const resnet = (key: string, inputs: number) => {
    layer(`${key}.in_layers.0`, inputs);
    layer(`${key}.in_layers.2`, 32, inputs, 3, 3);
    layer(`${key}.emb_layers.1`, 32, 128);
    layer(`${key}.out_layers.0`, 32);
    layer(`${key}.out_layers.3`, 32, 32, 3, 3);
    if (inputs !== 32) layer(`${key}.skip_connection`, 32, inputs, 1, 1);
  };
  const transformer = (key: string) => {
    layer(`${key}.norm`, 32);
    for (const name of ["proj_in", "proj_out"]) layer(`${key}.${name}`, 32, 32, 1, 1);
    const block = `${key}.transformer_blocks.0`;
    for (const name of ["norm1", "norm2", "norm3"]) layer(`${block}.${name}`, 32);
    for (const name of ["attn1", "attn2"]) {
      for (const part of ["to_q", "to_k", "to_v"]) {
        shapes[`${block}.${name}.${part}.weight`] = [32, name === "attn2" && part !== "to_q" ? 64 : 32];
      }
      layer(`${block}.${name}.to_out.0`, 32, 32);
    }
    layer(`${block}.ff.net.0.proj`, 256, 32);
    layer(`${block}.ff.net.2`, 32, 128);
  };
  layer(`${UNET}.time_embed.0`, 128, 32);
  layer(`${UNET}.time_embed.2`, 128, 128);
  layer(`${UNET}.input_blocks.0.0`, 32, 4, 3, 3);
  resnet(`${UNET}.input_blocks.1.0`, 32);
  transformer(`${UNET}.input_blocks.1.1`);
  resnet(`${UNET}.middle_block.0`, 32);
  transformer(`${UNET}.middle_block.1`);
  resnet(`${UNET}.middle_block.2`, 32);
  for (const block of [0, 1]) resnet(`${UNET}.output_blocks.${block}.0`, 64);
  layer(`${UNET}.out.0`, 32);
  layer(`${UNET}.out.2`, 4, 32, 3, 3);

  shapes[`${TEXT}.embeddings.token_embedding.weight`] = [10, 64];
  shapes[`${TEXT}.embeddings.position_embedding.weight`] = [77, 64];
  for (const name of ["q_proj", "k_proj", "v_proj", "out_proj"])
    layer(`${TEXT}.encoder.layers.0.self_attn.${name}`, 64, 64);
  for (const name of ["layer_norm1", "layer_norm2"]) layer(`${TEXT}.encoder.layers.0.${name}`, 64);
  layer(`${TEXT}.encoder.layers.0.mlp.fc1`, 256, 64);
  layer(`${TEXT}.encoder.layers.0.mlp.fc2`, 64, 256);
  layer(`${TEXT}.final_layer_norm`, 64);

  const vaeResnet = (key: string) => {
    for (const n of [1, 2]) {
      layer(`${key}.norm${n}`, 32);
      layer(`${key}.conv${n}`, 32, 32, 3, 3);
    }
  };
  for (const half of ["encoder", "decoder"]) {
    const isEncoder = half === "encoder";
    layer(`${VAE}.${half}.conv_in`, 32, isEncoder ? 3 : 4, 3, 3);
    vaeResnet(`${VAE}.${half}.${isEncoder ? "down" : "up"}.0.block.0`);
    for (const block of ["block_1", "block_2"]) vaeResnet(`${VAE}.${half}.mid.${block}`);
    layer(`${VAE}.${half}.mid.attn_1.norm`, 32);
    for (const name of ["q", "k", "v", "proj_out"]) layer(`${VAE}.${half}.mid.attn_1.${name}`, 32, 32, 1, 1);
    layer(`${VAE}.${half}.norm_out`, 32);
    layer(`${VAE}.${half}.conv_out`, isEncoder ? 8 : 3, 32, 3, 3);
  }
  layer(`${VAE}.quant_conv`, 8, 8, 1, 1);
  layer(`${VAE}.post_quant_conv`, 4, 4, 1, 1);
  Object.assign(shapes, changed);
  return checkpointOf(
    Object.fromEntries(
      Object.entries(shapes).map(([key, shape]) => [
        key,
        { dtype: "F32", shape, offset: 0, length: shape.reduce((a, b) => a * b, 4) },
      ]),
    ),
  );
}

function checkpointOf(tensors: Record<string, CheckpointTensor>): CheckpointWeights {
  return { file: "tiny.safetensors", tensors: new Map(Object.entries(tensors)), normNumGroups: 8, numHeadChannels: 16 };
}
