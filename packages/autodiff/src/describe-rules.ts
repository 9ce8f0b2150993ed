/** @file The gradient table in words: the text of OPS.md. A test checks that the file agrees. */

import type { Op } from "@lexeme/onnx";
import { gradientRules } from "./rules/index.ts";
import { NotDifferentiable } from "./rules/rule.ts";

/** Markdown, one line for each operator, laid out as the formatter would. */
export function describeRules(): string {
  const rows = (Object.keys(gradientRules) as Op[]).toSorted().map((op) => [op, describe(op)] as const);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column as 0 | 1].length)));
  const line = (op: string, gradient: string) =>
    `| ${op.padEnd(widths[0] ?? 0)} | ${gradient.padEnd(widths[1] ?? 0)} |`;
  return [
    "# Gradients by operator",
    "",
    "Operands are counted from 0. `pnpm vitest packages/autodiff -u` writes this page from the table in `src/rules`.",
    "",
    line("Operator", "Gradient"),
    `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`,
    ...rows.map(([op, gradient]) => line(op, gradient)),
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
