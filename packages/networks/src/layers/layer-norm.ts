/** @file Layer normalization over the last axis. */
import { layerNormalization, type Value } from "@lexeme/onnx";
import type { ParamScope } from "../param-scope.ts";

/** PyTorch's default, also used by LDM and CLIP. */
const EPSILON = 1e-5;

/** x [..., C] with the scope's `weight` and `bias` [C] (Ba et al. 2016). */
export function layerNorm(scope: ParamScope, x: Value): Value {
  const width = x.shape.at(-1) ?? 0;
  return layerNormalization(x, { scale: scope.weight([width]), bias: scope.bias([width]), epsilon: EPSILON });
}
