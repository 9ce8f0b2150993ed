/** @file A checkpoint written by `torch.save` (`.ckpt`, `.pt`, zip or older format), as byte ranges. Only the pickles of the large file are read. */
import { LexemeError } from "@lexeme/core";
import type { CheckpointSource, CheckpointTensorLocation } from "../checkpoint-source.ts";
import type { RandomAccess } from "../random-access.ts";
import { SAFETENSORS_DTYPE_BYTES, type SafetensorsDType } from "../safetensors.ts";
import type { TorchDType } from "./pickle-symbols.ts";
import { isTorchTensor, type PickleValue, type TorchTensor } from "./pickle-value.ts";
import { isPickle, isZip, readTorchFile } from "./torch-file.ts";

/** The safetensors name of each element type of torch. */
const DTYPES: Readonly<Record<TorchDType, SafetensorsDType>> = {
  float64: "F64",
  float32: "F32",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
  int32: "I32",
  int16: "I16",
  int8: "I8",
  uint8: "U8",
  bool: "BOOL",
};

/** The prefix of moving averages of the weights. A1111 never uses them, so their layout is not checked. */
const EMA_PREFIX = "model_ema.";

/** Whether a file begins like a file of `torch.save`. The ending of its name does not decide this. */
export function isTorchFile(head: Uint8Array): boolean {
  return isZip(head) || isPickle(head);
}

/**
 * The tensors of the file's `state_dict` (for an upscaler of `params_ema` or `params`), or of its top level when it has none of these.
 * Throws LexemeError: `PICKLE_FORBIDDEN` when the file would call a function, `TORCH_LAYOUT` when a tensor is not stored as one run of
 * bytes in row-major order, `TORCH_FILE` and others when the file is damaged.
 */
export async function readTorchCheckpoint(file: RandomAccess): Promise<CheckpointSource> {
  const torchFile = await readTorchFile(file);
  const tensors = new Map<string, CheckpointTensorLocation>();
  for (const [key, tensor] of stateDict(torchFile.value)) {
    if (typeof key !== "string" || key.startsWith(EMA_PREFIX) || !isTorchTensor(tensor)) continue;
    if (!isContiguous(tensor)) {
      throw layoutFault(key, "is stored transposed: load the file with PyTorch and save it with contiguous tensors");
    }
    const dtype = DTYPES[tensor.storage.dtype];
    const bytes = SAFETENSORS_DTYPE_BYTES[dtype];
    const storage = await torchFile.locateStorage(tensor.storage);
    if (storage === undefined) throw layoutFault(key, "is compressed: load the file with PyTorch and save it again");
    const length = tensor.shape.reduce((product, size) => product * size, bytes);
    tensors.set(key, { dtype, shape: tensor.shape, offset: storage + tensor.offset * bytes, length });
  }
  return { tensors, metadata: {} };
}

/** The keys that hold the weights in a file with more data: of checkpoints, and of upscalers with averaged and with plain weights. */
const NESTED = ["state_dict", "params_ema", "params"];

function stateDict(value: PickleValue): ReadonlyMap<PickleValue, PickleValue> {
  const nested =
    value instanceof Map ? NESTED.map((key) => value.get(key)).find((one) => one instanceof Map) : undefined;
  const dict = nested instanceof Map ? nested : value;
  if (dict instanceof Map) return dict;
  throw new LexemeError("TORCH_FILE", "This torch file holds no dictionary of weights, so it is not a checkpoint");
}

/** Whether a tensor is row-major without gaps. The stride of a dimension of size 1 and the strides of an empty tensor do not matter. */
function isContiguous({ shape, strides }: TorchTensor): boolean {
  if (shape.includes(0)) return true;
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size !== 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

function layoutFault(key: string, what: string): LexemeError {
  return new LexemeError("TORCH_LAYOUT", `The tensor "${key}" ${what}`, { details: { key } });
}
