/**
 * @file A checkpoint of Stable Diffusion 1.5's sizes with random weights, fp16, 2.1 GB. It suffices for all measurements without a download.
 * Weights have the variance of an untrained network (1 / fan-in), so that activations neither grow nor vanish from layer to layer.
 */
import { once } from "node:events";
import { createWriteStream, existsSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { elementCount, float32ToFloat16, TorchGenerator, type Shape } from "@lexeme/core";

interface Tensor {
  shape: Shape;
  /** Standard deviation of the values; `constant` for norms and biases. */
  fill: { std: number } | { constant: number };
}

const CHANNELS = 320;
const MULTIPLIERS = [1, 2, 4, 4];
/** Levels of the UNet that have attention. */
const ATTENTION_LEVELS = 3;
const TIME_WIDTH = 1280;
const TEXT_WIDTH = 768;
const VAE_CHANNELS = 128;
const VOCABULARY = 49_408;
/** The number of random values. Every weight is a range of these values. */
const POOL_VALUES = 1 << 20;

/** In the system's folder for temporary files, so that the next run does not write 2.1 GB again. */
export const RANDOM_CHECKPOINT = join(tmpdir(), "lexeme-bench-sd15.safetensors");
const TEMPORARY = `${RANDOM_CHECKPOINT}.tmp`;

/** Writes the random checkpoint if it is not there. */
export async function ensureRandomCheckpoint(say: (line: string) => void): Promise<void> {
  if (existsSync(RANDOM_CHECKPOINT)) return;
  say("writing a checkpoint with random weights, 2.1 GB");
  await writeRandomCheckpoint();
}

/** Deletes the random checkpoint, also one that is not complete. */
export function deleteRandomCheckpoint(): void {
  for (const file of [RANDOM_CHECKPOINT, TEMPORARY]) rmSync(file, { force: true });
}

/** Writes the file. It appears under its name only when it is complete. */
async function writeRandomCheckpoint(): Promise<void> {
  const tensors = sd15Tensors();
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [key, { shape }] of tensors) {
    const begin = end;
    end += elementCount(shape) * 2;
    header[key] = { dtype: "F16", shape, data_offsets: [begin, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));

  const file = createWriteStream(TEMPORARY);
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (!file.write(bytes)) await once(file, "drain");
  };
  await write(length);
  await write(json);
  const pool = new TorchGenerator(0).randn(POOL_VALUES);
  const poolsByFill = new Map<string, Buffer>();
  for (const { shape, fill } of tensors.values()) {
    const key = JSON.stringify(fill);
    let halves = poolsByFill.get(key);
    if (halves === undefined) {
      const values = "std" in fill ? pool.map((value) => value * fill.std) : pool.map(() => fill.constant);
      halves = Buffer.from(float32ToFloat16(values).buffer);
      poolsByFill.set(key, halves);
    }
    for (let left = elementCount(shape) * 2; left > 0; left -= halves.length) {
      await write(left >= halves.length ? halves : halves.subarray(0, left));
    }
  }
  file.end();
  await once(file, "finish");
  await rename(TEMPORARY, RANDOM_CHECKPOINT);
}

class TensorTable extends Map<string, Tensor> {
  weight(key: string, shape: Shape, std = 1 / Math.sqrt(elementCount(shape.slice(1)))): void {
    this.set(`${key}.weight`, { shape, fill: { std } });
  }

  /** A linear layer or, with a kernel, a convolution. */
  layer(
    key: string,
    [outputs, inputs]: readonly [number, number],
    options: { kernel?: number; bias?: boolean } = {},
  ): void {
    const { kernel, bias = true } = options;
    this.weight(key, kernel === undefined ? [outputs, inputs] : [outputs, inputs, kernel, kernel]);
    if (bias) this.set(`${key}.bias`, { shape: [outputs], fill: { constant: 0 } });
  }

  norm(key: string, width: number): void {
    this.set(`${key}.weight`, { shape: [width], fill: { constant: 1 } });
    this.set(`${key}.bias`, { shape: [width], fill: { constant: 0 } });
  }
}

