/** @file Group normalization written as a layer normalization of each group: the fastest form in ONNX Runtime, and autodiff has its gradient. */
import { add, layerNormalization, mul, reshape, type Value } from "@lexeme/onnx";
import type { ParamScope } from "../param-scope.ts";

/** x [B, C, H, W]: each of the checkpoint's `normNumGroups` groups to mean 0 and variance 1, then scaled and shifted by channel (Wu & He 2018). */
export function groupNorm(scope: ParamScope, x: Value, epsilon: number): Value {
  const [batch = 0, channels = 0, ...size] = x.shape;
  const groups = scope.weights.normNumGroups;
  const perChannel = [channels, 1, 1];
  // The parameters are declared first, so that the error for a wrong key comes before the error for a width that does not divide.
  const scale = scope.weight([channels], { as: perChannel });
  const shift = scope.bias([channels], { as: perChannel });
  const grouped = reshape(x, [batch, groups, -1]);
  const normalized = reshape(layerNormalization(grouped, { epsilon }), [batch, channels, ...size]);
  return add(mul(normalized, scale), shift);
}
