/** @file Shape rules of softmax, layer normalization and reductions. */

import type { Op } from "../op.ts";
import { broadcastShapes } from "./elementwise.ts";
import { list, type OpCall, type ShapeRule, type TensorType } from "./op-call.ts";

export const normalizationShapes = {
  Softmax: (call) => {
    call.expectOperands(1);
    const { shape } = call.operand(0);
    call.axis(call.attributes.axis, shape.length);
    return [{ dtype: call.expectOneDType(["float32", "float16"]), shape }];
  },
  /** Outputs y, mean and 1 / sqrt(variance + epsilon); the last two keep the normalized axes as 1. */
  LayerNormalization: (call) => {
    call.expectOperands(2, 3);
    const dtype = call.expectOneDType(["float32"]);
    const { shape } = call.operand(0);
    const axis = call.axis(call.attributes.axis, shape.length);
    const normalized = shape.slice(axis);
    for (const operand of call.inputs.slice(1)) {
      if (operand === undefined) continue;
      const broadcast = broadcastShapes(operand.shape, normalized);
      if (broadcast === undefined || list(broadcast) !== list(normalized)) {
        throw call.error(`scale and bias must broadcast to ${list(normalized)}`);
      }
    }
    const statistics = { dtype, shape: shape.map((size, d) => (d < axis ? size : 1)) };
    return [{ dtype, shape }, statistics, statistics];
  },
  ReduceSum: (call) => reduction(call, call.attributes),
  ReduceMean: (call) => reduction(call, call.attributes),
} satisfies { [K in Op]?: ShapeRule<K> };

function reduction(call: OpCall<Op>, reduced: { axes: readonly number[]; keepDims: boolean }): TensorType[] {
  call.expectOperands(1);
  const dtype = call.expectOneDType(["float32", "float16", "int64", "int32"]);
  const { shape } = call.operand(0);
  const axes = new Set(call.axes(reduced.axes, shape.length));
  if (axes.size === 0 && shape.length > 0) throw call.error("needs at least one axis");
  const kept = shape.map((size, d) => (axes.has(d) ? 1 : size));
  return [{ dtype, shape: reduced.keepDims ? kept : shape.filter((_, d) => !axes.has(d)) }];
}
