/** @file The gradient table in words: the text of OPS.md, which a test holds to it. */

import type { Op } from "@lexeme/onnx";
import { gradientRules } from "./rules/index.ts";
import { NotDifferentiable } from "./rules/rule.ts";

/** Markdown, one line for each operator. */
export function describeRules(): string {
  const rows = Object.keys(gradientRules)
    .toSorted()
    .map((op) => `| ${op} | ${describe(op as Op)} |`);
  return [
    "# Gradients by operator",
    "",
    "Operands are counted from 0. `pnpm vitest packages/autodiff -u` writes this page from the table in `src/rules`.",
    "",
    "| Operator | Gradient |",
    "| --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function describe(op: Op): string {
  const rule = gradientRules[op];
  if (rule instanceof NotDifferentiable) return `no: ${rule.reason}`;
  if (typeof rule === "function") return "yes";
  const refusals = rule.flatMap((entry, operand) =>
    entry instanceof NotDifferentiable ? [`not in operand ${operand}: ${entry.reason}`] : [],
  );
  return ["yes", ...refusals].join("; ");
}
