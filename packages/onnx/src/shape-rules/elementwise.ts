/** @file Shape rules of operators that work element by element. Operators of two operands broadcast as in NumPy. */

import type { DType, Shape } from "@lexeme/core";
import type { Op } from "../op.ts";
import { list, type OpCall, type ShapeRule, type TensorType } from "./op-call.ts";

const ARITHMETIC: readonly DType[] = ["float32", "float16", "int64", "int32"];
const FLOATS: readonly DType[] = ["float32", "float16"];

export const elementwiseShapes = {
  Add: binary,
  Sub: binary,
  Mul: binary,
  Div: binary,
  Neg: (call) => unary(call, ARITHMETIC),
  Exp: (call) => unary(call, FLOATS),
  Erf: (call) => unary(call, FLOATS),
  Sqrt: (call) => unary(call, FLOATS),
  Sigmoid: (call) => unary(call, FLOATS),
  Cos: (call) => unary(call, FLOATS),
  Sin: (call) => unary(call, FLOATS),
  Clip: (call) => {
    const { min, max } = call.attributes;
    if (!(min <= max)) throw call.error(`min ${min} is above max ${max}`);
    return unary(call, FLOATS);
  },
  Gelu: (call) => unary(call, FLOATS),
  LeakyRelu: (call) => unary(call, FLOATS),
  QuickGelu: (call) => unary(call, FLOATS),
} satisfies { [K in Op]?: ShapeRule<K> };

/** The common shape of two operands under NumPy's rule: align at the back, sizes agree or one of them is 1. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let i = 0; i < rank; i++) {
    const sizeA = a[a.length - rank + i] ?? 1;
    const sizeB = b[b.length - rank + i] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) return undefined;
    shape.push(sizeA === 1 ? sizeB : sizeA);
  }
  return shape;
}

function unary(call: OpCall<Op>, allowed: readonly DType[]): TensorType[] {
  call.expectOperands(1);
  const dtype = call.expectOneDType(allowed);
  return [{ dtype, shape: call.operand(0).shape }];
}

function binary(call: OpCall<Op>): TensorType[] {
  call.expectOperands(2);
  const dtype = call.expectOneDType(ARITHMETIC);
  const [a, b] = [call.operand(0).shape, call.operand(1).shape];
  const shape = broadcastShapes(a, b);
  if (shape === undefined) throw call.error(`shapes ${list(a)} and ${list(b)} do not broadcast`);
  return [{ dtype, shape }];
}
