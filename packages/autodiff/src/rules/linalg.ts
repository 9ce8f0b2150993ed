/** @file Gradients of matrix products. Each is a FusedMatMul of the same operands, so no operand is copied transposed. */

import { fusedMatMul, reshape, type Value } from "@lexeme/onnx";
import { unbroadcast } from "../unbroadcast.ts";
import { NotDifferentiable, type GradientTable } from "./rule.ts";

interface Product {
  a: Value;
  b: Value;
  transA: boolean;
  transB: boolean;
  alpha: number;
}

const PLAIN = { transA: false, transB: false, alpha: 1 };

export const linalgRules = {
  MatMul: [
    ({ dy, a, b }) => gradientOfA(dy, { a, b, ...PLAIN }),
    ({ dy, a, b }) => gradientOfB(dy, { a, b, ...PLAIN }),
  ],
  FusedMatMul: [
    ({ dy, a, b, attributes }) => gradientOfA(dy, { a, b, ...attributes }),
    ({ dy, a, b, attributes }) => gradientOfB(dy, { a, b, ...attributes }),
  ],
  MultiHeadAttention: new NotDifferentiable("keeps no scores; training writes attention out as products and a softmax"),
} satisfies Partial<GradientTable>;

// Y = alpha A' B', where A' is A or its transpose: dA' = alpha dY B'^T, and dA is dA' or its transpose.
function gradientOfA(dy: Value, { a, b, transA, transB, alpha }: Product): Value {
  const da = transA
    ? fusedMatMul(b, dy, { transA: transB, transB: true, alpha })
    : fusedMatMul(dy, b, { transB: !transB, alpha });
  return unbroadcast(da, a);
}

// dB' = alpha A'^T dY.
function gradientOfB(dy: Value, { a, b, transA, transB, alpha }: Product): Value {
  // Where all members of a batch are multiplied by one matrix, one tall product gives dB. A batched product would compute a
  // dB for each member and then sum them.
  if (b.shape.length === 2 && a.shape.length > 2 && !transA) {
    const rows = { dy: flattenRows(dy), a: flattenRows(a) };
    return gradientOfB(rows.dy, { a: rows.a, b, transA, transB, alpha });
  }
  const db = transB
    ? fusedMatMul(dy, a, { transA: true, transB: transA, alpha })
    : fusedMatMul(a, dy, { transA: !transA, alpha });
  return unbroadcast(db, b);
}

function flattenRows(x: Value): Value {
  return reshape(x, [-1, x.shape.at(-1) ?? 1]);
}
