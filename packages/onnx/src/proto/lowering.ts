/** @file How each operator is written in ONNX: which attributes stay attributes and which become constant inputs. */

import type { DType } from "@lexeme/core";
import type { NodeOf } from "../graph.ts";
import type { Op } from "../op.ts";

export type OnnxAttribute =
  | { kind: "int"; value: number }
  | { kind: "ints"; value: readonly number[] }
  | { kind: "float"; value: number }
  | { kind: "string"; value: string };

/** A constant input that exists only in the encoded model. */
export type ParameterInput =
  | { dtype: "int64"; shape: readonly number[]; values: readonly number[] }
  | { dtype: "float32"; shape: readonly number[]; values: readonly number[] };

/** Numbers are operand indices, `undefined` is an omitted optional input. */
export interface Lowered {
  attributes?: Record<string, OnnxAttribute>;
  /** Replaces the input list if given. */
  inputs?: readonly (number | ParameterInput | undefined)[];
}

type Lowering<K extends Op> = (node: NodeOf<K>) => Lowered;

/** TensorProto.DataType. */
export const ONNX_DTYPES: Record<DType, number> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
};

/** Total over `Op`: the compiler reports an operator without an entry. */
export const lowerings: { [K in Op]: Lowering<K> } = {
  Add: plain,
  Sub: plain,
  Mul: plain,
  Div: plain,
  Neg: plain,
  Exp: plain,
  Erf: plain,
  Sqrt: plain,
  Sigmoid: plain,
  Cos: plain,
  Sin: plain,
  Clip: ({ attributes }) => ({ inputs: [0, floatScalar(attributes.min), floatScalar(attributes.max)] }),
  Gelu: plain,
  LeakyRelu: ({ attributes }) => ({ attributes: { alpha: float(attributes.alpha) } }),
  QuickGelu: ({ attributes }) => ({ attributes: { alpha: float(attributes.alpha) } }),
  MatMul: plain,
  FusedMatMul: ({ attributes: { transA, transB, alpha } }) => ({
    attributes: { transA: int(Number(transA)), transB: int(Number(transB)), alpha: float(alpha) },
  }),
  Transpose: ({ attributes }) => ({ attributes: { perm: ints(attributes.perm) } }),
  Reshape: ({ attributes }) => ({ inputs: [0, intVector(attributes.shape)] }),
  Concat: ({ attributes }) => ({ attributes: { axis: int(attributes.axis) } }),
  Split: ({ attributes }) => ({ attributes: { axis: int(attributes.axis) }, inputs: [0, intVector(attributes.sizes)] }),
  Slice: ({ attributes: { starts, ends, axes, steps } }) => ({
    inputs: [0, intVector(starts), intVector(ends), intVector(axes), intVector(steps)],
  }),
  Gather: ({ attributes }) => ({ attributes: { axis: int(attributes.axis) } }),
  ScatterND: ({ attributes }) => ({ attributes: { reduction: string(attributes.reduction) } }),
  Cast: ({ attributes }) => ({ attributes: { to: int(ONNX_DTYPES[attributes.to]) } }),
  Expand: ({ attributes }) => ({ inputs: [0, intVector(attributes.shape)] }),
  Pad: ({ attributes }) => ({ inputs: [0, intVector(attributes.pads), floatScalar(attributes.value)] }),
  Softmax: ({ attributes }) => ({ attributes: { axis: int(attributes.axis) } }),
  LayerNormalization: ({ attributes }) => ({
    attributes: { axis: int(attributes.axis), epsilon: float(attributes.epsilon) },
  }),
  Conv: ({ inputs, attributes: { strides, pads } }) => ({
    attributes: { kernel_shape: kernelShape(inputs), strides: ints(strides), pads: ints(pads) },
  }),
  ConvTranspose: ({ inputs, attributes: { strides, pads, outputPadding } }) => ({
    attributes: {
      kernel_shape: kernelShape(inputs),
      strides: ints(strides),
      pads: ints(pads),
      output_padding: ints(outputPadding),
    },
  }),
  Resize: ({ attributes: { scale } }) => ({
    attributes: {
      mode: string("nearest"),
      coordinate_transformation_mode: string("asymmetric"),
      nearest_mode: string("floor"),
    },
    inputs: [0, undefined, { dtype: "float32", shape: [4], values: [1, 1, scale, scale] }],
  }),
  ReduceSum: reduction,
  ReduceMean: reduction,
  // query, key, value, bias, key_padding_mask, attention_bias.
  MultiHeadAttention: ({ inputs, attributes: { numHeads, scale } }) => ({
    attributes: { num_heads: int(numHeads), scale: float(scale) },
    inputs: inputs.length === 4 ? [0, 1, 2, undefined, undefined, 3] : [0, 1, 2],
  }),
};

function plain(): Lowered {
  return {};
}

function reduction({ attributes: { axes, keepDims } }: NodeOf<"ReduceSum" | "ReduceMean">): Lowered {
  return { attributes: { keepdims: int(Number(keepDims)) }, inputs: [0, intVector(axes)] };
}

function kernelShape(inputs: NodeOf<Op>["inputs"]): OnnxAttribute {
  return ints(inputs[1]?.shape.slice(2) ?? []);
}

function int(value: number): OnnxAttribute {
  return { kind: "int", value };
}

function ints(value: readonly number[]): OnnxAttribute {
  return { kind: "ints", value };
}

function float(value: number): OnnxAttribute {
  return { kind: "float", value };
}

function string(value: string): OnnxAttribute {
  return { kind: "string", value };
}

function intVector(values: readonly number[]): ParameterInput {
  return { dtype: "int64", shape: [values.length], values };
}

function floatScalar(value: number): ParameterInput {
  return { dtype: "float32", shape: [], values: [value] };
}
