/** @file Checks a torch file's description of a tensor, and converts the bytes of its storage to values. */
import { bfloat16ToFloat32, elementCount, float16ToFloat32, LexemeError } from "@lexeme/core";
import { isTorchStorage, type PickleValue, type TorchStorage, type TorchTensor } from "./pickle-value.ts";
import type { TorchDType } from "./pickle-symbols.ts";

export const TORCH_DTYPE_BYTES: Readonly<Record<TorchDType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** An upper bound. Convolutions have 4 dimensions, those of video models 5. */
const MAX_DIMENSIONS = 8;

/** `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)`, checked to stay inside its storage. */
export function rebuildTensor(args: readonly PickleValue[]): TorchTensor {
  const [storage, offset, shape, strides] = args;
  if (!isTorchStorage(storage)) throw fault("a tensor has no storage");
  if (!isSize(offset) || !isSizes(shape) || !isSizes(strides)) throw fault("a tensor's shape is not made of sizes");
  if (shape.length !== strides.length || shape.length > MAX_DIMENSIONS)
    throw fault("a tensor's shape and strides differ");
  const isEmpty = shape.includes(0);
  const last = shape.reduce((sum, size, i) => sum + (size - 1) * strides[i]!, offset);
  if (!isEmpty && last >= storage.size) throw fault("a tensor reaches past its storage");
  return { kind: "torch-tensor", storage, offset, shape, strides };
}

/** The tensor's values in row-major order as float32, from the bytes of its storage. The caller must limit the shape. */
export function tensorToFloat32(tensor: TorchTensor, storageBytes: Uint8Array): Float32Array {
  const { storage, shape, strides, offset } = tensor;
  if (storageBytes.length < storage.size * TORCH_DTYPE_BYTES[storage.dtype])
    throw fault("a tensor's data is cut short");
  const values = storageValues(storage, storageBytes);
  const out = new Float32Array(elementCount(shape));
  const index = shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < out.length; i++) {
    out[i] = Number(values[at]!);
    // Increments the index like an odometer, and updates `at` for the new index.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

function storageValues(storage: TorchStorage, bytes: Uint8Array): ArrayLike<number | bigint> {
  // The copy is aligned; a member of a zip may be unaligned. (`slice` is not used, because a Buffer's `slice` returns a view.)
  const { buffer } = new Uint8Array(bytes.subarray(0, storage.size * TORCH_DTYPE_BYTES[storage.dtype]));
  switch (storage.dtype) {
    case "float64":
      return new Float64Array(buffer);
    case "float32":
      return new Float32Array(buffer);
    case "float16":
      return float16ToFloat32(new Uint16Array(buffer));
    case "bfloat16":
      return bfloat16ToFloat32(new Uint16Array(buffer));
    case "int64":
      return new BigInt64Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "int16":
      return new Int16Array(buffer);
    case "int8":
      return new Int8Array(buffer);
    case "uint8":
    case "bool":
      return new Uint8Array(buffer);
  }
}

function isSize(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isSizes(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every((size) => isSize(size));
}

function fault(what: string): LexemeError {
  return new LexemeError("TORCH_TENSOR", `The tensors inside this file cannot be read: ${what}`);
}
