/** @file Reverse-mode differentiation: one walk back over a graph that adds the gradient's nodes to the same graph. */

import { add, type Graph, type Node, type Op, type Value } from "@lexeme/onnx";
import { gradientRules } from "./rules/index.ts";
import { GradientCall, NotDifferentiable, type GradientTable, type OperandGradient } from "./rules/rule.ts";

export interface GradientOptions {
  /** The cotangent of `loss`, in the shape of `loss`. The default of 1 requires `loss` to be one number. */
  seed?: Value;
  /** Another table of rules, for tests. */
  rules?: GradientTable;
}

/**
 * `d loss / d wrt`: one float32 gradient for each value of `wrt`, in the shape of that value. Only nodes on a path from `wrt`
 * to `loss` are differentiated, so frozen weights get no gradient.
 * Throws TypeError if `loss` does not depend on a value, or if a path contains an operator without a gradient.
 */
export function gradients(loss: Value, wrt: readonly Value[], { seed, rules }: GradientOptions = {}): Value[] {
  const cotangents = new Map([[loss, seed ?? unitSeed(loss)]]);
  return vectorJacobianProduct(cotangents, wrt, rules);
}

/** Gradients of several outputs at once, each with its cotangent: `sum over outputs of cotangent . d output / d wrt`. */
export function vectorJacobianProduct(
  outputs: ReadonlyMap<Value, Value>,
  wrt: readonly Value[],
  rules: GradientTable = gradientRules,
): Value[] {
  const [graph] = [...outputs.keys(), ...wrt].map((value) => value.graph);
  if (graph === undefined) return [];
  const dependent = dependents(graph, wrt);
  const cotangents = new Map(outputs);
  // `toReversed` copies the nodes of the forward pass, because rules append to the graph's own list.
  for (const node of graph.nodes.toReversed()) {
    const ofOutputs = node.outputs.map((output) => cotangents.get(output));
    if (ofOutputs.every((cotangent) => cotangent === undefined)) continue;
    for (const [operand, input] of node.inputs.entries()) {
      if (input === undefined || !dependent.has(input)) continue;
      const contribution = ruleOf(rules, node, operand)(new GradientCall(node, ofOutputs), operand);
      const sum = cotangents.get(input);
      cotangents.set(input, sum === undefined ? contribution : add(sum, contribution));
    }
  }
  return wrt.map((value) => {
    const gradient = cotangents.get(value);
    if (gradient === undefined) throw new TypeError(`no output depends on "${value.name}"`);
    return gradient;
  });
}

/** `wrt` and every float value computed from it. No gradient passes through values of whole numbers. */
function dependents(graph: Graph, wrt: readonly Value[]): ReadonlySet<Value> {
  const dependent = new Set(wrt);
  for (const { inputs, outputs } of graph.nodes) {
    if (!inputs.some((input) => input !== undefined && dependent.has(input))) continue;
    for (const output of outputs) if (output.dtype.includes("float")) dependent.add(output);
  }
  return dependent;
}

function unitSeed(loss: Value): Value {
  if (loss.shape.some((size) => size !== 1)) {
    throw new TypeError(`"${loss.name}" of shape [${loss.shape.join(",")}] is not one number; give a seed`);
  }
  return loss.graph.filled(loss.shape, 1);
}

/** TypeScript cannot pair a member of the node union with its row of the table; the table's own type guarantees it. */
function ruleOf(rules: GradientTable, node: Node, operand: number): OperandGradient<Op> {
  const row = rules[node.op];
  const rule = Array.isArray(row) ? (row[operand] as OperandGradient<Op> | NotDifferentiable | undefined) : row;
  if (typeof rule === "function") return rule as OperandGradient<Op>;
  const reason = rule instanceof NotDifferentiable ? rule.reason : "no rule";
  throw new TypeError(`${node.op} "${node.name}" has no gradient in operand ${operand}: ${reason}`);
}
