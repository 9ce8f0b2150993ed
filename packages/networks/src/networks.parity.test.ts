/**
 * @file Every network against diffusers and transformers on a small random checkpoint (`../fixtures/generate.py`): from fp16, bf16,
 * fp32 and torch files, at two sizes (the odd one halves to odd latents), batch 1 and 2, one and two chunks of the prompt.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gradients } from "@lexeme/autodiff";
import { elementCount, float16ToFloat32, float32ToBfloat16 } from "@lexeme/core";
import { bytesAccess, readSafetensorsHeader } from "@lexeme/formats";
import { inspectCheckpointFile } from "@lexeme/formats/node";
import type { Graph } from "@lexeme/onnx";
import { float32Tensor, int64Tensor, openSession, type HostTensor } from "@lexeme/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildTextEncoder, buildUNet, buildVaeDecoder, buildVaeEncoder, inferSizes } from "./build-graphs.ts";
import type { CheckpointWeights } from "./checkpoint-weights.ts";
import { buildTextualInversion } from "./textual-inversion.ts";
import { writeTorchCheckpoint } from "../test/torch-checkpoint.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));
/** Largest difference over largest value; float32 sums in another order differ by some 1e-6. */
const TOLERANCE = 1e-4;
const PRECISIONS = ["fp16", "bf16", "fp32", "fp16 .ckpt"] as const;
const SIZES = { square: { height: 8, width: 8 }, odd: { height: 5, width: 9 } } as const;
const KINDS = ["fused", "basic"] as const;

const checkpoints = new Map<(typeof PRECISIONS)[number], CheckpointWeights>();
let reference: Map<string, HostTensor>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lexeme-parity-"));
  reference = await readTensors(join(FIXTURES, "reference.safetensors"));
  const fp16 = join(FIXTURES, "small-sd1.safetensors");
  checkpoints.set("fp16", await openCheckpoint(fp16));
  const tensors = await readTensors(fp16);
  checkpoints.set("fp32", await openCheckpoint(await writeWidened("F32", tensors)));
  checkpoints.set("bf16", await openCheckpoint(await writeWidened("BF16", tensors)));
  checkpoints.set("fp16 .ckpt", await openCheckpoint(await writeTorchCheckpoint(folder, await readHeader(fp16))));
});

afterAll(() => rm(folder, { recursive: true }));

describe.each(PRECISIONS)("from a file of %s", (precision) => {
  test.each(KINDS)("text encoder with spliced vectors, %s attention", async (attention) => {
    for (const batch of [1, 2]) {
      const graph = buildTextEncoder(checkpoint(precision), { batch, tokens: 77 }, { attention });
      expectClose(await runText(graph, { batch }), first(tensor("text.spliced"), batch));
    }
  });

  test("text encoder with clip skip 2", async () => {
    const graph = buildTextEncoder(checkpoint(precision), { batch: 1, tokens: 77 }, { clipSkip: 2 });
    expectClose(await runText(graph, { batch: 1 }), tensor("text.skip2"));
  });

  test("text encoder with weighted tokens, the mean restored over the whole batch", async () => {
    const graph = buildTextEncoder(checkpoint(precision), { batch: 2, tokens: 77 });
    const context = await runText(graph, { batch: 2, multipliers: tensor("text.multipliers") });
    expectClose(context, tensor("text.emphasised"));
  });

  describe.each(Object.entries(SIZES))("%s latents", (name, size) => {
    test.each([
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ])("UNet, batch %i, %i chunk(s)", async (batch, chunks) => {
      const tokens = 77 * chunks;
      const feeds = {
        latents: first(tensor(`unet.${name}.x`), batch),
        timesteps: first(tensor(`unet.${name}.t`), batch),
        context: leadingTokens(first(tensor("unet.context"), batch), tokens),
      };
      for (const attention of precision === "fp16" ? KINDS : (["fused"] as const)) {
        const graph = buildUNet(checkpoint(precision), { batch, ...size, tokens }, { attention });
        const { prediction } = await run(graph, feeds);
        expectClose(prediction, first(tensor(`unet.${name}.chunks${chunks}`), batch));
      }
    });

    test.each([1, 2])("VAE encoder and decoder, batch %i", async (batch) => {
      for (const attention of precision === "fp16" ? KINDS : (["fused"] as const)) {
        const encoder = buildVaeEncoder(checkpoint(precision), { batch, ...size }, { attention });
        const pixels = first(tensor(`vae.${name}.pixels`), batch);
        const pictures = float32Tensor(
          pixels.shape,
          Float32Array.from(numbers(pixels), (value) => value / 127.5 - 1),
        );
        const { mean, logvar } = await run(encoder, { pictures });
        expectClose(mean, first(tensor(`vae.${name}.mean`), batch));
        expectClose(logvar, first(tensor(`vae.${name}.logvar`), batch));
        const decoder = buildVaeDecoder(checkpoint(precision), { batch, ...size }, { attention });
        const decoded = await run(decoder, { latents: first(tensor(`vae.${name}.z`), batch) });
        expectClose(decoded["pictures"], first(tensor(`vae.${name}.decoded`), batch));
      }
    });
  });
});

