/** @file Opening a checkpoint: a VAE in another file, the UNet's prediction type, the noise schedule. */
import { float32ToFloat16 } from "@lexeme/core";
import { bytesAccess, readSafetensorsHeader, VAE_PREFIX } from "@lexeme/formats";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addNoise } from "@lexeme/schedulers";
import { emptyChunk } from "@lexeme/tokenizer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_CHECKPOINT } from "../../test/demo-world.ts";
import { SessionPool } from "../sessions/session-pool.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { DiffusionModel } from "./diffusion-model.ts";
import { vTarget } from "./prediction-type.ts";

const GRID = { height: 4, width: 4 };
const LATENT = Float32Array.from({ length: 4 * 16 }, (_, i) => Math.sin(i));
let folder: string;
const pool = new SessionPool({ device: "cpu", threads: 2 });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lexeme-vae-"));
});
afterAll(async () => {
  await pool.dispose();
  await rm(folder, { recursive: true });
});

async function decodeWith(vaePath: string | null): Promise<Float32Array> {
  const vae = vaePath === null ? null : { name: "a.vae.safetensors", path: vaePath, shortHash: null };
  const checkpoint = await openCheckpoint({ name: "demo", path: DEMO_CHECKPOINT, shortHash: null, vae });
  return new DiffusionModel(checkpoint, pool, { attention: "fused", widenTable: false }).decode(LATENT, GRID);
}

type Change = (key: string, data: Buffer) => void;

/** The demo's VAE under a VAE file's own keys; `changed` may touch a tensor's bytes. */
async function writeVae(name: string, changed: Change = () => undefined): Promise<string> {
  return writeDemo(name, { prefix: VAE_PREFIX, changed });
}

