/** @file Tensors in JavaScript memory, the inputs and outputs of sessions. They are plain data, so processes can exchange them unchanged. */

import { elementCount, type Shape } from "@lexeme/core";

/** float16 elements are their 16 bits; bool elements are 0 or 1. */
export type HostTensor =
  | { readonly dtype: "float32"; readonly shape: Shape; readonly data: Float32Array }
  | { readonly dtype: "float16"; readonly shape: Shape; readonly data: Uint16Array }
  | { readonly dtype: "int64"; readonly shape: Shape; readonly data: BigInt64Array }
  | { readonly dtype: "int32"; readonly shape: Shape; readonly data: Int32Array }
  | { readonly dtype: "bool"; readonly shape: Shape; readonly data: Uint8Array };

/** Throws RangeError if the data does not fill the shape. A Float32Array is wrapped, not copied. */
export function float32Tensor(shape: Shape, data: Float32Array | readonly number[]): HostTensor & { dtype: "float32" } {
  expectElements(shape, data.length);
  return { dtype: "float32", shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** Throws RangeError if the data does not fill the shape. A BigInt64Array is wrapped, not copied. */
export function int64Tensor(shape: Shape, data: BigInt64Array | readonly number[]): HostTensor & { dtype: "int64" } {
  expectElements(shape, data.length);
  return { dtype: "int64", shape, data: data instanceof BigInt64Array ? data : BigInt64Array.from(data, BigInt) };
}

/** The float32 elements of a tensor. Throws TypeError for another dtype. */
export function float32Data(tensor: HostTensor): Float32Array {
  if (tensor.dtype !== "float32") throw new TypeError(`expected a float32 tensor, got ${tensor.dtype}`);
  return tensor.data;
}

function expectElements(shape: Shape, length: number): void {
  if (elementCount(shape) !== length) {
    throw new RangeError(`${length} elements do not fill shape [${shape.join(",")}]`);
  }
}
