/** @file Convolutions with square kernels. */
import { conv, type Value } from "@lexeme/onnx";
import type { ParamScope } from "../param-scope.ts";

export interface Conv2dOptions {
  kernel: 1 | 3;
  stride?: number;
  /** One number for all sides, or [top, left, bottom, right]; by default the padding that keeps the size at stride 1. */
  padding?: number | readonly [number, number, number, number];
}

/** x [B, in, H, W] to [B, out, H', W'] with the scope's `weight` [out, in, k, k] and `bias` [out]; `out` is read from the file. */
export function conv2d(scope: ParamScope, x: Value, options: Conv2dOptions): Value {
  const { kernel, stride = 1, padding = (kernel - 1) / 2 } = options;
  const outputs = scope.sizeOf("weight", 0);
  const weight = scope.weight([outputs, x.shape[1] ?? 0, kernel, kernel]);
  return conv(x, { weight, bias: scope.bias([outputs]) }, { stride, padding });
}