function sd15Tensors(): TensorTable {
  const tensors = new TensorTable();
  addUNet(tensors, "model.diffusion_model");
  addVae(tensors, "first_stage_model");
  addTextEncoder(tensors, "cond_stage_model.transformer.text_model");
  return tensors;
}

function addUNet(tensors: TensorTable, root: string): void {
  tensors.layer(`${root}.time_embed.0`, [TIME_WIDTH, CHANNELS]);
  tensors.layer(`${root}.time_embed.2`, [TIME_WIDTH, TIME_WIDTH]);
  tensors.layer(`${root}.input_blocks.0.0`, [CHANNELS, 4], { kernel: 3 });
  const skips = [CHANNELS];
  let width = CHANNELS;
  let block = 1;
  for (const [level, multiplier] of MULTIPLIERS.entries()) {
    for (let i = 0; i < 2; i++, block++) {
      addResBlock(tensors, `${root}.input_blocks.${block}.0`, { inputs: width, outputs: CHANNELS * multiplier });
      width = CHANNELS * multiplier;
      if (level < ATTENTION_LEVELS) addTransformer(tensors, `${root}.input_blocks.${block}.1`, width);
      skips.push(width);
    }
    if (level === MULTIPLIERS.length - 1) continue;
    tensors.layer(`${root}.input_blocks.${block++}.0.op`, [width, width], { kernel: 3 });
    skips.push(width);
  }
  addResBlock(tensors, `${root}.middle_block.0`, { inputs: width, outputs: width });
  addTransformer(tensors, `${root}.middle_block.1`, width);
  addResBlock(tensors, `${root}.middle_block.2`, { inputs: width, outputs: width });
  block = 0;
  for (const [level, multiplier] of [...MULTIPLIERS.entries()].toReversed()) {
    for (let i = 0; i < 3; i++, block++) {
      const key = `${root}.output_blocks.${block}`;
      addResBlock(tensors, `${key}.0`, { inputs: width + (skips.pop() ?? 0), outputs: CHANNELS * multiplier });
      width = CHANNELS * multiplier;
      if (level < ATTENTION_LEVELS) addTransformer(tensors, `${key}.1`, width);
      const upsample = `${key}.${level < ATTENTION_LEVELS ? 2 : 1}.conv`;
      if (level > 0 && i === 2) tensors.layer(upsample, [width, width], { kernel: 3 });
    }
  }
  tensors.norm(`${root}.out.0`, CHANNELS);
  tensors.layer(`${root}.out.2`, [4, CHANNELS], { kernel: 3 });
}

function addResBlock(
  tensors: TensorTable,
  key: string,
  { inputs, outputs }: { inputs: number; outputs: number },
): void {
  tensors.norm(`${key}.in_layers.0`, inputs);
  tensors.layer(`${key}.in_layers.2`, [outputs, inputs], { kernel: 3 });
  tensors.layer(`${key}.emb_layers.1`, [outputs, TIME_WIDTH]);
  tensors.norm(`${key}.out_layers.0`, outputs);
  tensors.layer(`${key}.out_layers.3`, [outputs, outputs], { kernel: 3 });
  if (inputs !== outputs) tensors.layer(`${key}.skip_connection`, [outputs, inputs], { kernel: 1 });
}

function addTransformer(tensors: TensorTable, key: string, width: number): void {
  tensors.norm(`${key}.norm`, width);
  tensors.layer(`${key}.proj_in`, [width, width], { kernel: 1 });
  tensors.layer(`${key}.proj_out`, [width, width], { kernel: 1 });
  const block = `${key}.transformer_blocks.0`;
  for (const [attention, context] of [
    ["attn1", width],
    ["attn2", TEXT_WIDTH],
  ] as const) {
    tensors.layer(`${block}.${attention}.to_q`, [width, width], { bias: false });
    tensors.layer(`${block}.${attention}.to_k`, [width, context], { bias: false });
    tensors.layer(`${block}.${attention}.to_v`, [width, context], { bias: false });
    tensors.layer(`${block}.${attention}.to_out.0`, [width, width]);
  }
  tensors.layer(`${block}.ff.net.0.proj`, [width * 8, width]);
  tensors.layer(`${block}.ff.net.2`, [width, width * 4]);
  for (const n of [1, 2, 3]) tensors.norm(`${block}.norm${n}`, width);
}