test("each of a prompt's two chunks is encoded, and its mean restored, independently", async () => {
  const weights = checkpoint("fp16");
  const one = (await run(buildTextEncoder(weights, { batch: 2, tokens: 77 }), textFeeds(2, 77)))["context"];
  // Chunk 2 of each prompt is chunk 1 of the other, so the results must be swapped too.
  const both = (await run(buildTextEncoder(weights, { batch: 2, tokens: 154 }), textFeeds(2, 154)))["context"];
  if (one === undefined || both === undefined) throw new TypeError("no output");
  const rows = 77 * 128;
  const [a, b] = [numbers(one).slice(0, rows), numbers(one).slice(rows)];
  expectClose(both, float32Tensor([2, 154, 128], [...a, ...b, ...b, ...a]));
});

describe.each(Object.entries(SIZES))("the whole training step on %s latents", (name, size) => {
  test.each([
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 2],
  ])("loss and d loss / d vectors as PyTorch has them, batch %i, %i chunk(s)", async (batch, chunks) => {
    const tokens = 77 * chunks;
    for (const precision of ["fp16", "fp32"] as const) {
      const step = buildTextualInversion(checkpoint(precision), { batch, ...size, tokens, vectors: 2 });
      const [gradient] = gradients(step.loss, [step.inputs.vectors]);
      if (gradient === undefined) throw new TypeError("no gradient");
      step.graph.output("loss", step.loss);
      step.graph.output("gradient", gradient);
      const session = await openSession(step.graph, { purpose: "training" });
      const results = await session.run(stepFeeds(name, { batch, chunks }));
      await session.dispose();
      const expected = `step.${name}.chunks${chunks}.batch${batch}`;
      expect(relativeDifference(results["loss"], tensor(`${expected}.loss`))).toBeLessThan(1e-5);
      expect(relativeDifference(results["gradient"], tensor(`${expected}.gradient`))).toBeLessThan(1e-3);
      expect(largest(tensor(`${expected}.gradient`))).toBeGreaterThan(1e-3);
    }
  });
});

test("the demo checkpoint, whose metadata states 8 norm groups and heads of width 32", async () => {
  const demo = await openCheckpoint(fileURLToPath(new URL("../../demo/demo-world.safetensors", import.meta.url)));
  const unet = buildUNet(demo, { batch: 1, height: 16, width: 16, tokens: 77 });
  const feeds = { latents: tensor("demo.x"), timesteps: tensor("demo.t"), context: tensor("demo.context") };
  expectClose((await run(unet, feeds))["prediction"], tensor("demo.prediction"));
  const decoder = buildVaeDecoder(demo, { batch: 1, height: 4, width: 4 });
  expectClose((await run(decoder, { latents: tensor("demo.z") }))["pictures"], tensor("demo.decoded"));
});

