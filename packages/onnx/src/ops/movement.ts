/** @file Operators that move, repeat or select elements, as functions of values. */

import type { DType, Shape } from "@lexeme/core";
import type { Value } from "../graph.ts";

export function transpose(x: Value, perm: readonly number[]): Value {
  return x.graph.applyOne("Transpose", [x], { perm });
}

/** One size may be -1; it is then computed from the number of elements. */
export function reshape(x: Value, shape: Shape): Value {
  return x.graph.applyOne("Reshape", [x], { shape: fillRemaining(x, shape) });
}

export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (first === undefined) throw new TypeError("concat needs at least one value");
  return first.graph.applyOne("Concat", values, { axis: fromFront(first, axis) });
}

export function split(x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  return x.graph.apply("Split", [x], { axis: fromFront(x, axis), sizes });
}

/** A range of one axis. Negative bounds count from the end; `end` defaults to the size, `step` (positive) to 1. */
export interface SliceRange {
  axis: number;
  start?: number;
  end?: number;
  step?: number;
}

export function slice(x: Value, ranges: SliceRange | readonly SliceRange[]): Value {
  const list = "axis" in ranges ? [ranges] : ranges;
  const axes = list.map(({ axis }) => fromFront(x, axis));
  const bound = (index: number, value: number) => (value < 0 ? value + (x.shape[axes[index] ?? 0] ?? 0) : value);
  return x.graph.applyOne("Slice", [x], {
    axes,
    starts: list.map(({ start = 0 }, i) => bound(i, start)),
    ends: list.map(({ end }, i) => (end === undefined ? (x.shape[axes[i] ?? 0] ?? 0) : bound(i, end))),
    steps: list.map(({ step = 1 }) => step),
  });
}

/** Entries of `axis` at integer indices; the axis is replaced by the indices' shape. */
export function gather(x: Value, indices: Value, axis = 0): Value {
  return x.graph.applyOne("Gather", [x, indices], { axis: fromFront(x, axis) });
}

/** The values `updates` [..., rest of data] that `scatterND` writes at `indices` [..., depth] (int64). */
export interface Scatter {
  indices: Value;
  updates: Value;
  reduction?: "none" | "add";
}

/** A copy of `data` with `updates` written, or added, at `indices`. Repeated indices are well defined only for "add". */
export function scatterND(data: Value, { indices, updates, reduction = "none" }: Scatter): Value {
  return data.graph.applyOne("ScatterND", [data, indices, updates], { reduction });
}

export function cast(x: Value, to: DType): Value {
  return x.dtype === to ? x : x.graph.applyOne("Cast", [x], { to });
}

export function expand(x: Value, shape: Shape): Value {
  return x.graph.applyOne("Expand", [x], { shape });
}

/** Padding with a constant: `pads` lists all begins, then all ends, as ONNX does. */
export function pad(x: Value, pads: readonly number[], value = 0): Value {
  return x.graph.applyOne("Pad", [x], { pads, value });
}

function fromFront(x: Value, axis: number): number {
  return axis < 0 ? axis + x.shape.length : axis;
}

function fillRemaining(x: Value, shape: Shape): Shape {
  const index = shape.indexOf(-1);
  if (index === -1) return shape;
  const known = shape.reduce((product, size, i) => (i === index ? product : product * size), 1);
  return shape.with(index, x.shape.reduce((product, size) => product * size, 1) / known);
}