function addVae(tensors: TensorTable, root: string): void {
  const top = VAE_CHANNELS * (MULTIPLIERS.at(-1) ?? 1);
  for (const [coder, blocks] of [
    ["encoder", 2],
    ["decoder", 3],
  ] as const) {
    const key = `${root}.${coder}`;
    const isEncoder = coder === "encoder";
    let width = isEncoder ? VAE_CHANNELS : top;
    tensors.layer(`${key}.conv_in`, [width, isEncoder ? 3 : 4], { kernel: 3 });
    const levels = [...MULTIPLIERS.entries()];
    for (const [level, multiplier] of isEncoder ? levels : levels.toReversed()) {
      const at = `${key}.${isEncoder ? "down" : "up"}.${level}`;
      for (let i = 0; i < blocks; i++) {
        addVaeBlock(tensors, `${at}.block.${i}`, { inputs: width, outputs: VAE_CHANNELS * multiplier });
        width = VAE_CHANNELS * multiplier;
      }
      const isLast = level === (isEncoder ? MULTIPLIERS.length - 1 : 0);
      if (!isLast) tensors.layer(`${at}.${isEncoder ? "downsample" : "upsample"}.conv`, [width, width], { kernel: 3 });
    }
    addVaeBlock(tensors, `${key}.mid.block_1`, { inputs: top, outputs: top });
    tensors.norm(`${key}.mid.attn_1.norm`, top);
    for (const name of ["q", "k", "v", "proj_out"])
      tensors.layer(`${key}.mid.attn_1.${name}`, [top, top], { kernel: 1 });
    addVaeBlock(tensors, `${key}.mid.block_2`, { inputs: top, outputs: top });
    tensors.norm(`${key}.norm_out`, isEncoder ? top : VAE_CHANNELS);
    tensors.layer(`${key}.conv_out`, [isEncoder ? 8 : 3, isEncoder ? top : VAE_CHANNELS], { kernel: 3 });
  }
  tensors.layer(`${root}.quant_conv`, [8, 8], { kernel: 1 });
  tensors.layer(`${root}.post_quant_conv`, [4, 4], { kernel: 1 });
}

function addVaeBlock(
  tensors: TensorTable,
  key: string,
  { inputs, outputs }: { inputs: number; outputs: number },
): void {
  tensors.norm(`${key}.norm1`, inputs);
  tensors.layer(`${key}.conv1`, [outputs, inputs], { kernel: 3 });
  tensors.norm(`${key}.norm2`, outputs);
  tensors.layer(`${key}.conv2`, [outputs, outputs], { kernel: 3 });
  if (inputs !== outputs) tensors.layer(`${key}.nin_shortcut`, [outputs, inputs], { kernel: 1 });
}

function addTextEncoder(tensors: TensorTable, root: string): void {
  // The standard deviations of CLIP's own two tables.
  tensors.weight(`${root}.embeddings.token_embedding`, [VOCABULARY, TEXT_WIDTH], 0.0145);
  tensors.weight(`${root}.embeddings.position_embedding`, [77, TEXT_WIDTH], 0.005);
  for (let i = 0; i < 12; i++) {
    const layer = `${root}.encoder.layers.${i}`;
    for (const name of ["q_proj", "k_proj", "v_proj", "out_proj"]) {
      tensors.layer(`${layer}.self_attn.${name}`, [TEXT_WIDTH, TEXT_WIDTH]);
    }
    tensors.norm(`${layer}.layer_norm1`, TEXT_WIDTH);
    tensors.norm(`${layer}.layer_norm2`, TEXT_WIDTH);
    tensors.layer(`${layer}.mlp.fc1`, [TEXT_WIDTH * 4, TEXT_WIDTH]);
    tensors.layer(`${layer}.mlp.fc2`, [TEXT_WIDTH, TEXT_WIDTH * 4]);
  }
  tensors.norm(`${root}.final_layer_norm`, TEXT_WIDTH);
}
