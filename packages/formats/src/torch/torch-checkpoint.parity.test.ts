/** @file Checkpoints written by torch (`../fixtures/checkpoints.py`): the byte ranges must hold exactly the tensors' numbers, and no code may run. */
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bfloat16ToFloat32, elementCount, float16ToFloat32 } from "@lexeme/core";
import { describe, expect, test } from "vitest";
import { TOKEN_EMBEDDING_KEY } from "../checkpoint.ts";
import { inspectCheckpointFile } from "../node/index.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));
const fixture = (name: string): string => join(FIXTURES, name);
const inspect = (name: string) => inspectCheckpointFile(fixture(name));

describe("every kind of torch file gives the byte ranges of its weights", () => {
  test.each([
    ["nested.ckpt", "F16", "fp16"],
    ["pruned.ckpt", "F32", "fp32"],
    ["legacy.ckpt", "BF16", "bf16"],
  ])("%s", async (name, dtype, precision) => {
    const { family, refusal, tensors, ...inspection } = await inspect(name);
    expect({ family, refusal }).toEqual({ family: "sd1", refusal: undefined });
    expect(inspection).toMatchObject({ precision, textWidth: 4 });
    const bytes = await readFile(fixture(name));
    const weights = [...tensors].filter(([key]) => key !== "alphas_cumprod");
    expect(weights.map(([, tensor]) => tensor.shape)).toEqual([
      [6, 4],
      [2, 4, 3, 3],
      [2, 4],
      [2, 3, 3, 3],
      [2, 4, 3, 3],
    ]);
    for (const [, tensor] of weights) {
      expect(tensor.dtype).toBe(dtype);
      expect(valuesOf(bytes, tensor)).toEqual(
        Float32Array.from({ length: elementCount(tensor.shape) }, (_, i) => i / 8),
      );
    }
  });

  test("moving averages are left out, also with an unsupported layout", async () => {
    const { tensors } = await inspect("nested.ckpt");
    expect([...tensors.keys()].filter((key) => key.startsWith("model_ema"))).toEqual([]);
    expect(tensors.get("alphas_cumprod")).toMatchObject({ dtype: "F32", shape: [8] });
  });

  test("two keys in one storage, one of them from its middle", async () => {
    const { tensors } = await inspect("shared.ckpt");
    const values = valuesOf(await readFile(fixture("shared.ckpt")), tensors.get(TOKEN_EMBEDDING_KEY)!);
    expect(values).toEqual(Float32Array.from({ length: 24 }, (_, i) => (i + 24) / 8));
  });
});

test("a pickle that would run a program is refused, the error names the program, and no code runs", async () => {
  await expect(inspect("harmful.ckpt")).rejects.toMatchObject({
    code: "PICKLE_FORBIDDEN",
    message: expect.stringMatching(/harmful\.ckpt.*"(posix|nt)\.system"/),
  });
  expect(existsSync("harmful.txt")).toBe(false);
});

test.each([
  ["transposed.ckpt", "TORCH_LAYOUT", /"model\.diffusion_model\.out\.0\.weight" is stored transposed/],
  ["deflated.ckpt", "TORCH_LAYOUT", /is compressed/],
])("%s is refused with a sentence", async (name, code, message) => {
  await expect(inspect(name)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test("a file that is cut short at any place is refused and not partly read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lexeme-ckpt-"));
  try {
    for (const name of ["nested.ckpt", "legacy.ckpt"]) {
      const path = join(folder, name);
      const bytes = await readFile(fixture(name));
      for (let length = bytes.length - 1; length > 8; length = Math.floor(length * 0.9)) {
        await writeFile(path, bytes);
        await truncate(path, length);
        const outcome = await inspectCheckpointFile(path).then(
          () => "read",
          (error: { name?: string }) => error.name,
        );
        expect([name, length, outcome]).toEqual([name, length, "LexemeError"]);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

function valuesOf(bytes: Buffer, { dtype, offset, length }: { dtype: string; offset: number; length: number }) {
  const { buffer } = Uint8Array.from(bytes.subarray(offset, offset + length));
  if (dtype === "F16") return float16ToFloat32(new Uint16Array(buffer));
  return dtype === "BF16" ? bfloat16ToFloat32(new Uint16Array(buffer)) : new Float32Array(buffer);
}
