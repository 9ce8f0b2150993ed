/** @file The closed set of operators a graph may hold, and the static parameters of each. The rules are elsewhere: shapes, gradients and encodings are total tables over `Op`. */

import type { DType } from "@lexeme/core";

export type NoAttributes = Record<string, never>;

/**
 * Static parameters by operator. ONNX passes some of them as constant inputs (the target of Reshape, the axes of a
 * reduction). Here they are attributes, so that an operand is always data; `proto/lowering.ts` makes initializers of them.
 */
export interface OpAttributes {
  Add: NoAttributes;
  Sub: NoAttributes;
  Mul: NoAttributes;
  Div: NoAttributes;
  Neg: NoAttributes;
  Exp: NoAttributes;
  Erf: NoAttributes;
  Sqrt: NoAttributes;
  Sigmoid: NoAttributes;
  Cos: NoAttributes;
  Sin: NoAttributes;
  Clip: { min: number; max: number };
  Gelu: NoAttributes;
  LeakyRelu: { alpha: number };
  /** com.microsoft: `x * sigmoid(alpha * x)`; alpha 1 is SiLU, 1.702 is CLIP's quick GELU. */
  QuickGelu: { alpha: number };
  MatMul: NoAttributes;
  /** com.microsoft: `alpha * op(A) op(B)`, where op transposes the last two dimensions. */
  FusedMatMul: { transA: boolean; transB: boolean; alpha: number };
  Transpose: { perm: readonly number[] };
  Reshape: { shape: readonly number[] };
  Concat: { axis: number };
  Split: { axis: number; sizes: readonly number[] };
  /** One entry per sliced axis; `ends` is exclusive, steps are positive. */
  Slice: { axes: readonly number[]; starts: readonly number[]; ends: readonly number[]; steps: readonly number[] };
  Gather: { axis: number };
  ScatterND: { reduction: "none" | "add" };
  Cast: { to: DType };
  Expand: { shape: readonly number[] };
  /** Constant padding; all begins, then all ends. */
  Pad: { pads: readonly number[]; value: number };
  Softmax: { axis: number };
  LayerNormalization: { axis: number; epsilon: number };
  /** `pads` is [top, left, bottom, right]. */
  Conv: { strides: readonly [number, number]; pads: readonly [number, number, number, number] };
  ConvTranspose: {
    strides: readonly [number, number];
    pads: readonly [number, number, number, number];
    outputPadding: readonly [number, number];
  };
  /** Nearest-neighbour enlargement of the last two dimensions by a whole factor. */
  Resize: { scale: number };
  ReduceSum: { axes: readonly number[]; keepDims: boolean };
  ReduceMean: { axes: readonly number[]; keepDims: boolean };
  /** com.microsoft, three-dimensional layout [B, S, H*D]; `scale` multiplies the scores before the softmax. */
  MultiHeadAttention: { numHeads: number; scale: number };
}

export type Op = keyof OpAttributes;

/** Operators outside the default ONNX domain. */
export const MICROSOFT_OPS = ["QuickGelu", "FusedMatMul", "MultiHeadAttention"] as const satisfies readonly Op[];
