/** @file The total table of shape and dtype rules: the compiler reports an operator without a rule. */

import type { Op } from "../op.ts";
import { convolutionShapes } from "./convolution.ts";
import { elementwiseShapes } from "./elementwise.ts";
import { linalgShapes } from "./linalg.ts";
import { movementShapes } from "./movement.ts";
import { normalizationShapes } from "./normalization.ts";
import { OpCall, type ShapeRule, type TensorType } from "./op-call.ts";

export const shapeRules: { [K in Op]: ShapeRule<K> } = {
  ...elementwiseShapes,
  ...linalgShapes,
  ...movementShapes,
  ...normalizationShapes,
  ...convolutionShapes,
};

/** Output types of one application. Throws TypeError with the operator, the node's name and the operand types. */
export function inferTypes<K extends Op>(call: OpCall<K>): readonly TensorType[] {
  return shapeRules[call.op](call);
}
