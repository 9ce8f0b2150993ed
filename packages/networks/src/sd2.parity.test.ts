/** @file SD 2.x's text encoder and UNet against torch and diffusers on a small random checkpoint (`../fixtures/generate-sd2.py`). */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bytesAccess, readSafetensorsHeader } from "@lexeme/formats";
import { inspectCheckpointFile } from "@lexeme/formats/node";
import type { Graph } from "@lexeme/onnx";
import { float32Tensor, int64Tensor, openSession, type HostTensor } from "@lexeme/runtime";
import { describe, expect, test } from "vitest";
import { buildTextEncoder, buildUNet } from "./build-graphs.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));
const file = `${FIXTURES}small-sd2.safetensors`;
const checkpoint = await inspectCheckpointFile(file);
const weights = { ...checkpoint, file };
const reference = await readReference();

test("the file's family is recognized, and the last layer of its text encoder is left out", () => {
  expect(checkpoint).toMatchObject({ family: "sd2", numHeadChannels: 64, textActivation: "gelu", textWidth: 128 });
  expect(checkpoint.predictionType).toBeUndefined();
  expect([...checkpoint.tensors.keys()].filter((key) => key.includes("encoder.layers.2."))).toEqual([]);
});

describe.each(["fused", "basic"] as const)("%s attention", (attention) => {
  test("the text encoder's last layer but one, through the final norm", async () => {
    const graph = buildTextEncoder(weights, { batch: 1, tokens: 77 }, { attention });
    const { context } = await run(graph, {
      ids: int64Tensor([1, 77], Array.from(reference("ids"))),
      keep: float32Tensor([1, 77, 1], new Float32Array(77).fill(1)),
      learned: float32Tensor([1, 77, 128], new Float32Array(77 * 128)),
      multipliers: float32Tensor([1, 77], new Float32Array(77).fill(1)),
    });
    expect(relativeDifference(context, reference("context"))).toBeLessThan(1e-4);
  });

  test("the UNet with linear projections and heads of width 64", async () => {
    const graph = buildUNet(weights, { batch: 1, height: 8, width: 8, tokens: 77 }, { attention });
    const { prediction } = await run(graph, {
      latents: float32Tensor([1, 4, 8, 8], reference("unet.x")),
      timesteps: float32Tensor([1], reference("unet.t")),
      context: float32Tensor([1, 77, 128], reference("unet.context")),
    });
    expect(relativeDifference(prediction, reference("unet.prediction"))).toBeLessThan(1e-4);
  });
});

async function run(graph: Graph, feeds: Record<string, HostTensor>): Promise<Record<string, HostTensor>> {
  const session = await openSession(graph, { purpose: "inference" });
  try {
    return await session.run(feeds);
  } finally {
    await session.dispose();
  }
}

/** Largest difference over largest value. Where a number is missing the result is NaN, which fails every comparison. */
function relativeDifference(actual: HostTensor | undefined, expected: Float32Array): number {
  const values = actual?.dtype === "float32" ? actual.data : new Float32Array();
  const largest = Math.max(...expected.map(Math.abs));
  expect(largest).toBeGreaterThan(0.1);
  return Math.max(...expected.map((value, i) => Math.abs((values[i] ?? Number.NaN) - value))) / largest;
}

async function readReference(): Promise<(name: string) => Float32Array> {
  const bytes = await readFile(`${FIXTURES}reference-sd2.safetensors`);
  const { tensors } = await readSafetensorsHeader(bytesAccess(bytes));
  return (name) => {
    const { dtype, offset, length } = tensors.get(name)!;
    const { buffer } = Uint8Array.from(bytes.subarray(offset, offset + length));
    return dtype === "I64" ? Float32Array.from(new BigInt64Array(buffer), Number) : new Float32Array(buffer);
  };
}
