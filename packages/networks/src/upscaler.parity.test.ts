/** @file Upscalers of every layout against torch on small random ones (`../fixtures/upscalers.py`). */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bytesAccess, readSafetensorsHeader } from "@lexeme/formats";
import { inspectUpscalerFile } from "@lexeme/formats/node";
import { float32Tensor, openSession } from "@lexeme/runtime";
import { beforeAll, expect, test } from "vitest";
import { buildUpscaler } from "./upscaler.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/upscalers/", import.meta.url));
const TOLERANCE = 1e-5;

const reference = new Map<string, { shape: readonly number[]; data: Float32Array }>();
beforeAll(async () => {
  const bytes = await readFile(`${FIXTURES}reference.safetensors`);
  const { tensors } = await readSafetensorsHeader(bytesAccess(bytes));
  for (const [name, { shape, offset, length }] of tensors) {
    reference.set(name, {
      shape,
      data: new Float32Array(Uint8Array.from(bytes.subarray(offset, offset + length)).buffer),
    });
  }
});

test.each([
  ["real-x4.pth", "rrdb", 4],
  ["real-x2.pth", "rrdb", 2],
  ["real-x1.safetensors", "rrdb", 1],
  ["first-x4.pth", "rrdb", 4],
  ["first-x2.pth", "rrdb", 2],
  ["first-x1.pth", "rrdb", 1],
  ["second-x4.pth", "rrdb", 4],
  ["compact-x4.pth", "compact", 4],
] as const)("%s enlarges as torch does", async (name, architecture, scale) => {
  const { realPath: file, ...network } = await inspectUpscalerFile(FIXTURES + name);
  expect(network).toMatchObject({ architecture, scale });
  const picture = reference.get("picture")!;
  const [, , height = 0, width = 0] = picture.shape;
  const graph = buildUpscaler({ ...network, file }, { height, width });
  const session = await openSession(graph, { purpose: "inference" });
  const { enlarged } = await session.run({ picture: float32Tensor([...picture.shape], picture.data) });
  await session.dispose();
  const expected = reference.get(name)!;
  expect(enlarged?.shape).toEqual([1, 3, scale * height, scale * width]);
  const values = enlarged!.data as Float32Array;
  const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = values.reduce((most, value, i) => Math.max(most, Math.abs(value - expected.data[i]!)), 0);
  expect(largest).toBeGreaterThan(0.1);
  expect(difference).toBeLessThan(TOLERANCE * Math.max(1, largest));
});

test("a file without an upscaler is refused", async () => {
  await expect(inspectUpscalerFile(`${FIXTURES}other.pth`)).rejects.toMatchObject({
    code: "UPSCALER_UNSUPPORTED",
    message: expect.stringMatching(
      /other\.pth.*holds no ESRGAN or Real-ESRGAN network \(its weights are named like "layer\.weight"\)/,
    ),
  });
});
