/**
 * @file Writes the small random checkpoints of the reference pictures from their recipes (see `fixtures/reference-pictures/weights.py`). They
 * equal the files that the PyTorch script drew from, byte for byte, without megabytes in the repository.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflateSync } from "node:zlib";
import { elementCount, float32ToBfloat16, float32ToFloat16 } from "@lexeme/core";

export const REFERENCE_FOLDER = fileURLToPath(new URL("../src/txt2img/fixtures/reference-pictures/", import.meta.url));

type Dtype = "F16" | "BF16" | "F32";
type Distribution = [scale: number, offset: number, zeroed?: number, taps?: [at: number, value: number][]];
type TensorRecipe = [key: string, shape: number[], ...distribution: Distribution];

/** A recipe from `draw.py`: a complete recipe, a recipe with another recipe's layers, or another recipe's weights in another container. */
interface Recipe {
  readonly seed: number;
  readonly dtype: Dtype;
  readonly sha256: string;
  /** Keys whose presence has a meaning. */
  readonly extra: readonly string[];
  readonly tensors:
    | TensorRecipe[]
    | { readonly like: string; readonly changed: Readonly<Record<string, Distribution>> };
  readonly yaml?: string;
}
interface Repacked {
  readonly like: string;
  /** The bytes before the weights from `torch.save`, and the order of the weights. */
  readonly torch?: { readonly head: string; readonly order: readonly number[] };
  readonly diffusers?: {
    readonly files: Readonly<Record<string, [key: string, shape: number[], tensor: number][]>>;
    readonly texts: Readonly<Record<string, unknown>>;
  };
}

interface Tensor {
  readonly key: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Writes the checkpoint `name` (or the VAE "vae") into `folder` and returns its path. Throws if its weights differ from those of the reference pictures. */
export async function writeReferenceCheckpoint(folder: string, name: string): Promise<string> {
  const recipes: Record<string, Recipe | Repacked> = JSON.parse(
    await readFile(join(REFERENCE_FOLDER, "checkpoints.json"), "utf8"),
  );
  const entry = recipes[name]!;
  const recipe = (("like" in entry ? recipes[entry.like] : entry) ?? entry) as Recipe;
  const rows = Array.isArray(recipe.tensors) ? recipe.tensors : likeAnother(recipe.tensors, recipes);
  const tensors = rows.map((row, number) => tensorOf(row, { ...recipe, number }));
  const digest = createHash("sha256");
  for (const { bytes } of tensors) digest.update(bytes);
  if (digest.digest("hex") !== recipe.sha256) throw new Error(`"${name}" has other weights than the reference's`);
  if ("like" in entry && entry.torch) {
    const parts = entry.torch.order.flatMap((i) => [uint64(elementCount(tensors[i]!.shape)), tensors[i]!.bytes]);
    const head = inflateSync(Buffer.from(entry.torch.head, "base64"));
    return write(join(folder, `${name}.ckpt`), Buffer.concat([head, ...parts]));
  }
  if ("like" in entry && entry.diffusers) {
    for (const [path, value] of Object.entries(entry.diffusers.texts)) {
      await write(join(folder, name, path), JSON.stringify(value));
    }
    for (const [path, keys] of Object.entries(entry.diffusers.files)) {
      const own = keys.map(([key, shape, tensor]) => ({ key, shape, bytes: tensors[tensor]!.bytes }));
      await write(join(folder, name, path), safetensors(own, recipe.dtype));
    }
    return join(folder, name);
  }
  if (recipe.yaml !== undefined) await write(join(folder, `${name}.yaml`), recipe.yaml);
  const marks = recipe.extra.map((key) => ({ key, shape: [], bytes: encoded(Float32Array.of(1), recipe.dtype) }));
  const ending = name === "vae" ? "vae.safetensors" : "safetensors";
  return write(join(folder, `${name}.${ending}`), safetensors([...tensors, ...marks], recipe.dtype));
}

/** Uniform values in -1 to 1, from a hash of `seed`, the tensor's `number` and the place. */
export function randomValues(count: number, { seed, number }: { seed: number; number: number }): Float64Array {
  const start = mix((Math.imul(seed, 0x9e3779b1) + number + 1) | 0);
  return Float64Array.from(
    { length: count },
    (_, i) => (mix((Math.imul(i, 0x9e3779b1) + start) | 0) >>> 8) / 2 ** 23 - 1,
  );
}

function likeAnother(
  { like, changed }: Exclude<Recipe["tensors"], unknown[]>,
  recipes: Record<string, Recipe | Repacked>,
): TensorRecipe[] {
  const base = (recipes[like] as Recipe).tensors as TensorRecipe[];
  return base.map((row, i) => (changed[i] ? [row[0], row[1], ...changed[i]] : row));
}

function tensorOf(
  [key, shape, scale, offset, zeroed = 0, taps = []]: TensorRecipe,
  { seed, number, dtype }: Pick<Recipe, "seed" | "dtype"> & { number: number },
): Tensor {
  const values = randomValues(elementCount(shape), { seed, number }).map((value) => value * scale + offset);
  values.fill(0, 0, zeroed);
  for (const [at, value] of taps) values[at] = value;
  return { key, shape, bytes: encoded(Float32Array.from(values), dtype) };
}

function encoded(values: Float32Array, dtype: Dtype): Uint8Array {
  const bits = { F32: () => values, F16: () => float32ToFloat16(values), BF16: () => float32ToBfloat16(values) };
  return new Uint8Array(bits[dtype]().buffer);
}

/** MurmurHash3's finaliser. */
function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function safetensors(tensors: readonly Tensor[], dtype: Dtype): Buffer {
  let end = 0;
  const header = Object.fromEntries(
    tensors.map(({ key, shape, bytes }) => [key, { dtype, shape, data_offsets: [end, (end += bytes.length)] }]),
  );
  const json = Buffer.from(JSON.stringify(header));
  return Buffer.concat([uint64(json.length), json, ...tensors.map(({ bytes }) => bytes)]);
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

async function write(path: string, content: string | Buffer): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}
