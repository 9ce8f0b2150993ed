/** @file Gradients of softmax, layer normalization and reductions. */

import { expand, mul, reduceMean, reduceSum, reshape, sub, type Value } from "@lexeme/onnx";
import { elementCount } from "@lexeme/core";
import { unbroadcast } from "../unbroadcast.ts";
import type { GradientCall, GradientTable } from "./rule.ts";

export const normalizationRules = {
  // dy_i/dx_j = y_i (delta_ij - y_j): dx = y dy - y sum(y dy).
  Softmax: ({ dy, y, attributes: { axis } }) => {
    const t = mul(dy, y);
    return sub(t, mul(y, reduceSum(t, { axes: [axis], keepDims: true })));
  },
  LayerNormalization: [
    // y = scale n + bias, n = r (x - mean), r = 1 / sqrt(variance + epsilon). With g = scale dy (Ba et al. 2016, by the
    // chain rule through mean and variance): dx = r (g - mean(g) - n mean(g n)).
    (call) => {
      expectOnlyFirstOutput(call);
      const { dy, x, node, attributes } = call;
      const axes = x.shape.map((_, d) => d).slice(attributes.axis);
      const g = isOnes(node.inputs[1]) ? dy : mul(dy, call.operand(1));
      const n = normalized(call);
      const meanOfGn = reduceMean(mul(g, n), { axes, keepDims: true });
      return mul(call.output(2), sub(sub(g, reduceMean(g, { axes, keepDims: true })), mul(n, meanOfGn)));
    },
    (call) => {
      expectOnlyFirstOutput(call);
      return unbroadcast(mul(call.dy, normalized(call)), call.operand(1));
    },
    (call) => {
      expectOnlyFirstOutput(call);
      return unbroadcast(call.dy, call.operand(2));
    },
  ],
  ReduceSum: ({ dy, x, attributes: { axes } }) => repeat(dy, { like: x, axes }),
  ReduceMean: ({ dy, x, y, attributes: { axes } }) => {
    const count = elementCount(x.shape) / elementCount(y.shape);
    return repeat(mul(dy, 1 / count), { like: x, axes });
  },
} satisfies Partial<GradientTable>;

/** The n of the rule above. Without an affine part n is y; otherwise n is computed again from x, so x is kept in memory instead of y. */
function normalized(call: GradientCall<"LayerNormalization">): Value {
  if (isOnes(call.node.inputs[1]) && call.node.inputs[2] === undefined) return call.y;
  return mul(sub(call.x, call.output(1)), call.output(2));
}

function isOnes(scale: Value | undefined): boolean {
  if (scale?.source.kind !== "constant") return false;
  return scale === scale.graph.filled(scale.shape, 1);
}

function expectOnlyFirstOutput({ node, cotangents }: GradientCall<"LayerNormalization">): void {
  if (cotangents[1] !== undefined || cotangents[2] !== undefined) {
    throw new TypeError(`LayerNormalization "${node.name}": no gradient flows through its mean and deviation outputs`);
  }
}

function repeat(dy: Value, { like, axes }: { like: Value; axes: readonly number[] }): Value {
  const kept = like.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return expand(reshape(dy, kept), like.shape);
}
