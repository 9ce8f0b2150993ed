/** @file Element types of tensors, named as in ONNX, and their sizes. */

export const DTYPE_BYTES = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  bool: 1,
} as const;

export type DType = keyof typeof DTYPE_BYTES;

export type Shape = readonly number[];

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}