/** The demo's tensors whose keys begin with `prefix`, without the prefix. */
async function writeDemo(name: string, { prefix, changed }: { prefix: string; changed: Change }): Promise<string> {
  const bytes = await readFile(DEMO_CHECKPOINT);
  const { tensors, metadata } = await readSafetensorsHeader(bytesAccess(bytes));
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: Buffer[] = [];
  let end = 0;
  for (const [key, { dtype, shape, offset, length }] of tensors) {
    if (!key.startsWith(prefix)) continue;
    const data = Buffer.from(bytes.subarray(offset, offset + length));
    changed(key.slice(prefix.length), data);
    header[key.slice(prefix.length)] = { dtype, shape, data_offsets: [end, end + length] };
    parts.push(data);
    end += length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  const path = join(folder, name);
  await writeFile(path, Buffer.concat([size, json, ...parts]));
  return path;
}

test("a separate VAE replaces the checkpoint's own, with identical results if its weights are identical", async () => {
  const own = await decodeWith(null);
  expect(await decodeWith(await writeVae("same.vae.safetensors"))).toEqual(own);
  const flat = await writeVae("flat.vae.safetensors", (key, data) => {
    if (key.startsWith("decoder.conv_out.")) data.fill(0);
  });
  expect([...new Set(await decodeWith(flat))]).toEqual([0]);
  expect(own.some((value) => value !== 0)).toBe(true);
});

test("another VAE opens its own decoder, and leaves text encoder and UNet open", async () => {
  const path = await writeVae("other.vae.safetensors");
  const own = new SessionPool({ device: "cpu", threads: 2 });
  for (const vae of [null, { name: "other.vae.safetensors", path, shortHash: null }]) {
    const checkpoint = await openCheckpoint({ name: "demo", path: DEMO_CHECKPOINT, shortHash: null, vae });
    const model = new DiffusionModel(checkpoint, own, { attention: "fused", widenTable: false });
    await model.encodePrompt([emptyChunk()], new Map());
    await model.decode(LATENT, GRID);
  }
  const networks = own.openKeys.map((key) => /\|(text|vae)\|/.exec(key)![1]);
  await own.dispose();
  expect(networks).toEqual(["vae", "text", "vae"]);
});

test("a file that is not a VAE is refused with the missing parts", async () => {
  const path = join(folder, "no.vae.safetensors");
  const json = JSON.stringify({ emb_params: { dtype: "F32", shape: [1], data_offsets: [0, 4] } });
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  await writeFile(path, Buffer.concat([size, Buffer.from(json), Buffer.alloc(4)]));
  await expect(decodeWith(path)).rejects.toMatchObject({
    code: "VAE_UNSUPPORTED",
    message: expect.stringMatching(/no\.vae\.safetensors.*lacks "encoder\.conv_in\.weight"/),
  });
});

describe("the UNet's prediction type", () => {
  /** A demo whose UNet answers `value` everywhere. */
  const constantUNet = (name: string, value: number): Promise<string> =>
    writeDemo(name, {
      prefix: "",
      changed(key, data) {
        if (key === "model.diffusion_model.out.2.weight") data.fill(0);
        if (key === "model.diffusion_model.out.2.bias") for (let i = 0; i < 4; i++) data.set(halfBytes(value), 2 * i);
      },
    });
  const halfBytes = (value: number): Uint8Array => new Uint8Array(float32ToFloat16(Float32Array.of(value)).buffer);
  const open = async (path: string) => openCheckpoint({ name: "demo", path, shortHash: null });
  const options = { attention: "fused", widenTable: false } as const;

  test("is found from its output at the noisiest step if the file does not give it", async () => {
    for (const [value, expected] of [
      [-0.6, "v"],
      [-0.4, "epsilon"],
    ] as const) {
      const checkpoint = await open(await constantUNet(`answers${value}.safetensors`, value));
      const model = new DiffusionModel({ ...checkpoint, predictionType: undefined }, pool, options);
      expect([value, await model.predictionType()]).toEqual([value, expected]);
    }
  });

  test("is v if a .yaml beside the file says so, and is then turned into noise", async () => {
    const path = await constantUNet("yaml.safetensors", 0.5);
    expect((await open(path)).predictionType).toBe("epsilon");
    await writeFile(join(folder, "yaml.yaml"), 'model:\n  params:\n    parameterization: "v"\n');
    const checkpoint = await open(path);
    expect(checkpoint.predictionType).toBe("v");
    const model = new DiffusionModel(checkpoint, pool, options);
    const conditioning = { tokens: 77, data: new Float32Array(77 * checkpoint.sizes.textWidth) };
    const noise = await model.predictNoise({
      latents: LATENT,
      timesteps: Float32Array.of(500),
      conditionings: [conditioning],
      grid: GRID,
    });
    const alpha = checkpoint.noiseSchedule.alphasCumprod[500]!;
    for (const [i, value] of noise.entries()) {
      expect(value).toBeCloseTo(Math.sqrt(alpha) * 0.5 + Math.sqrt(1 - alpha) * LATENT[i]!, 4);
    }
  });

  test("as v, the training's target is sqrt(a) noise - sqrt(1 - a) picture", async () => {
    const { noiseSchedule } = await open(DEMO_CHECKPOINT);
    const [clean, noise] = [LATENT, LATENT.toReversed()];
    for (const timestep of [0, 500, 999]) {
      const latents = addNoise(noiseSchedule, clean, { noise, timestep });
      const target = vTarget(noiseSchedule, { latents, noise, timesteps: Float32Array.of(timestep) });
      const alpha = noiseSchedule.alphasCumprod[timestep]!;
      for (const [i, value] of target.entries()) {
        expect(value).toBeCloseTo(Math.sqrt(alpha) * noise[i]! - Math.sqrt(1 - alpha) * clean[i]!, 4);
      }
    }
  });
});

test("the key ztsnr stretches the schedule to pure noise, and the first step stays", async () => {
  const path = await writeDemo("zt.safetensors", { prefix: "", changed: () => undefined });
  const plain = await openCheckpoint({ name: "zt", path, shortHash: null });
  const bytes = await readFile(path);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, unknown>;
  const end = bytes.length - 8 - length;
  const json = Buffer.from(
    JSON.stringify({ ...header, ztsnr: { dtype: "F32", shape: [0], data_offsets: [end, end] } }),
  );
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  await writeFile(path, Buffer.concat([size, json, bytes.subarray(8 + length)]));
  const { alphasCumprod } = (await openCheckpoint({ name: "zt", path, shortHash: null })).noiseSchedule;
  expect(alphasCumprod[0]).toBeCloseTo(plain.noiseSchedule.alphasCumprod[0]!, 6);
  expect(alphasCumprod[999]).toBeCloseTo(4.8973451890853435e-8, 12);
  expect(alphasCumprod[500]).toBeLessThan(plain.noiseSchedule.alphasCumprod[500]!);
});
