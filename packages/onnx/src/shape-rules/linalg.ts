/** @file Shape rules of matrix products and attention. */

import type { Op } from "../op.ts";
import { broadcastShapes } from "./elementwise.ts";
import { list, type OpCall, type ShapeRule, type TensorType } from "./op-call.ts";

export const linalgShapes = {
  MatMul: (call) => product(call, { transA: false, transB: false }),
  FusedMatMul: (call) => product(call, call.attributes),
  MultiHeadAttention: (call) => {
    call.expectOperands(3, 4);
    const dtype = call.expectOneDType(["float32", "float16"]);
    const [q, k, v] = [call.operand(0).shape, call.operand(1).shape, call.operand(2).shape];
    const [batch, queries, width] = q;
    const [batchK, keys, widthK] = k;
    const [batchV, keysV, widthV] = v;
    const { numHeads } = call.attributes;
    if (q.length !== 3 || k.length !== 3 || v.length !== 3) throw call.error("needs [B, S, H*D] operands");
    if (batchK !== batch || batchV !== batch || keysV !== keys || widthK !== width) {
      throw call.error("query, key and value disagree in batch, length or width");
    }
    if (batch === undefined || queries === undefined || keys === undefined || width === undefined) throw call.error("");
    if (widthV === undefined || width % numHeads !== 0 || widthV % numHeads !== 0) {
      throw call.error(`width does not divide into ${numHeads} heads`);
    }
    const bias = call.inputs[3];
    if (bias !== undefined && broadcastShapes(bias.shape, [batch, numHeads, queries, keys])?.length !== 4) {
      throw call.error(`attention bias does not broadcast to ${list([batch, numHeads, queries, keys])}`);
    }
    return [{ dtype, shape: [batch, queries, widthV] }];
  },
} satisfies { [K in Op]?: ShapeRule<K> };

function product(call: OpCall<Op>, { transA, transB }: { transA: boolean; transB: boolean }): TensorType[] {
  call.expectOperands(2);
  const dtype = call.expectOneDType(["float32", "float16"]);
  const a = matrixDimensions(call, { operand: 0, transposed: transA });
  const b = matrixDimensions(call, { operand: 1, transposed: transB });
  if (a.columns !== b.rows) throw call.error(`inner dimensions ${a.columns} and ${b.rows} differ`);
  const batch = broadcastShapes(a.batch, b.batch);
  if (batch === undefined) throw call.error(`batch dimensions ${list(a.batch)} and ${list(b.batch)} do not broadcast`);
  return [{ dtype, shape: [...batch, a.rows, b.columns] }];
}

function matrixDimensions(call: OpCall<Op>, { operand, transposed }: { operand: number; transposed: boolean }) {
  const { shape } = call.operand(operand);
  const [rows, columns] = shape.slice(-2);
  if (rows === undefined || columns === undefined) throw call.error(`operand ${operand} needs at least rank 2`);
  const batch = shape.slice(0, -2);
  return transposed ? { batch, rows: columns, columns: rows } : { batch, rows, columns };
}
