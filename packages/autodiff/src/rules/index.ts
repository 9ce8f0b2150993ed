/** @file The total table of gradient rules: the compiler reports an operator without a row. `OPS.md` shows the table. */

import { convolutionRules } from "./convolution.ts";
import { elementwiseRules } from "./elementwise.ts";
import { linalgRules } from "./linalg.ts";
import { movementRules } from "./movement.ts";
import { normalizationRules } from "./normalization.ts";
import type { GradientTable } from "./rule.ts";

export const gradientRules: GradientTable = {
  ...elementwiseRules,
  ...linalgRules,
  ...movementRules,
  ...normalizationRules,
  ...convolutionRules,
};