test.each([
  ["even", { height: 4, width: 6 }],
  ["odd", { height: 5, width: 3 }],
] as const)("with tiling, %s latents: every convolution wraps as torch's circular padding does", async (name, size) => {
  const tiled = await readTensors(join(FIXTURES, "reference-tiling.safetensors"));
  const expected = (what: string): HostTensor => tiled.get(`${name}.${what}`)!;
  const weights = checkpoint("fp16");
  const whole = { batch: 1, ...size, tiling: true };
  const feeds = {
    latents: expected("x"),
    timesteps: expected("t"),
    context: leadingTokens(first(tensor("unet.context"), 1), 77),
  };
  expectClose((await run(buildUNet(weights, { ...whole, tokens: 77 }), feeds))["prediction"], expected("prediction"));
  const decoded = await run(buildVaeDecoder(weights, whole), { latents: expected("z") });
  expectClose(decoded["pictures"], expected("decoded"));
  const pixels = expected("pixels");
  const pictures = float32Tensor(
    pixels.shape,
    Float32Array.from(numbers(pixels), (value) => value / 127.5 - 1),
  );
  const { mean, logvar } = await run(buildVaeEncoder(weights, whole), { pictures });
  expectClose(mean, expected("mean"));
  expectClose(logvar, expected("logvar"));
});

test("the sizes of inputs are read from the file", () => {
  expect(inferSizes(checkpoint("fp16"))).toEqual({ textWidth: 128, latentChannels: 4, vaeFactor: 8 });
});

async function run(graph: Graph, feeds: Record<string, HostTensor>): Promise<Record<string, HostTensor>> {
  const session = await openSession(graph, { purpose: "inference" });
  try {
    return await session.run(feeds);
  } finally {
    await session.dispose();
  }
}

async function runText(graph: Graph, { batch, multipliers }: { batch: number; multipliers?: HostTensor }) {
  const feeds = textFeeds(batch, 77);
  const { context } = await run(graph, {
    ...feeds,
    multipliers: multipliers ?? float32Tensor([batch, 77], new Float32Array(batch * 77).fill(1)),
  });
  return context;
}

/** The reference's prompts; with 154 tokens each prompt is followed by the other prompt. */
function textFeeds(batch: number, tokens: number): Record<string, HostTensor> {
  const [ids, keep] = [tensor("text.ids"), tensor("text.keep")];
  const learned = new Float32Array(2 * 77 * 128);
  const [selection, vectors] = [numbers(tensor("text.selection")), numbers(tensor("text.vectors"))];
  for (let row = 0; row < 2 * 77; row++) {
    for (let n = 0; n < 2; n++) {
      if (selection[row * 2 + n] === 1) learned.set(vectors.slice(n * 128, (n + 1) * 128), row * 128);
    }
  }
  const arrange = (data: ArrayLike<number>, width: number): number[] => {
    const prompts = [0, 1].map((row) => Array.from(data).slice(row * 77 * width, (row + 1) * 77 * width));
    return tokens === 77 ? prompts.slice(0, batch).flat() : [0, 1, 1, 0].flatMap((row) => prompts[row] ?? []);
  };
  return {
    ids: int64Tensor([batch, tokens], arrange(numbers(ids), 1)),
    keep: float32Tensor([batch, tokens, 1], arrange(numbers(keep), 1)),
    learned: float32Tensor([batch, tokens, 128], arrange(learned, 128)),
    multipliers: float32Tensor([batch, tokens], arrange(numbers(tensor("text.multipliers")), 1)),
  };
}

/** One prompt with learned vectors and weights; with two chunks, the other prompt without either follows. */
function stepFeeds(name: string, { batch, chunks }: { batch: number; chunks: number }): Record<string, HostTensor> {
  const tokens = 77 * chunks;
  const ids = numbers(tensor("text.ids"));
  const rows = Array.from({ length: batch }, (_, b) => b);
  const perPrompt = (data: Float32Array, { width, fill }: { width: number; fill: number }): number[] =>
    rows.flatMap((b) => [
      ...data.slice(b * 77 * width, (b + 1) * 77 * width),
      ...new Float32Array((tokens - 77) * width).fill(fill),
    ]);
  const bothPrompts = rows.flatMap((b) =>
    [b, 1 - b].slice(0, chunks).flatMap((row) => Array.from(ids.subarray(row * 77, row * 77 + 77))),
  );
  return {
    ids: int64Tensor([batch, tokens], bothPrompts),
    keep: float32Tensor([batch, tokens, 1], perPrompt(numbers(tensor("text.keep")), { width: 1, fill: 1 })),
    selection: float32Tensor([batch * tokens, 2], perPrompt(numbers(tensor("text.selection")), { width: 2, fill: 0 })),
    vectors: tensor("text.vectors"),
    multipliers: float32Tensor([batch, tokens], perPrompt(numbers(tensor("text.multipliers")), { width: 1, fill: 1 })),
    latents: first(tensor(`step.${name}.x`), batch),
    timesteps: first(tensor(`step.${name}.t`), batch),
    noise: first(tensor(`step.${name}.noise`), batch),
  };
}

