/** @file Gradients of operators that move, repeat or select elements: each moves `dy` back to the places of the operand. */

import { elementCount } from "@lexeme/core";
import { cast, concat, gather, pad, reshape, scatterND, slice, transpose, type Value } from "@lexeme/onnx";
import { unbroadcast } from "../unbroadcast.ts";
import { NotDifferentiable, type GradientCall, type GradientTable } from "./rule.ts";

const INDICES = new NotDifferentiable("indices are whole numbers");

export const movementRules = {
  Transpose: ({ dy, attributes: { perm } }) => transpose(dy, inverse(perm)),
  Reshape: ({ dy, x }) => reshape(dy, x.shape),
  // One slice for each operand instead of one Split, so that operands without a gradient cost nothing.
  Concat: ({ dy, node, attributes: { axis } }, operand) => {
    const sizes = node.inputs.map((input) => input?.shape[axis] ?? 0);
    const start = sizes.slice(0, operand).reduce((sum, size) => sum + size, 0);
    return slice(dy, { axis, start, end: start + (sizes[operand] ?? 0) });
  },
  Split: (call) =>
    concat(
      call.node.outputs.map((_, index) => call.cotangent(index)),
      call.attributes.axis,
    ),
  Slice: ({ dy, x, attributes: { axes, starts, steps } }) => {
    let dx = dy;
    for (const [i, axis] of axes.entries()) {
      dx = unslice(dx, { axis, size: x.shape[axis] ?? 0, start: starts[i] ?? 0, step: steps[i] ?? 1 });
    }
    return dx;
  },
  Gather: [gatherGradient, INDICES],
  ScatterND: [
    // Overwritten elements do not reach y, so their cotangent is zero. With "add", every element reaches y.
    ({ dy, b: indices, node, attributes: { reduction } }) => {
      const updates = node.inputs[2];
      if (reduction === "add" || updates === undefined) return dy;
      return scatterND(dy, { indices, updates: dy.graph.filled(updates.shape, 0) });
    },
    INDICES,
    ({ dy, b: indices, node }) => {
      if (indices.shape.at(-1) !== 1) {
        throw new TypeError(
          `ScatterND "${node.name}": the gradient of its updates needs indices into the first axis alone`,
        );
      }
      return gather(dy, reshape(indices, indices.shape.slice(0, -1)));
    },
  ],
  Cast: ({ dy, x }) => cast(dy, x.dtype),
  Expand: ({ dy, x }) => unbroadcast(dy, x),
  Pad: ({ dy, x, attributes: { pads } }) =>
    slice(
      dy,
      x.shape.map((size, axis) => ({ axis, start: pads[axis] ?? 0, end: (pads[axis] ?? 0) + size })),
    ),
} satisfies Partial<GradientTable>;

/** Adds each row of dy to the row it was gathered from; repeated indices add up. */
function gatherGradient({ dy, a: data, b: indices, attributes: { axis } }: GradientCall<"Gather">): Value {
  const { graph } = dy;
  const rank = data.shape.length;
  const rows = data.shape[axis] ?? 0;
  const rest = data.shape.toSpliced(axis, 1);
  const count = elementCount(indices.shape);
  // Bring the gathered axes to the front: dy [before, indices, after] becomes [count, before, after].
  const before = data.shape.slice(0, axis);
  const flat = reshape(dy, [...before, count, ...data.shape.slice(axis + 1)]);
  const toFront = [axis, ...range(rank).filter((d) => d !== axis)];
  const scattered = scatterND(graph.filled([rows, ...rest], 0), {
    indices: reshape(cast(indices, "int64"), [count, 1]),
    updates: axis === 0 ? flat : transpose(flat, toFront),
    reduction: "add",
  });
  return axis === 0 ? scattered : transpose(scattered, inverse(toFront));
}

/** Puts the entries of one axis back at start, start + step, ..., with zeros between and around. */
function unslice(dy: Value, at: { axis: number; size: number; start: number; step: number }): Value {
  const { axis, size, start, step } = at;
  let spread = dy;
  if (step > 1) {
    const count = dy.shape[axis] ?? 0;
    const separate = reshape(dy, dy.shape.toSpliced(axis + 1, 0, 1));
    const padded = pad(separate, padsOf(separate, { axis: axis + 1, before: 0, after: step - 1 }));
    spread = reshape(padded, dy.shape.with(axis, count * step));
    if (start + count * step > size) spread = slice(spread, { axis, end: size - start });
  }
  const after = size - start - (spread.shape[axis] ?? 0);
  return start === 0 && after === 0 ? spread : pad(spread, padsOf(spread, { axis, before: start, after }));
}

function padsOf({ shape }: Value, { axis, before, after }: { axis: number; before: number; after: number }): number[] {
  const begins = shape.map((_, d) => (d === axis ? before : 0));
  const ends = shape.map((_, d) => (d === axis ? after : 0));
  return [...begins, ...ends];
}

function inverse(perm: readonly number[]): number[] {
  return range(perm.length).map((axis) => perm.indexOf(axis));
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
