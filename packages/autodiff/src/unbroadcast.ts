/** @file The adjoint of broadcasting, in one place for all rules. */

import { reduceSum, reshape, type Value } from "@lexeme/onnx";

/** Sums `dy` over the axes along which `like` was repeated; the result has `like`'s shape. */
export function unbroadcast(dy: Value, like: Value): Value {
  const lead = dy.shape.length - like.shape.length;
  const axes = dy.shape.flatMap((size, axis) => ((like.shape[axis - lead] ?? 1) === 1 && size !== 1 ? [axis] : []));
  const summed = axes.length === 0 ? dy : reduceSum(dy, { axes, keepDims: true });
  return lead === 0 ? summed : reshape(summed, like.shape);
}
