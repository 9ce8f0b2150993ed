/**
 * @file Reads an embedding, the product of Textual Inversion, from all common layouts: A1111's and rinongal's `.pt`, diffusers' `.bin`,
 * and safetensors with `emb_params`, `emp_params`, `clip_l` or a token's name as key. The content decides, not the file name.
 */
import { elementCount, LexemeError, type Shape } from "@lexeme/core";
import { foreignTensors } from "./foreign-tensors.ts";
import type { RandomAccess } from "./random-access.ts";
import { readSafetensorsHeader } from "./safetensors.ts";
import { safetensorsFloats } from "./safetensors-floats.ts";
import { isCall, isTorchTensor, type PickleValue, type TorchTensor } from "./torch/pickle-value.ts";
import { isPickle, isZip, readTorchFile } from "./torch/torch-file.ts";

/** More rows than any embedding in use has; a prompt has 75 tokens. */
export const MAX_EMBEDDING_ROWS = 1024;
/** The widest text encoder in use (T5-XXL) has 4096. */
export const MAX_EMBEDDING_WIDTH = 8192;

export interface TextualInversion {
  /** Row-major `[count, width]`. */
  vectors: Float32Array;
  /** The number of rows, which A1111 calls "vectors per token". */
  count: number;
  /** 768 for SD 1.x. */
  width: number;
  /** Training steps so far; undefined if the file does not give them. */
  step: number | undefined;
  /** First 10 hex digits of the checkpoint's sha256, and its name, if the file gives them. */
  sdCheckpoint: string | undefined;
  sdCheckpointName: string | undefined;
  /** The name inside the file. A1111 ignores it, because the file name is the word in a prompt. */
  innerName: string | undefined;
}

/** A table of vectors in any container; it is read only after it is chosen. */
export interface EmbeddingTable {
  readonly shape: Shape;
  read(): Promise<Float32Array>;
}

/** The facts that A1111 stores beside the vectors. */
export type EmbeddingFacts = Pick<TextualInversion, "step" | "sdCheckpoint" | "sdCheckpointName" | "innerName">;

const NO_FACTS: EmbeddingFacts = {
  step: undefined,
  sdCheckpoint: undefined,
  sdCheckpointName: undefined,
  innerName: undefined,
};

/** More words than any file holds. */
const MAX_WORDS = 1000;

/** Usual keys of the table, the most specific first. `emp_params` is OneTrainer's spelling. */
const KNOWN_KEYS = ["emb_params", "emp_params", "clip_l"];

/** An embedding in a file; its vectors are read only on request. */
export interface EmbeddingWord {
  /** The word's key in a file with several words; undefined in a file with one. */
  readonly key: string | undefined;
  /** Throws LexemeError `EMBEDDING_UNREADABLE`, `EMBEDDING_NOT_FINITE`. */
  read(): Promise<TextualInversion>;
}

/**
 * The only embedding of a file. Throws LexemeError: `EMBEDDING_UNREADABLE` (also if the file holds several words), `EMBEDDING_NOT_FINITE`,
 * `EMBEDDING_FOR_SDXL`, or the container's own (`PICKLE_FORBIDDEN`, `ZIP_…`, `SAFETENSORS_…`).
 */
export async function readTextualInversion(file: RandomAccess): Promise<TextualInversion> {
  const words = await readEmbeddingWords(file);
  const [word] = words;
  if (words.length > 1 || word === undefined) {
    const keys = words.slice(0, 5).map(({ key }) => key);
    throw unreadable(
      `it holds ${words.length} words (${keys.join(", ")}), and only a file with one word can be used here`,
    );
  }
  return word.read();
}

/**
 * All embeddings of a file, at least one. A1111 refuses a file with more than one key. Here each key is a separate word, unless the keys
 * are `<word>`, `<word>_1`, `<word>_2`, …: those are the rows of one word, as diffusers writes them. Throws the errors of
 * `readTextualInversion`.
 */
