/** @file The part of a graph that its outputs need. */

import type { Graph, Node, Value } from "./graph.ts";

/** Nodes, inputs and weights that the outputs need, in the graph's own order. `used` holds every value that is read or published. */
export interface PrunedGraph {
  readonly nodes: readonly Node[];
  readonly inputs: readonly Value[];
  readonly weights: readonly Value[];
  readonly constants: readonly Value[];
  readonly used: ReadonlySet<Value>;
}

export function prune(graph: Graph): PrunedGraph {
  const used = new Set<Value>(graph.outputs.values());
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => used.has(output))) continue;
    nodes.push(node);
    for (const input of node.inputs) if (input !== undefined) used.add(input);
  }
  const isUsed = (value: Value) => used.has(value);
  return {
    nodes: nodes.toReversed(),
    inputs: graph.inputs.filter(isUsed),
    weights: graph.weights.filter(isUsed),
    constants: graph.constants.filter(isUsed),
    used,
  };
}
