/** @file Two-dimensional convolution and nearest-neighbour enlargement as functions of values. */

import type { Value } from "../graph.ts";

export interface ConvWeights {
  /** Conv: [O, C, kH, kW]. ConvTranspose: [C, O, kH, kW]. */
  weight: Value;
  /** [O]. */
  bias?: Value;
}

export interface ConvOptions {
  stride?: number;
  /** One number for all sides, or [top, left, bottom, right]. */
  padding?: number | readonly [number, number, number, number];
}

/** x [B, C, H, W] to [B, O, H', W']. */
export function conv(x: Value, { weight, bias }: ConvWeights, { stride = 1, padding = 0 }: ConvOptions = {}): Value {
  const operands = bias === undefined ? [x, weight] : [x, weight, bias];
  return x.graph.applyOne("Conv", operands, { strides: [stride, stride], pads: allSides(padding) });
}

export interface ConvTransposeOptions extends ConvOptions {
  /** Rows and columns added at the bottom and right of the output. */
  outputPadding?: readonly [number, number];
}

/** The adjoint of `conv` with respect to its input: the same weight and options map [B, O, H', W'] back to [B, C, H, W]. */
export function convTranspose(x: Value, { weight, bias }: ConvWeights, options: ConvTransposeOptions = {}): Value {
  const { stride = 1, padding = 0, outputPadding = [0, 0] } = options;
  const operands = bias === undefined ? [x, weight] : [x, weight, bias];
  return x.graph.applyOne("ConvTranspose", operands, {
    strides: [stride, stride],
    pads: allSides(padding),
    outputPadding,
  });
}

/** Every pixel of [B, C, H, W] becomes a square of `scale` x `scale`. */
export function resizeNearest(x: Value, scale: number): Value {
  return x.graph.applyOne("Resize", [x], { scale });
}

function allSides(padding: number | readonly [number, number, number, number]) {
  return typeof padding === "number" ? ([padding, padding, padding, padding] as const) : padding;
}