export async function readEmbeddingWords(file: RandomAccess): Promise<EmbeddingWord[]> {
  const head = await file.read(0, Math.min(4, file.sizeBytes));
  if (isZip(head) || isPickle(head)) return readTorch(file);
  try {
    return await readSafetensors(file);
  } catch (cause) {
    if (!(cause instanceof LexemeError) || cause.code !== "SAFETENSORS_NOT") throw cause;
    throw unreadable("it is neither a file that torch wrote nor a safetensors file", cause);
  }
}

/** The words from tables by key, with A1111's facts. For the containers of this package. */
export function wordsOf(tables: ReadonlyMap<string, EmbeddingTable>, facts: EmbeddingFacts): EmbeddingWord[] {
  const groups = groupTables(tables);
  return [...groups].map(([key, rows]) => ({
    key: groups.size === 1 ? undefined : key,
    read: () => assemble(rows, facts),
  }));
}

async function readTorch(file: RandomAccess): Promise<EmbeddingWord[]> {
  const torch = await readTorchFile(file);
  const table = (tensor: TorchTensor): EmbeddingTable => {
    return { shape: tensor.shape, read: () => torch.readTensor(tensor) };
  };
  const { value } = torch;
  if (isTorchTensor(value)) return wordsOf(new Map([["*", table(value)]]), NO_FACTS);
  if (!(value instanceof Map)) throw unreadable("it holds neither a tensor nor a table of tensors");
  // A network may lie in a member, and an old hypernetwork has only numbers as keys.
  const members = [...value.values()].filter((member) => member instanceof Map);
  refuseForeign([...value.keys(), ...members.flatMap((member) => [...member.keys()])].map(keyText));
  const params = parametersOf(value.get("string_to_param"));
  const tensors = tensorsOf(params ?? value);
  return wordsOf(new Map([...tensors].map(([key, tensor]) => [key, table(tensor)])), {
    step: stepOf(value.get("step")),
    sdCheckpoint: textOf(value.get("sd_checkpoint")),
    sdCheckpointName: textOf(value.get("sd_checkpoint_name")),
    innerName: textOf(value.get("name")),
  });
}

async function readSafetensors(file: RandomAccess): Promise<EmbeddingWord[]> {
  const { tensors, metadata } = await readSafetensorsHeader(file);
  refuseForeign([...tensors.keys()]);
  const tables = new Map<string, EmbeddingTable>();
  for (const [key, { dtype, shape, offset, length }] of tensors) {
    const read = async (): Promise<Float32Array> => {
      const values = safetensorsFloats(dtype, await file.read(offset, length));
      if (values === undefined) throw unreadable(`its vectors are of type ${dtype}`);
      return values;
    };
    tables.set(key, { shape, read });
  }
  return wordsOf(tables, {
    step: stepOf(Number(metadata["step"])),
    sdCheckpoint: metadata["sd_checkpoint"],
    sdCheckpointName: metadata["sd_checkpoint_name"],
    innerName: metadata["name"],
  });
}

/** Throws LexemeError `EMBEDDING_UNREADABLE` for the keys of a LoRA, a VAE and the like. */
function refuseForeign(keys: readonly string[]): void {
  const foreign = foreignTensors(keys);
  if (foreign !== undefined) throw unreadable(foreign);
}

/** A number as a key is in brackets, because it cannot be the name of a word. */
function keyText(key: PickleValue): string {
  return typeof key === "string" ? key : typeof key === "number" ? `[${key}]` : "[]";
}

/** Reads a plain dict, or an `nn.ParameterDict`, which rinongal's files have. */
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

