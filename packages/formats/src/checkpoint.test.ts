/** @file Checkpoint inspection: the family of a header, and the constants that metadata may override. */
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { inspectCheckpoint, requireSupported, TOKEN_EMBEDDING_KEY } from "./checkpoint.ts";
import { inspectCheckpointFile } from "./node/index.ts";
import type { SafetensorsDType, SafetensorsHeader } from "./safetensors.ts";

const UNET = "model.diffusion_model.";
const SD1 = {
  [TOKEN_EMBEDDING_KEY]: [49408, 768],
  [`${UNET}input_blocks.0.0.weight`]: [320, 4, 3, 3],
  [`${UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight`]: [320, 768],
  "first_stage_model.encoder.conv_in.weight": [128, 3, 3, 3],
  "first_stage_model.decoder.conv_in.weight": [512, 4, 3, 3],
};
const WITHOUT_TEXT = without(SD1, TOKEN_EMBEDDING_KEY);

describe("families are named, and all except SD 1.x and 2.x are refused with the reason", () => {
  const cases: [name: string, tensors: Record<string, number[]>, family: string, refusal: RegExp][] = [
    ["SD 1.x", SD1, "sd1", /^can be used$/],
    [
      "SD 1.x without its VAE",
      without(SD1, "first_stage_model.encoder.conv_in.weight"),
      "sd1",
      /without the VAE encoder/,
    ],
    [
      "SD 2",
      { ...WITHOUT_TEXT, "cond_stage_model.model.transformer.resblocks.0.ln_1.bias": [1024] },
      "sd2",
      /Stable Diffusion 2/,
    ],
    [
      "SD 2's UNet",
      { [`${UNET}out.0.bias`]: [320], [`${UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight`]: [320, 1024] },
      "sd2",
      /Stable Diffusion 2/,
    ],
    [
      "SDXL",
      { ...WITHOUT_TEXT, "conditioner.embedders.0.transformer.text_model.final_layer_norm.bias": [768] },
      "sdxl",
      /XL/,
    ],
    ["SDXL's UNet", { [`${UNET}label_emb.0.0.weight`]: [1280, 2816], [`${UNET}out.0.bias`]: [320] }, "sdxl", /XL/],
    [
      "SD 3",
      { [`${UNET}joint_blocks.0.context_block.attn.proj.bias`]: [1536], [`${UNET}x_embedder.proj.bias`]: [1] },
      "sd3",
      /3/,
    ],
    ["Flux", { "double_blocks.0.img_attn.norm.key_norm.scale": [128], "img_in.bias": [3072] }, "flux", /Flux/],
    ["inpainting", { ...SD1, [`${UNET}input_blocks.0.0.weight`]: [320, 9, 3, 3] }, "inpainting", /9 channels, not 4/],
    ["InstructPix2Pix", { ...SD1, [`${UNET}input_blocks.0.0.weight`]: [320, 8, 3, 3] }, "inpainting", /editing/],
    ["a VAE", { "encoder.conv_in.weight": [128, 3, 3, 3], "encoder.mid.block_1.norm1.bias": [512] }, "vae", /VAE/],
    ["an embedding", { emb_params: [2, 768] }, "embedding", /embeddings folder/],
    ["a diffusers embedding", { "<cat>": [768] }, "embedding", /embeddings folder/],
    ["a LoRA", { "lora_unet_mid_block_attentions_0_proj_in.lora_up.weight": [1280, 4], "x.alpha": [] }, "lora", /LoRA/],
    [
      "a ControlNet",
      { "control_model.zero_convs.0.0.bias": [320], "control_model.time_embed.0.bias": [1280] },
      "controlnet",
      /ControlNet/,
    ],
    [
      "diffusers' UNet",
      { "conv_in.bias": [320], "down_blocks.0.resnets.0.norm1.bias": [320] },
      "diffusers-part",
      /diffusers/,
    ],
    [
      "diffusers' VAE",
      { "encoder.conv_in.bias": [128], "encoder.down_blocks.0.resnets.0.norm1.bias": [128] },
      "diffusers-part",
      /diffusers/,
    ],
    [
      "transformers' text encoder",
      { "text_model.final_layer_norm.bias": [768], "text_model.final_layer_norm.weight": [768] },
      "diffusers-part",
      /diffusers/,
    ],
    [
      "parts that do not fit",
      { ...SD1, [TOKEN_EMBEDDING_KEY]: [49408, 512] },
      "unknown",
      /512 wide but its UNet expects 768/,
    ],
    ["something else", { a: [1], b: [1] }, "unknown", /none of the keys/],
    ["nothing", {}, "unknown", /none of the keys/],
  ];
  test.each(cases)("%s", (...[, tensors, family, refusal]) => {
    const inspection = inspectCheckpoint(header(tensors));
    expect(inspection.family).toBe(family);
    expect(inspection.dialect).toBe(family === "sd2" ? "openClip" : "clip");
    expect(inspection.refusal ?? "can be used").toMatch(refusal);
  });
});

