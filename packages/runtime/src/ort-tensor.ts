/** @file Converts host tensors to ONNX Runtime's tensors and back, without copying the data. */

import { Tensor } from "./ort.ts";
import type { HostTensor } from "./host-tensor.ts";

export function toOrtTensor(tensor: HostTensor): Tensor {
  const dims = [...tensor.shape];
  switch (tensor.dtype) {
    case "float32":
      return new Tensor("float32", tensor.data, dims);
    case "float16":
      return new Tensor("float16", tensor.data, dims);
    case "int64":
      return new Tensor("int64", tensor.data, dims);
    case "int32":
      return new Tensor("int32", tensor.data, dims);
    case "bool":
      return new Tensor("bool", tensor.data, dims);
    default:
      throw new TypeError(`no tensor of ${JSON.stringify(tensor satisfies never)}`);
  }
}

export function fromOrtTensor({ type, dims, data }: Tensor): HostTensor {
  const shape = [...dims];
  if (type === "float32" && data instanceof Float32Array) return { dtype: type, shape, data };
  if (type === "int64" && data instanceof BigInt64Array) return { dtype: type, shape, data };
  if (type === "int32" && data instanceof Int32Array) return { dtype: type, shape, data };
  if (type === "bool" && data instanceof Uint8Array) return { dtype: type, shape, data };
  if (type === "float16" && ArrayBuffer.isView(data)) {
    // `data` is a Float16Array in a JavaScript engine that has this class, and a Uint16Array in older engines.
    return { dtype: type, shape, data: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) };
  }
  throw new TypeError(`the model gives a ${type} tensor, which has no host form`);
}