/** Tables by word, in the order of the file: the table with a known key, or each key with the rows that diffusers numbered after it. */
function groupTables(tables: ReadonlyMap<string, EmbeddingTable>): Map<string, EmbeddingTable[]> {
  if (tables.has("clip_g")) {
    throw new LexemeError(
      "EMBEDDING_FOR_SDXL",
      "Cannot use this embedding: it was made for Stable Diffusion XL, and only embeddings for Stable Diffusion 1 and 2 work here",
      { details: sdxlSize(tables) },
    );
  }
  for (const key of KNOWN_KEYS) {
    const table = tables.get(key);
    if (table) return new Map([[key, [table]]]);
  }
  if (tables.size === 0) throw unreadable("it holds no table of vectors");
  if (tables.size > MAX_WORDS) throw unreadable(`it holds ${tables.size} tables, more than any file of embeddings`);
  const groups = new Map<string, EmbeddingTable[]>();
  for (const [key, table] of tables) if (wordOfRow(tables, key) === undefined) groups.set(key, [table]);
  for (const [word, rows] of groups) {
    if (!isRow(tables, word)) continue;
    for (let row = 1; isRow(tables, `${word}_${row}`); row++) rows.push(tables.get(`${word}_${row}`)!);
  }
  return groups;
}

/** The number of rows, and the width over both text encoders, as A1111 gives them for such a file. */
function sdxlSize(tables: ReadonlyMap<string, EmbeddingTable>): { vectors: number; width: number } {
  const shapes = ["clip_g", "clip_l"].map((key) => tables.get(key)?.shape ?? []);
  return { vectors: shapes[0]?.[0] ?? 0, width: shapes.reduce((sum, shape) => sum + (shape.at(-1) ?? 0), 0) };
}

/** The word of which `<word>_3` is a row, if `<word>` and all earlier rows exist; undefined for a separate word. */
function wordOfRow(tables: ReadonlyMap<string, EmbeddingTable>, key: string): string | undefined {
  const [, word = "", number = ""] = /^(.+)_([1-9]\d{0,3})$/su.exec(key) ?? [];
  for (let row = Number(number); row >= 1; row--) if (!isRow(tables, `${word}_${row}`)) return undefined;
  return isRow(tables, word) ? word : undefined;
}

function isRow(tables: ReadonlyMap<string, EmbeddingTable>, key: string): boolean {
  const shape = tables.get(key)?.shape;
  return shape !== undefined && (shape.length === 1 || (shape.length === 2 && shape[0] === 1));
}

async function assemble(tables: EmbeddingTable[], facts: EmbeddingFacts): Promise<TextualInversion> {
  const shapes = tables.map(({ shape }) => (shape.length === 1 ? [1, shape[0]!] : shape));
  const width = shapes[0]?.[1] ?? 0;
  const count = shapes.reduce((sum, shape) => sum + (shape[0] ?? 0), 0);
  const odd = shapes.findIndex((shape) => shape.length !== 2 || shape[1] !== width);
  if (odd >= 0 || width === 0 || count === 0) {
    const shape = tables[Math.max(odd, 0)]?.shape.join(", ");
    throw unreadable(`one of its tensors has shape [${shape}], but vectors must be a table of rows of one width`);
  }
  if (count > MAX_EMBEDDING_ROWS || width > MAX_EMBEDDING_WIDTH) {
    throw unreadable(`it has ${count} rows of ${width} values, more than any embedding`);
  }
  const vectors = new Float32Array(count * width);
  let at = 0;
  for (const table of tables) {
    vectors.set(await table.read(), at);
    at += elementCount(table.shape);
  }
  if (!vectors.every(Number.isFinite)) {
    const message = "Cannot use this embedding: its vectors hold NaN or infinity, because its training diverged";
    throw new LexemeError("EMBEDDING_NOT_FINITE", message);
  }
  return { vectors, count, width, ...facts };
}

function textOf(value: PickleValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function stepOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function unreadable(what: string, cause?: unknown): LexemeError {
  return new LexemeError("EMBEDDING_UNREADABLE", `Cannot read this embedding: ${what}`, { cause });
}
