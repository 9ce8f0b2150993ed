/**
 * @file Reads an embedding, the product of Textual Inversion, from every layout the field writes: A1111's and rinongal's `.pt`,
 * diffusers' `.bin`, and safetensors with `emb_params`, `emp_params`, `clip_l` or a token's name as key. By content, not by file name.
 */
import { bfloat16ToFloat32, elementCount, float16ToFloat32, LexemeError, type Shape } from "@lexeme/core";
import type { RandomAccess } from "./random-access.ts";
import { readSafetensorsHeader, type SafetensorsDType } from "./safetensors.ts";
import { isCall, isTorchTensor, type PickleValue, type TorchTensor } from "./torch/pickle-value.ts";
import { isPickle, isZip, readTorchFile } from "./torch/torch-file.ts";

/** Rows of any embedding in use; a prompt takes 75. */
export const MAX_EMBEDDING_ROWS = 1024;
/** The widest text encoder in the field (T5-XXL) has 4096. */
export const MAX_EMBEDDING_WIDTH = 8192;

export interface TextualInversion {
  /** Row-major `[count, width]`. */
  vectors: Float32Array;
  /** Rows: what A1111 calls "vectors per token". */
  count: number;
  /** 768 for SD 1.x. */
  width: number;
  /** Training steps so far; 0 where the file does not say. */
  step: number;
  /** First 10 hex digits of the checkpoint's sha256, and its name, if the file tells. */
  sdCheckpoint: string | undefined;
  sdCheckpointName: string | undefined;
  /** The name inside the file, which A1111 ignores: the file's own name is the word in a prompt. */
  innerName: string | undefined;
}

/** A table of vectors wherever it lies, read only once it is chosen. */
interface Candidate {
  shape: Shape;
  read(): Promise<Float32Array>;
}

type Facts = Pick<TextualInversion, "step" | "sdCheckpoint" | "sdCheckpointName" | "innerName">;

const NO_FACTS: Facts = { step: 0, sdCheckpoint: undefined, sdCheckpointName: undefined, innerName: undefined };

/** Keys that hold the table by convention, the most telling first. `emp_params` is OneTrainer's spelling. */
const KNOWN_KEYS = ["emb_params", "emp_params", "clip_l"];

/** Throws LexemeError: `EMBEDDING_UNREADABLE`, `EMBEDDING_FOR_SDXL`, or the container's own (`PICKLE_FORBIDDEN`, `ZIP_…`, `SAFETENSORS_…`). */
export async function readTextualInversion(file: RandomAccess): Promise<TextualInversion> {
  const head = await file.read(0, Math.min(4, file.sizeBytes));
  return isZip(head) || isPickle(head) ? readTorch(file) : readSafetensors(file);
}

async function readTorch(file: RandomAccess): Promise<TextualInversion> {
  const torch = await readTorchFile(file);
  const candidate = (tensor: TorchTensor): Candidate => ({ shape: tensor.shape, read: () => torch.readTensor(tensor) });
  const { value } = torch;
  if (isTorchTensor(value)) return assemble([candidate(value)], NO_FACTS);
  if (!(value instanceof Map)) throw unreadable("it holds neither a tensor nor a table of tensors");
  const params = parametersOf(value.get("string_to_param"));
  const tensors = tensorsOf(params ?? value);
  const tables = new Map([...tensors].map(([key, tensor]) => [key, candidate(tensor)]));
  return assemble(chooseTables(tables), {
    step: typeof value.get("step") === "number" ? Number(value.get("step")) : 0,
    sdCheckpoint: textOf(value.get("sd_checkpoint")),
    sdCheckpointName: textOf(value.get("sd_checkpoint_name")),
    innerName: textOf(value.get("name")),
  });
}

