/**
 * @file Reads the header of a safetensors file and checks all its values. Tensor data is never loaded here: callers get byte ranges of
 * the file. Format: https://huggingface.co/docs/safetensors (8 bytes header length, JSON header, data).
 */
import { LexemeError } from "@lexeme/core";
import { duplicateKey } from "./json-duplicate-key.ts";
import type { RandomAccess } from "./random-access.ts";

/** The format's own limit on the JSON header (safetensors, `MAX_HEADER_SIZE`). */
const MAX_HEADER_BYTES = 100_000_000;
/** SDXL files hold about 2,500 tensors, merges with LoRA keys some 10,000; a file with a hundred times that is not a checkpoint. */
const MAX_TENSORS = 1_000_000;
/** Checkpoints use at most 5 dimensions (video convolutions); numpy allows 32. */
const MAX_DIMENSIONS = 8;

const LENGTH_FIELD_BYTES = 8;

/** Bytes per element of each element type of the format. */
export const SAFETENSORS_DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;

export type SafetensorsDType = keyof typeof SAFETENSORS_DTYPE_BYTES;

/** The place of one tensor in its file. */
export interface TensorLocation {
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  /** Offset of the first byte from the start of the file. */
  readonly offset: number;
  /** Length in bytes; always the element size times the number of elements of `shape`. */
  readonly length: number;
}

export interface SafetensorsHeader {
  /** The tensors by key, in the order of the header. */
  readonly tensors: ReadonlyMap<string, TensorLocation>;
  /** The header's `__metadata__`; empty if there is none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads and checks the header of an open file. Throws LexemeError (`SAFETENSORS_…`) that names the fault. */
export async function readSafetensorsHeader(file: RandomAccess): Promise<SafetensorsHeader> {
  if (file.sizeBytes < LENGTH_FIELD_BYTES) {
    throw new LexemeError(
      "SAFETENSORS_TRUNCATED",
      `The file has ${file.sizeBytes} bytes, too few for a safetensors file`,
    );
  }
  const field = await file.read(0, LENGTH_FIELD_BYTES);
  const headerLength = new DataView(field.buffer, field.byteOffset, LENGTH_FIELD_BYTES).getBigUint64(0, true);
  const available = file.sizeBytes - LENGTH_FIELD_BYTES;
  if (headerLength > BigInt(MAX_HEADER_BYTES)) {
    throw new LexemeError(
      "SAFETENSORS_NOT",
      "This is not a safetensors file: its first 8 bytes do not hold a possible header length",
    );
  }
  if (headerLength > BigInt(available)) {
    throw new LexemeError(
      "SAFETENSORS_TRUNCATED",
      `The header claims ${headerLength} bytes but only ${available} follow: the file is cut short, copy or download it again`,
    );
  }
  return parseSafetensorsHeader(await file.read(LENGTH_FIELD_BYTES, Number(headerLength)), file.sizeBytes);
}

/** Checks a header's JSON (`json`, without the length field) against the size of its file. */
export function parseSafetensorsHeader(json: Uint8Array, fileSizeBytes: number): SafetensorsHeader {
  const root = parseRoot(json);
  const dataStart = LENGTH_FIELD_BYTES + json.byteLength;
  const tensors = new Map<string, TensorLocation>();
  let metadata: Record<string, string> = {};
  for (const [key, value] of Object.entries(root)) {
    if (key === "__metadata__") metadata = parseMetadata(value);
    else tensors.set(key, parseEntry(key, value, dataStart));
  }
  if (tensors.size > MAX_TENSORS) {
    throw new LexemeError("SAFETENSORS_HEADER", `The header names ${tensors.size} tensors, more than ${MAX_TENSORS}`);
  }
  checkCoverage(tensors, dataStart, fileSizeBytes);
  return { tensors, metadata };
}

function parseRoot(json: Uint8Array): Record<string, unknown> {
  let root: unknown;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(json);
    root = JSON.parse(text);
  } catch (cause) {
    throw new LexemeError("SAFETENSORS_NOT", "This is not a safetensors file: its header is not JSON", { cause });
  }
  if (!isRecord(root))
    throw new LexemeError("SAFETENSORS_NOT", "This is not a safetensors file: its header is not a JSON object");
  const twice = duplicateKey(text);
  if (twice !== undefined) {
    throw new LexemeError(
      "SAFETENSORS_HEADER",
      `The header has two entries "${twice}", so it is unclear which of them is meant`,
      {
        details: { key: twice },
      },
    );
  }
  return root;
}

function parseMetadata(value: unknown): Record<string, string> {
  if (isRecord(value) && isTexts(value)) return value;
  throw new LexemeError("SAFETENSORS_HEADER", "The header's __metadata__ must map names to texts");
}

function parseEntry(key: string, value: unknown, dataStart: number): TensorLocation {
  if (!isRecord(value)) throw entryFault(key, "its description is not an object");
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDType(dtype)) {
    throw entryFault(key, `element type ${JSON.stringify(dtype)} is unknown`);
  }
  if (!isSizes(shape) || shape.length > MAX_DIMENSIONS) {
    throw entryFault(key, `shape ${JSON.stringify(shape)} is not a list of at most ${MAX_DIMENSIONS} sizes`);
  }
  const [begin, end] = isSizes(offsets) && offsets.length === 2 ? offsets : [];
  if (begin === undefined || end === undefined) {
    throw entryFault(key, `data_offsets ${JSON.stringify(offsets)} are not two positions`);
  }
  const length = shape.reduce((product, size) => product * size, SAFETENSORS_DTYPE_BYTES[dtype]);
  if (end - begin !== length) {
    throw entryFault(
      key,
      `${dtype} of shape [${shape.join(", ")}] takes ${length} bytes, but its data_offsets span ${end - begin}`,
    );
  }
  return { dtype, shape, offset: dataStart + begin, length };
}

/** The format requires that the tensors cover the data exactly: no overlap, no gap, no bytes after the last tensor, no missing bytes. */
function checkCoverage(tensors: ReadonlyMap<string, TensorLocation>, dataStart: number, fileSizeBytes: number): void {
  const ordered = [...tensors].toSorted(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  let end = dataStart;
  let previous = "";
  for (const [key, { offset, length }] of ordered) {
    if (offset < end) throw entryFault(key, `its data overlaps that of "${previous}"`);
    if (offset + length > fileSizeBytes) {
      throw new LexemeError(
        "SAFETENSORS_TRUNCATED",
        `The data of "${key}" should end at byte ${offset + length} but the file has ${fileSizeBytes}: it is cut short, copy or download it again`,
        { details: { key } },
      );
    }
    if (offset > end) throw entryFault(key, `${offset - end} bytes before its data belong to no tensor`);
    end = offset + length;
    previous = key;
  }
  if (end !== fileSizeBytes) {
    throw new LexemeError(
      "SAFETENSORS_HEADER",
      `${fileSizeBytes - end} bytes at the end of the file belong to no tensor`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: Record<string, unknown>): value is Record<string, string> {
  return Object.values(value).every((text) => typeof text === "string");
}

function isDType(value: unknown): value is SafetensorsDType {
  return typeof value === "string" && Object.hasOwn(SAFETENSORS_DTYPE_BYTES, value);
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function entryFault(key: string, what: string): LexemeError {
  return new LexemeError("SAFETENSORS_HEADER", `The header's entry "${key}" is wrong: ${what}`, { details: { key } });
}
