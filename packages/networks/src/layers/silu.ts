/** @file The activation of LDM's convolutional networks. */
import { quickGelu, type Value } from "@lexeme/onnx";

/** `x * sigmoid(x)` (Elfwing et al. 2017), in one kernel. */
export function silu(x: Value): Value {
  return quickGelu(x, 1);
}