function expectClose(actual: HostTensor | undefined, expected: HostTensor): void {
  expect(largest(expected)).toBeGreaterThan(0.1);
  expect(relativeDifference(actual, expected)).toBeLessThan(TOLERANCE);
}

/** Largest difference over largest value. Where a number is missing the result is NaN, which fails every comparison. */
function relativeDifference(actual: HostTensor | undefined, expected: HostTensor): number {
  expect(actual?.shape).toEqual(expected.shape);
  const a = actual === undefined ? new Float32Array() : numbers(actual);
  return Math.max(...numbers(expected).map((value, i) => Math.abs((a[i] ?? Number.NaN) - value))) / largest(expected);
}

function largest(of: HostTensor): number {
  return Math.max(...numbers(of).map(Math.abs));
}

function checkpoint(precision: (typeof PRECISIONS)[number]): CheckpointWeights {
  const weights = checkpoints.get(precision);
  if (weights === undefined) throw new TypeError(`no ${precision} file`);
  return weights;
}

function tensor(name: string): HostTensor {
  const found = reference.get(name);
  if (found === undefined) throw new TypeError(`the reference has no "${name}"`);
  return found;
}

function numbers(of: HostTensor): Float32Array {
  return of.dtype === "float32" ? of.data : Float32Array.from(of.data as ArrayLike<number | bigint>, Number);
}

/** The first `batch` entries. */
function first(of: HostTensor, batch: number): HostTensor {
  const shape = of.shape.with(0, batch);
  return float32Tensor(shape, numbers(of).slice(0, elementCount(shape)));
}

/** The first `tokens` of [B, T, C]. */
function leadingTokens(of: HostTensor, tokens: number): HostTensor {
  const [batch = 0, length = 0, width = 0] = of.shape;
  const rows = Array.from({ length: batch }, (_, b) =>
    numbers(of).slice(b * length * width, (b * length + tokens) * width),
  );
  return float32Tensor(
    [batch, tokens, width],
    rows.flatMap((row) => [...row]),
  );
}

async function openCheckpoint(file: string): Promise<CheckpointWeights> {
  return { ...(await inspectCheckpointFile(file)), file };
}

async function readHeader(file: string) {
  const bytes = await readFile(file);
  return { bytes, tensors: (await readSafetensorsHeader(bytesAccess(bytes))).tensors };
}

async function readTensors(file: string): Promise<Map<string, HostTensor>> {
  const header = await readHeader(file);
  const tensors = new Map<string, HostTensor>();
  for (const [name, { dtype, shape, offset, length }] of header.tensors) {
    const { bytes } = header;
    const data = bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + length);
    if (dtype === "I64") tensors.set(name, int64Tensor(shape, new BigInt64Array(data)));
    else if (dtype === "U8") tensors.set(name, float32Tensor(shape, Float32Array.from(new Uint8Array(data))));
    else if (dtype === "F16") tensors.set(name, float32Tensor(shape, float16ToFloat32(new Uint16Array(data))));
    else tensors.set(name, float32Tensor(shape, new Float32Array(data)));
  }
  return tensors;
}

/** Writes the same weights in another element type; both types hold every value exactly. */
async function writeWidened(dtype: "F32" | "BF16", tensors: ReadonlyMap<string, HostTensor>): Promise<string> {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, weight] of tensors) {
    const values = numbers(weight);
    const data = dtype === "F32" ? values : float32ToBfloat16(values);
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    header[name] = { dtype, shape: weight.shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
  const path = join(folder, `${dtype}.safetensors`);
  await writeFile(path, Buffer.concat([length, json, ...parts]));
  return path;
}