test("a refused file becomes an error that names the file and the reason", () => {
  const xl = inspectCheckpoint(header({ [`${UNET}label_emb.0.0.weight`]: [1280, 2816], b: [1] }));
  expect(() => requireSupported(xl, "xl.safetensors")).toThrow(
    'Cannot use "xl.safetensors" as a checkpoint: it is a Stable Diffusion XL checkpoint. Choose a Stable Diffusion 1.x or 2.x checkpoint',
  );
});

test("old text-encoder keys get their present names, position ids and all other keys keep theirs", () => {
  const old = Object.fromEntries(Object.entries(SD1).map(([key, shape]) => [key.replace("text_model.", ""), shape]));
  const inspection = inspectCheckpoint(header(old));
  expect(inspection.refusal).toBeUndefined();
  expect([...inspection.tensors.keys()]).toEqual(Object.keys(SD1));
  expect(inspection.textWidth).toBe(768);
});

test("values that shapes cannot tell are SD 1.x's constants, unless the metadata gives others", () => {
  const constants = { normNumGroups: 32, numHeadChannels: undefined, resolution: { width: 512, height: 512 } };
  expect(inspectCheckpoint(header(SD1))).toMatchObject(constants);
  const demo = { norm_num_groups: "8", num_head_channels: "32", "modelspec.resolution": "128x192" };
  const said = { normNumGroups: 8, numHeadChannels: 32, resolution: { width: 128, height: 192 } };
  expect(inspectCheckpoint({ ...header(SD1), metadata: demo })).toMatchObject(said);
  const nonsense = { norm_num_groups: "-8", num_head_channels: "1e3", "modelspec.resolution": "100x100" };
  expect(inspectCheckpoint({ ...header(SD1), metadata: nonsense })).toMatchObject(constants);
});

test("weights in a type that networks cannot read are refused before anything is opened", () => {
  const quantised = inspectCheckpoint(header(SD1, "F8_E4M3"));
  expect(quantised).toMatchObject({ family: "sd1", precision: "fp8" });
  expect(quantised.refusal).toMatch(/stores weights as F8_E4M3 .*only fp16, bf16 and fp32/);
});

test("precision is the type of nearly all bytes", () => {
  expect((["F16", "BF16", "F32", "F8_E4M3", "I64"] as const).map(precisionOf)).toEqual([
    "fp16",
    "bf16",
    "fp32",
    "fp8",
    "other",
  ]);
});

test("the demo checkpoint is an SD 1.x checkpoint in fp16 with its own constants", async () => {
  const path = fileURLToPath(new URL("../../demo/demo-world.safetensors", import.meta.url));
  expect(await inspectCheckpointFile(path)).toMatchObject({
    family: "sd1",
    refusal: undefined,
    precision: "fp16",
    textWidth: 128,
    normNumGroups: 8,
    numHeadChannels: 32,
    resolution: { width: 128, height: 128 },
    sizeBytes: 46_969_542,
  });
});

test("a missing file and a broken file are errors with the path", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lexeme-checkpoint-"));
  try {
    const path = join(folder, "half.safetensors");
    await expect(inspectCheckpointFile(path)).rejects.toMatchObject({ code: "FILE_MISSING", kind: "missing" });
    await expect(inspectCheckpointFile(folder)).rejects.toMatchObject({ code: "DIFFUSERS_FOLDER" });
    const file = await open(path, "w");
    await file.write(Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 123));
    await file.close();
    await expect(inspectCheckpointFile(path)).rejects.toMatchObject({
      code: "SAFETENSORS_TRUNCATED",
      message: `Cannot read "${path}": The header claims 200 bytes but only 1 follow: the file is cut short, copy or download it again`,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

function header(tensors: Record<string, number[]>, dtype: SafetensorsDType = "F16"): SafetensorsHeader {
  const entries = Object.entries(tensors);
  return {
    metadata: {},
    tensors: new Map(
      entries.map(([key, shape]) => [key, { dtype, shape, offset: 0, length: shape.reduce((a, b) => a * b, 2) }]),
    ),
  };
}

function precisionOf(dtype: SafetensorsDType): string {
  return inspectCheckpoint(header({ a: [100], b: [1, 1, 1] }, dtype)).precision;
}

function without(tensors: Record<string, number[]>, key: string): Record<string, number[]> {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => name !== key));
}
