/** @file Linear layers on the checkpoint's own [out, in] matrices. */
import { add, fusedMatMul, type Value } from "@lexeme/onnx";
import type { ParamScope } from "../param-scope.ts";

export interface LinearOptions {
  /** False for attention's `to_q`, `to_k` and `to_v`, which have no bias. */
  bias?: boolean;
  /** LDM stores some projections of tokens as 1 x 1 convolutions of shape [out, in, 1, 1], which have the same bytes. */
  convWeight?: boolean;
}

/** x [..., in] to [..., out] with the scope's `weight` [out, in] and `bias` [out]; `out` is read from the file. */
export function linear(scope: ParamScope, x: Value, options: LinearOptions = {}): Value {
  const { bias = true, convWeight = false } = options;
  const inputs = x.shape.at(-1) ?? 0;
  const outputs = scope.sizeOf("weight", 0);
  const matrix = [outputs, inputs];
  const weight = convWeight ? scope.weight([...matrix, 1, 1], { as: matrix, orShape: matrix }) : scope.weight(matrix);
  const y = fusedMatMul(x, weight, { transB: true });
  return bias ? add(y, scope.bias([outputs])) : y;
}
