/** @file Diffusers folders: keys as diffusers' own converter maps them, shards, and folders that cannot be used. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inspectCheckpointFile } from "../node/index.ts";
import { bytesAccess } from "../random-access.ts";
import { readSafetensorsHeader } from "../safetensors.ts";
import { DIFFUSERS_PARTS, ldmKeys, type DiffusersPart } from "./ldm-keys.ts";

const KEYS = fileURLToPath(new URL("../fixtures/diffusers-keys.json", import.meta.url));
const SMALL = fileURLToPath(new URL("../../../networks/fixtures/small-sd1.safetensors", import.meta.url));
const pairs = JSON.parse(await readFile(KEYS, "utf8")) as Record<DiffusersPart, Record<string, string>>;
const CONFIGS = {
  "model_index.json": { _class_name: "StableDiffusionPipeline" },
  "unet/config.json": { attention_head_dim: 8, norm_num_groups: 32, sample_size: 16, block_out_channels: [64, 128] },
  "text_encoder/config.json": { hidden_act: "quick_gelu", hidden_size: 128, num_attention_heads: 2 },
  "scheduler/scheduler_config.json": { prediction_type: "epsilon" },
};
const WEIGHTS = { unet: "diffusion_pytorch_model", vae: "diffusion_pytorch_model", text_encoder: "model" } as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lexeme-diffusers-"));
  for (const [path, config] of Object.entries(CONFIGS)) await put(path, JSON.stringify(config));
  for (const part of DIFFUSERS_PARTS) await put(`${part}/${WEIGHTS[part]}.safetensors`, await weightsOf(pairs[part]));
});
afterEach(() => rm(folder, { recursive: true }));

test.each(DIFFUSERS_PARTS)("every key of the %s is renamed by the inverse of diffusers' converter", (part) => {
  expect(Object.fromEntries(ldmKeys(part, Object.keys(pairs[part])))).toEqual(pairs[part]);
});

describe("a folder is the same checkpoint as the single file", () => {
  test("in one file for each network", () => expectSameAsSingleFile());

  test("with the UNet in shards", async () => {
    const entries = Object.entries(pairs.unet);
    const shards = {
      "a-00001-of-00002.safetensors": entries.slice(0, 99),
      "a-00002-of-00002.safetensors": entries.slice(99),
    };
    for (const [file, shard] of Object.entries(shards)) {
      await put(`unet/${file}`, await weightsOf(Object.fromEntries(shard)));
    }
    const map = Object.entries(shards).flatMap(([file, shard]) => shard.map(([key]) => [key, file]));
    await rm(join(folder, "unet/diffusion_pytorch_model.safetensors"));
    const index = JSON.stringify({ metadata: {}, weight_map: Object.fromEntries(map) });
    await put("unet/diffusion_pytorch_model.safetensors.index.json", index);
    await expectSameAsSingleFile();
  });
});

test.each([
  ["model_index.json", { _class_name: "StableDiffusionXLPipeline" }, /"StableDiffusionXLPipeline"/],
  ["scheduler/scheduler_config.json", { prediction_type: "sample" }, /"sample"/],
  ["text_encoder/config.json", { hidden_act: "gelu" }, /"gelu"/],
  ["unet/config.json", { attention_head_dim: [5, 10], block_out_channels: [64, 64] }, /attention heads \(\[5,10\]\)/],
  ["unet/config.json", undefined, /"unet\/config\.json" is missing/],
  ["vae/diffusion_pytorch_model.safetensors", undefined, /no weights in "vae"/],
])("a folder whose %s is %j is refused, and the error names the file", async (path, content, message) => {
  if (content === undefined) await rm(join(folder, path));
  else await put(path, JSON.stringify(content));
  await expect(inspectCheckpointFile(folder)).rejects.toMatchObject({
    code: "DIFFUSERS_FOLDER",
    message: expect.stringMatching(message),
  });
});

test("the scheduler's v_prediction becomes the checkpoint's prediction type", async () => {
  expect(await inspectCheckpointFile(folder)).toMatchObject({ predictionType: "epsilon" });
  await put("scheduler/scheduler_config.json", JSON.stringify({ prediction_type: "v_prediction" }));
  expect(await inspectCheckpointFile(folder)).toMatchObject({ predictionType: "v" });
});

test("the width of heads is computed from the number of heads at each level", async () => {
  await put("unet/config.json", JSON.stringify({ attention_head_dim: [5, 10], block_out_channels: [320, 640] }));
  expect(await inspectCheckpointFile(folder)).toMatchObject({ numHeadChannels: 64, normNumGroups: 32 });
});

async function expectSameAsSingleFile(): Promise<void> {
  const [single, found] = [await inspectCheckpointFile(SMALL), await inspectCheckpointFile(folder)];
  expect(found).toMatchObject({ family: "sd1", refusal: undefined, resolution: { width: 128, height: 128 } });
  const bytes = await readFile(SMALL);
  const converted = Object.values(pairs).flatMap((part) => Object.values(part));
  expect([...found.tensors.keys()].toSorted()).toEqual(converted.toSorted());
  for (const [key, { file = "", shape, offset, length, dtype }] of found.tensors) {
    const own = single.tensors.get(key)!;
    expect([key, dtype, shape]).toEqual([key, own.dtype, own.shape]);
    const data = (await readFile(file)).subarray(offset, offset + length);
    expect(data.equals(bytes.subarray(own.offset, own.offset + own.length))).toBe(true);
  }
}

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

/** A safetensors file with the small checkpoint's tensors under diffusers' keys. */
async function weightsOf(keys: Record<string, string>): Promise<Buffer> {
  const bytes = await readFile(SMALL);
  const { tensors } = await readSafetensorsHeader(bytesAccess(bytes));
  const header: Record<string, unknown> = {};
  const parts: Buffer[] = [];
  let end = 0;
  for (const [key, ldmKey] of Object.entries(keys)) {
    const { dtype, shape, offset, length } = tensors.get(ldmKey)!;
    header[key] = { dtype, shape, data_offsets: [end, end + length] };
    parts.push(bytes.subarray(offset, offset + length));
    end += length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([size, json, ...parts]);
}
