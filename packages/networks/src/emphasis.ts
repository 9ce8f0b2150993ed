/** @file Prompt weights, applied to the text encoder's output as A1111's "Original" emphasis does. */
import { div, mul, reduceMean, reshape, type Value } from "@lexeme/onnx";

/**
 * Multiplies each token's row of z [B, k, 77, C] by its multiplier [B, k, 77], then scales each chunk so that its mean over
 * all rows of the batch is the same as before. With all multipliers 1 the factor is exactly 1.
 */
export function applyEmphasis(z: Value, multipliers: Value): Value {
  const weighted = mul(z, reshape(multipliers, [...multipliers.shape, 1]));
  const mean = { axes: [0, 2, 3], keepDims: true };
  return mul(weighted, div(reduceMean(z, mean), reduceMean(weighted, mean)));
}