async function readSafetensors(file: RandomAccess): Promise<TextualInversion> {
  const { tensors, metadata } = await readSafetensorsHeader(file);
  const tables = new Map<string, Candidate>();
  for (const [key, { dtype, shape, offset, length }] of tensors) {
    const read = async (): Promise<Float32Array> => toFloat32(dtype, await file.read(offset, length));
    tables.set(key, { shape, read });
  }
  const step = Number(metadata["step"] ?? 0);
  return assemble(chooseTables(tables), {
    step: Number.isSafeInteger(step) && step >= 0 ? step : 0,
    sdCheckpoint: metadata["sd_checkpoint"],
    sdCheckpointName: metadata["sd_checkpoint_name"],
    innerName: metadata["name"],
  });
}

/** A plain dict, or an `nn.ParameterDict` as rinongal's files have it. */
function parametersOf(value: PickleValue | undefined): Map<PickleValue, PickleValue> | undefined {
  if (value instanceof Map) return value;
  if (!isCall(value) || !(value.state instanceof Map)) return undefined;
  const inner = value.state.get("_parameters");
  return inner instanceof Map ? inner : value.state;
}

function tensorsOf(map: Map<PickleValue, PickleValue>): Map<string, TorchTensor> {
  const tensors = new Map<string, TorchTensor>();
  for (const [key, value] of map) if (typeof key === "string" && isTorchTensor(value)) tensors.set(key, value);
  return tensors;
}

/** One table, or several that diffusers numbered `<word>`, `<word>_1`, … because one token holds one row there. */
function chooseTables(tables: ReadonlyMap<string, Candidate>): Candidate[] {
  if (tables.has("clip_g")) {
    throw new LexemeError(
      "Cannot use this embedding: it was made for Stable Diffusion XL, and only those for Stable Diffusion 1 work here",
      {
        code: "EMBEDDING_FOR_SDXL",
        kind: "input",
      },
    );
  }
  for (const key of KNOWN_KEYS) {
    const table = tables.get(key);
    if (table) return [table];
  }
  const keys = [...tables.keys()];
  const [word] = keys.toSorted((a, b) => a.length - b.length);
  if (word === undefined) throw unreadable("it holds no table of vectors");
  const numbered = keys.map((_, i) => (i === 0 ? word : `${word}_${i}`));
  if (!numbered.every((key) => tables.has(key))) {
    throw unreadable(`it holds ${keys.length} words (${keys.slice(0, 5).join(", ")}), and one file must hold one`);
  }
  return numbered.map((key) => tables.get(key)!);
}

async function assemble(tables: Candidate[], facts: Facts): Promise<TextualInversion> {
  const shapes = tables.map(({ shape }) => (shape.length === 1 ? [1, shape[0]!] : shape));
  const width = shapes[0]?.[1] ?? 0;
  const count = shapes.reduce((sum, shape) => sum + (shape[0] ?? 0), 0);
  if (shapes.some((shape) => shape.length !== 2 || shape[1] !== width) || width === 0 || count === 0) {
    throw unreadable(`its tensor has shape [${tables[0]?.shape.join(", ")}], and vectors are a table of rows`);
  }
  if (count > MAX_EMBEDDING_ROWS || width > MAX_EMBEDDING_WIDTH) {
    throw unreadable(`${count} rows of ${width} values are more than any embedding has`);
  }
  const vectors = new Float32Array(count * width);
  let at = 0;
  for (const table of tables) {
    vectors.set(await table.read(), at);
    at += elementCount(table.shape);
  }
  return { vectors, count, width, ...facts };
}

function toFloat32(dtype: SafetensorsDType, bytes: Uint8Array): Float32Array {
  // A copy is aligned. (Not `slice`: that of a Buffer is a view.)
  const { buffer } = new Uint8Array(bytes);
  switch (dtype) {
    case "F32":
      return new Float32Array(buffer);
    case "F16":
      return float16ToFloat32(new Uint16Array(buffer));
    case "BF16":
      return bfloat16ToFloat32(new Uint16Array(buffer));
    case "F64":
      return Float32Array.from(new Float64Array(buffer));
    default:
      throw unreadable(`its vectors are of type ${dtype}`);
  }
}

function textOf(value: PickleValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function unreadable(what: string): LexemeError {
  return new LexemeError(`Cannot read this embedding: ${what}`, { code: "EMBEDDING_UNREADABLE", kind: "input" });
}
