/** @file Gradients of convolutions with respect to their input. Each reads the weight of the forward pass in place, without a copy. */

import { convTranspose, fusedMatMul, reduceSum, reshape, type Value } from "@lexeme/onnx";
import { NotDifferentiable, type GradientCall, type GradientTable } from "./rule.ts";

const FROZEN_WEIGHT = new NotDifferentiable("Textual Inversion never trains a convolution's weight");

export const convolutionRules = {
  // Conv is linear in x; its adjoint is ConvTranspose with the same weight, strides and pads (Dumoulin & Visin 2016, ch. 4).
  Conv: [
    (call) => pointwiseGradient(call) ?? convGradient(call),
    FROZEN_WEIGHT,
    ({ dy }) => reduceSum(dy, { axes: [0, 2, 3] }),
  ],
  ConvTranspose: [
    ({ dy, b: weight, graph, attributes: { strides, pads } }) =>
      graph.applyOne("Conv", [dy, weight], { strides, pads }),
    FROZEN_WEIGHT,
    ({ dy }) => reduceSum(dy, { axes: [0, 2, 3] }),
  ],
  // The forward pass copied every pixel scale x scale times.
  Resize: ({ dy, x, attributes: { scale } }) => {
    const [batch = 0, channels = 0, height = 0, width = 0] = x.shape;
    return reduceSum(reshape(dy, [batch, channels, height, scale, width, scale]), { axes: [3, 5] });
  },
} satisfies Partial<GradientTable>;

function convGradient({ dy, x, b: weight, attributes: { strides, pads } }: GradientCall<"Conv">): Value {
  // With a stride, a convolution can leave rows and columns at the bottom and right unread. Output padding adds them as zeros.
  const unread = (axis: 0 | 1) => {
    const covered = ((dy.shape[2 + axis] ?? 0) - 1) * strides[axis] + (weight.shape[2 + axis] ?? 0);
    return (x.shape[2 + axis] ?? 0) + pads[axis] + pads[(axis + 2) as 2 | 3] - covered;
  };
  const outputPadding = [unread(0), unread(1)] as const;
  if (strides[0] === strides[1])
    return convTranspose(dy, { weight }, { stride: strides[0], padding: pads, outputPadding });
  return dy.graph.applyOne("ConvTranspose", [dy, weight], { strides, pads, outputPadding });
}

/**
 * A 1 x 1 convolution is a product over channels, and so is its gradient: dx [C, HW] = W^T [C, O] dy [O, HW]. The product
 * needs no column buffer as ConvTranspose does. The weight's bytes are declared a second time as a matrix, which copies
 * nothing. ONNX Runtime would fold a Reshape into a copy, so a weight that is not a plain float32 range of a file uses
 * ConvTranspose.
 */
function pointwiseGradient({
  dy,
  x,
  b: weight,
  attributes: { strides, pads },
}: GradientCall<"Conv">): Value | undefined {
  const [out = 0, channels = 0, kernelHeight, kernelWidth] = weight.shape;
  const isPointwise =
    kernelHeight === 1 && kernelWidth === 1 && strides.every((s) => s === 1) && pads.every((p) => p === 0);
  if (!isPointwise || weight.source.kind !== "external" || weight.dtype !== "float32") return undefined;
  const type = { dtype: weight.dtype, shape: [out, channels] };
  const matrix = dy.graph.external(`${weight.name}#matrix`, type, weight.source.bytes);
  const dyRows = reshape(dy, [dy.shape[0] ?? 0, out, -1]);
  return reshape(fusedMatMul(matrix, dyRows, { transA: true }), x.shape);
}
