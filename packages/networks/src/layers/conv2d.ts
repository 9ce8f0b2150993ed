/** @file Convolutions with square kernels. */
import { conv, type Value } from "@lexeme/onnx";
import type { ParamScope } from "../param-scope.ts";
import { wrapAround, type Padding } from "./wrap-around.ts";

export interface Conv2dOptions {
  kernel: 1 | 3;
  stride?: number;
  /** One number for all sides, or [top, left, bottom, right]; by default the padding that keeps the size at stride 1. */
  padding?: number | Padding;
}

/** x [B, in, H, W] to [B, out, H', W'] with the scope's `weight` [out, in, k, k] and `bias` [out]; `out` is read from the file. */
export function conv2d(scope: ParamScope, x: Value, options: Conv2dOptions): Value {
  const { kernel, stride = 1, padding = (kernel - 1) / 2 } = options;
  const outputs = scope.sizeOf("weight", 0);
  const weight = scope.weight([outputs, x.shape[1] ?? 0, kernel, kernel]);
  const weights = { weight, bias: scope.bias([outputs]) };
  const sides = typeof padding === "number" ? ([padding, padding, padding, padding] as const) : padding;
  if (scope.wraps && isBothSided(sides)) return conv(wrapAround(x, sides), weights, { stride });
  return conv(x, weights, { stride, padding });
}

/** Padding on one side alone is LDM's own before a convolution, and stays zeros where convolutions wrap. */
function isBothSided([top, left, bottom, right]: Padding): boolean {
  return top === bottom && left === right;
}
