/** @file Softmax, layer normalization and reductions as functions of values. */

import type { Value } from "../graph.ts";

export function softmax(x: Value, axis = -1): Value {
  return x.graph.applyOne("Softmax", [x], { axis: axis < 0 ? axis + x.shape.length : axis });
}

export interface LayerNormalizationOptions {
  /** Broadcasts to the normalized axes; ones by default. */
  scale?: Value;
  bias?: Value;
  /** First normalized axis; the last one alone by default. */
  axis?: number;
  epsilon?: number;
}

/** `(x - mean) / sqrt(variance + epsilon) * scale + bias` over the axes from `axis` on. */
export function layerNormalization(x: Value, options: LayerNormalizationOptions = {}): Value {
  return layerNormalizationWithStatistics(x, options).y;
}

/** Layer normalization that also returns the mean and 1 / sqrt(variance + epsilon), with the normalized axes kept as 1. */
export function layerNormalizationWithStatistics(x: Value, options: LayerNormalizationOptions = {}) {
  const axis = options.axis === undefined ? x.shape.length - 1 : (options.axis + x.shape.length) % x.shape.length;
  const scale = options.scale ?? x.graph.filled(x.shape.slice(axis), 1);
  const operands = options.bias === undefined ? [x, scale] : [x, scale, options.bias];
  const attributes = { axis, epsilon: options.epsilon ?? 1e-5 };
  const [y, mean, invStdDev] = x.graph.apply("LayerNormalization", operands, attributes);
  if (y === undefined || mean === undefined || invStdDev === undefined) throw new TypeError("three outputs expected");
  return { y, mean, invStdDev };
}

export interface ReduceOptions {
  /** Every axis by default. */
  axes?: readonly number[];
  keepDims?: boolean;
}

export function reduceSum(x: Value, options: ReduceOptions = {}): Value {
  return x.graph.applyOne("ReduceSum", [x], reduction(x, options));
}

export function reduceMean(x: Value, options: ReduceOptions = {}): Value {
  return x.graph.applyOne("ReduceMean", [x], reduction(x, options));
}

function reduction(x: Value, { axes = x.shape.map((_, axis) => axis), keepDims = false }: ReduceOptions) {
  return { axes: axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis)), keepDims };
}
