/** @file Opening a checkpoint with a VAE of its own in another file. */
import { bytesAccess, readSafetensorsHeader, VAE_PREFIX } from "@lexeme/formats";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEMO_CHECKPOINT } from "../../test/demo-world.ts";
import { SessionPool } from "../sessions/session-pool.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { DiffusionModel } from "./diffusion-model.ts";

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

/** The demo's VAE under a VAE file's own keys; `changed` may touch a tensor's bytes. */
async function writeVae(name: string, changed: (key: string, data: Buffer) => void = () => undefined): Promise<string> {
  const bytes = await readFile(DEMO_CHECKPOINT);
  const { tensors, metadata } = await readSafetensorsHeader(bytesAccess(bytes));
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: Buffer[] = [];
  let end = 0;
  for (const [key, { dtype, shape, offset, length }] of tensors) {
    if (!key.startsWith(VAE_PREFIX)) continue;
    const data = Buffer.from(bytes.subarray(offset, offset + length));
    changed(key.slice(VAE_PREFIX.length), data);
    header[key.slice(VAE_PREFIX.length)] = { dtype, shape, data_offsets: [end, end + length] };
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

test("a separate VAE takes the place of the checkpoint's own, bit for bit the same when its weights are", async () => {
  const own = await decodeWith(null);
  expect(await decodeWith(await writeVae("same.vae.safetensors"))).toEqual(own);
  const flat = await writeVae("flat.vae.safetensors", (key, data) => {
    if (key.startsWith("decoder.conv_out.")) data.fill(0);
  });
  expect([...new Set(await decodeWith(flat))]).toEqual([0]);
  expect(own.some((value) => value !== 0)).toBe(true);
});

test("a file that is no VAE is refused by what it lacks", async () => {
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
