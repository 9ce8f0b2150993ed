/** @file Elementwise operators as functions of values; a plain number stands for a float32 constant. */

import type { Value } from "../graph.ts";

/** A value, or a number that becomes a constant of the other operand's graph. */
export type Operand = Value | number;

export function add(a: Value, b: Operand): Value;
export function add(a: Operand, b: Value): Value;
export function add(a: Operand, b: Operand): Value {
  return binary("Add", a, b);
}

export function sub(a: Value, b: Operand): Value;
export function sub(a: Operand, b: Value): Value;
export function sub(a: Operand, b: Operand): Value {
  return binary("Sub", a, b);
}

export function mul(a: Value, b: Operand): Value;
export function mul(a: Operand, b: Value): Value;
export function mul(a: Operand, b: Operand): Value {
  return binary("Mul", a, b);
}

export function div(a: Value, b: Operand): Value;
export function div(a: Operand, b: Value): Value;
export function div(a: Operand, b: Operand): Value {
  return binary("Div", a, b);
}

export function neg(x: Value): Value {
  return x.graph.applyOne("Neg", [x], {});
}

export function exp(x: Value): Value {
  return x.graph.applyOne("Exp", [x], {});
}

export function erf(x: Value): Value {
  return x.graph.applyOne("Erf", [x], {});
}

export function sqrt(x: Value): Value {
  return x.graph.applyOne("Sqrt", [x], {});
}

export function sigmoid(x: Value): Value {
  return x.graph.applyOne("Sigmoid", [x], {});
}

export function cos(x: Value): Value {
  return x.graph.applyOne("Cos", [x], {});
}

export function sin(x: Value): Value {
  return x.graph.applyOne("Sin", [x], {});
}

export function clip(x: Value, min: number, max: number): Value {
  return x.graph.applyOne("Clip", [x], { min, max });
}

/** Exact GELU, `x * Phi(x)`. */
export function gelu(x: Value): Value {
  return x.graph.applyOne("Gelu", [x], {});
}

/** `x` where it is positive, `alpha * x` elsewhere. */
export function leakyRelu(x: Value, alpha: number): Value {
  return x.graph.applyOne("LeakyRelu", [x], { alpha });
}

/** `x * sigmoid(alpha * x)`: alpha 1 is SiLU, 1.702 is CLIP's quick GELU. */
export function quickGelu(x: Value, alpha: number): Value {
  return x.graph.applyOne("QuickGelu", [x], { alpha });
}

function binary(op: "Add" | "Sub" | "Mul" | "Div", a: Operand, b: Operand): Value {
  if (typeof a !== "number") return a.graph.applyOne(op, [a, typeof b === "number" ? scalar(a, b) : b], {});
  if (typeof b !== "number") return b.graph.applyOne(op, [scalar(b, a), b], {});
  throw new TypeError(`${op} of two numbers needs no graph`);
}

/** Rank 0, so that broadcasting never changes the other operand's rank. */
function scalar(like: Value, value: number): Value {
  if (like.dtype === "float32" || like.dtype === "int64" || like.dtype === "int32") {
    return like.graph.constant([value], { shape: [], dtype: like.dtype });
  }
  throw new TypeError(`no constants of ${like.dtype}`);
}
