/** @file Gradients of elementwise operators. */

import { add, cos, div, erf, exp, mul, neg, sigmoid, sin, sub, type Value } from "@lexeme/onnx";
import { unbroadcast } from "../unbroadcast.ts";
import { NotDifferentiable, type GradientTable } from "./rule.ts";

export const elementwiseRules = {
  Add: [({ dy, a }) => unbroadcast(dy, a), ({ dy, b }) => unbroadcast(dy, b)],
  Sub: [({ dy, a }) => unbroadcast(dy, a), ({ dy, b }) => neg(unbroadcast(dy, b))],
  Mul: [({ dy, a, b }) => unbroadcast(mul(dy, b), a), ({ dy, a, b }) => unbroadcast(mul(dy, a), b)],
  // y = a / b: dy/da = 1 / b, dy/db = -y / b.
  Div: [({ dy, a, b }) => unbroadcast(div(dy, b), a), ({ dy, b, y }) => neg(unbroadcast(div(mul(dy, y), b), b))],
  Neg: ({ dy }) => neg(dy),
  Exp: ({ dy, y }) => mul(dy, y),
  // erf'(x) = 2 / sqrt(pi) exp(-x^2).
  Erf: ({ dy, x }) => mul(dy, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
  Sqrt: ({ dy, y }) => div(mul(dy, 0.5), y),
  Sigmoid: ({ dy, y }) => mul(dy, mul(y, sub(1, y))),
  Cos: ({ dy, x }) => neg(mul(dy, sin(x))),
  Sin: ({ dy, x }) => mul(dy, cos(x)),
  Clip: new NotDifferentiable("only clamps the encoder's log-variance, which training never differentiates"),
  // y = x Phi(x), with Phi and phi the standard normal distribution and density: dy/dx = Phi(x) + x phi(x).
  Gelu: ({ dy, x }) => mul(dy, add(normalDistribution(x), mul(x, normalDensity(x)))),
  LeakyRelu: new NotDifferentiable("only upscalers have it, and upscalers are never trained"),
  // y = x s, s = sigmoid(alpha x): dy/dx = s (1 + alpha x (1 - s)). Computed from x alone, so that y can be freed after the forward pass.
  QuickGelu: ({ dy, x, attributes: { alpha } }) => {
    const z = alpha === 1 ? x : mul(x, alpha);
    const s = sigmoid(z);
    return mul(dy, mul(s, add(mul(z, sub(1, s)), 1)));
  },
} satisfies Partial<GradientTable>;

/** Phi(x) = (1 + erf(x / sqrt 2)) / 2. */
function normalDistribution(x: Value): Value {
  return mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
}

/** phi(x) = exp(-x^2 / 2) / sqrt(2 pi). */
function normalDensity(x: Value): Value {
  return mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
}
