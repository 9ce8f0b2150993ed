/** @file The same graph without the fused products of com.microsoft, for execution providers that have no kernel for them. */

import { Graph, type Node, type NodeOf, type Value } from "./graph.ts";
import { add, mul } from "./ops/elementwise.ts";
import { matMul } from "./ops/linalg.ts";
import { reshape, transpose } from "./ops/movement.ts";
import { softmax } from "./ops/normalization.ts";
import { prune } from "./prune.ts";

/**
 * A new graph with the same inputs, weights and outputs in which FusedMatMul and MultiHeadAttention are written out in
 * standard operators. A provider without kernels for them would send every product to the CPU and back. The cost: transposed
 * weights are copied when the session opens, and the attention scores are held in memory.
 */
export function withStandardOps(graph: Graph): Graph {
  const pruned = prune(graph);
  const copy = new Graph();
  const values = new Map<Value, Value>();
  const look = (value: Value): Value => {
    const found = values.get(value);
    if (found === undefined) throw new TypeError(`"${value.name}" is used before it is made`);
    return found;
  };
  for (const input of pruned.inputs) values.set(input, copy.input(input.name, input.dtype, input.shape));
  for (const leaf of [...pruned.weights, ...pruned.constants]) values.set(leaf, copyLeaf(copy, leaf));
  for (const node of pruned.nodes) {
    const operands = node.inputs.map((input) => (input === undefined ? undefined : look(input)));
    const outputs = writeOut(copy, node, operands);
    for (const [index, output] of node.outputs.entries()) {
      const written = outputs[index];
      if (written !== undefined) values.set(output, written);
    }
  }
  for (const [name, value] of graph.outputs) copy.output(name, look(value));
  return copy;
}

type Operands = readonly (Value | undefined)[];

function copyLeaf(copy: Graph, { name, dtype, shape, source }: Value): Value {
  if (source.kind === "external") return copy.external(name, { dtype, shape }, source.bytes);
  if (source.kind === "constant") return copy.constantBytes({ dtype, shape }, source.data);
  throw new TypeError(`"${name}" is neither a weight nor a constant`);
}

function writeOut(copy: Graph, node: Node, operands: Operands): readonly Value[] {
  if (node.op === "FusedMatMul") return [product(node, operands)];
  if (node.op === "MultiHeadAttention") return [attention(node, operands)];
  return copy.apply(node.op, operands, node.attributes);
}

function product({ attributes }: NodeOf<"FusedMatMul">, [a, b]: Operands): Value {
  if (a === undefined || b === undefined) throw new TypeError("a product needs two operands");
  const y = matMul(attributes.transA ? swapLast(a) : a, attributes.transB ? swapLast(b) : b);
  return attributes.alpha === 1 ? y : mul(y, attributes.alpha);
}

/** softmax(scale q k^T + bias) v for each head. */
function attention({ attributes }: NodeOf<"MultiHeadAttention">, [q, k, v, bias]: Operands): Value {
  if (q === undefined || k === undefined || v === undefined) throw new TypeError("attention needs three operands");
  const heads = (x: Value) => {
    const [batch = 0, length = 0, width = 0] = x.shape;
    const { numHeads } = attributes;
    return transpose(reshape(x, [batch, length, numHeads, width / numHeads]), [0, 2, 1, 3]);
  };
  const scores = matMul(heads(mul(q, attributes.scale)), swapLast(heads(k)));
  const weights = softmax(bias === undefined ? scores : add(scores, bias));
  const [batch = 0, queries = 0] = q.shape;
  return reshape(transpose(matMul(weights, heads(v)), [0, 2, 1, 3]), [batch, queries, -1]);
}

function swapLast(x: Value): Value {
  const perm = x.shape.map((_, axis) => axis);
  const rank = perm.length;
  return transpose(x, [...perm.slice(0, -2), rank - 1, rank - 2]);
}
