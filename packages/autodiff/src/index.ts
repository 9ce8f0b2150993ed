export { gradients, vectorJacobianProduct, type GradientOptions } from "./backward.ts";
export { gradientRules } from "./rules/index.ts";
export {
  GradientCall,
  NotDifferentiable,
  type GradientRule,
  type GradientTable,
  type OperandGradient,
} from "./rules/rule.ts";
export { unbroadcast } from "./unbroadcast.ts";
export { AdamW, type AdamWOptions, type AdamWState } from "./optim/adamw.ts";
