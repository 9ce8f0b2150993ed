/** @file Shape rules of operators that move, repeat or select elements without arithmetic. */

import { elementCount } from "@lexeme/core";
import type { Op } from "../op.ts";
import { broadcastShapes } from "./elementwise.ts";
import { list, type ShapeRule } from "./op-call.ts";

export const movementShapes = {
  Transpose: (call) => {
    call.expectOperands(1);
    const { dtype, shape } = call.operand(0);
    const { perm } = call.attributes;
    if (perm.length !== shape.length) throw call.error(`perm ${list(perm)} does not fit rank ${shape.length}`);
    call.axes(perm, shape.length);
    return [{ dtype, shape: perm.map((axis) => shape[axis] ?? 0) }];
  },
  Reshape: (call) => {
    call.expectOperands(1);
    const { dtype, shape } = call.operand(0);
    const target = call.attributes.shape;
    if (elementCount(target) !== elementCount(shape)) throw call.error(`cannot become ${list(target)}`);
    return [{ dtype, shape: target }];
  },
  Concat: (call) => {
    const dtype = call.expectOneDType();
    const first = call.operand(0).shape;
    const axis = call.axis(call.attributes.axis, first.length);
    let total = 0;
    for (let i = 0; i < call.inputs.length; i++) {
      const { shape } = call.operand(i);
      if (shape.length !== first.length || shape.some((size, d) => d !== axis && size !== first[d])) {
        throw call.error(`operands differ outside axis ${axis}`);
      }
      total += shape[axis] ?? 0;
    }
    return [{ dtype, shape: first.with(axis, total) }];
  },
  Split: (call) => {
    call.expectOperands(1);
    const { dtype, shape } = call.operand(0);
    const axis = call.axis(call.attributes.axis, shape.length);
    const { sizes } = call.attributes;
    if (sizes.some((size) => size < 0) || sizes.reduce((sum, size) => sum + size, 0) !== shape[axis]) {
      throw call.error(`sizes ${list(sizes)} do not add up to axis ${axis}`);
    }
    return sizes.map((size) => ({ dtype, shape: shape.with(axis, size) }));
  },
  Slice: (call) => {
    call.expectOperands(1);
    const { dtype, shape } = call.operand(0);
    const { axes, starts, ends, steps } = call.attributes;
    call.axes(axes, shape.length);
    const sliced = [...shape];
    for (const [i, axis] of axes.entries()) {
      const [start, end, step] = [starts[i] ?? -1, ends[i] ?? -1, steps[i] ?? 0];
      const size = shape[axis] ?? 0;
      if (start < 0 || end > size || start >= end || step < 1) {
        throw call.error(`range ${start}:${end}:${step} does not lie in axis ${axis}`);
      }
      sliced[axis] = Math.ceil((end - start) / step);
    }
    return [{ dtype, shape: sliced }];
  },
  Gather: (call) => {
    call.expectOperands(2);
    const { dtype, shape } = call.operand(0);
    const indices = call.operand(1);
    if (indices.dtype !== "int64" && indices.dtype !== "int32") throw call.error("indices must be int64 or int32");
    const axis = call.axis(call.attributes.axis, shape.length);
    return [{ dtype, shape: shape.toSpliced(axis, 1, ...indices.shape) }];
  },
  ScatterND: (call) => {
    call.expectOperands(3);
    const [data, indices, updates] = [call.operand(0), call.operand(1), call.operand(2)];
    const depth = indices.shape.at(-1) ?? 0;
    const expected = [...indices.shape.slice(0, -1), ...data.shape.slice(depth)];
    if (indices.dtype !== "int64") throw call.error("indices must be int64");
    if (depth < 1 || depth > data.shape.length) throw call.error("last dimension of indices does not fit the data");
    if (updates.dtype !== data.dtype || list(updates.shape) !== list(expected)) {
      throw call.error(`updates must be ${data.dtype}${list(expected)}`);
    }
    return [data];
  },
  Cast: (call) => {
    call.expectOperands(1);
    return [{ dtype: call.attributes.to, shape: call.operand(0).shape }];
  },
  Expand: (call) => {
    call.expectOperands(1);
    const { dtype, shape } = call.operand(0);
    const target = call.attributes.shape;
    const broadcast = broadcastShapes(shape, target);
    if (broadcast === undefined || list(broadcast) !== list(target))
      throw call.error(`cannot expand to ${list(target)}`);
    return [{ dtype, shape: target }];
  },
  Pad: (call) => {
    call.expectOperands(1);
    const { dtype, shape } = call.operand(0);
    const { pads } = call.attributes;
    const rank = shape.length;
    if (pads.length !== 2 * rank || pads.some((pad) => pad < 0)) {
      throw call.error(`pads ${list(pads)} must be ${2 * rank} numbers from 0`);
    }
    return [{ dtype, shape: shape.map((size, d) => size + (pads[d] ?? 0) + (pads[rank + d] ?? 0)) }];
  },
} satisfies { [K in Op]?: ShapeRule<K> };
