/** @file A graph as text, one node a line, for reading and for snapshot tests. */

import type { Graph, Value } from "./graph.ts";
import { prune } from "./prune.ts";
import { formatTensorType } from "./shape-rules/op-call.ts";

/** The pruned graph: inputs, weights, constants, nodes and outputs in order. */
export function printGraph(graph: Graph): string {
  const { inputs, weights, constants, nodes, used } = prune(graph);
  const lines = [
    ...inputs.map((value) => `input ${typed(value)}`),
    ...weights.map((value) => `weight ${typed(value)}${location(value)}`),
    ...constants.map((value) => `${typed(value)} = ${constantText(value)}`),
    ...nodes.map((node) => {
      const outputs = node.outputs.map((output) => (used.has(output) ? typed(output) : "_")).join(", ");
      const operands = node.inputs.map((input) => input?.name ?? "_").join(", ");
      return `${outputs} = ${node.op}(${operands})${attributesText(node.attributes)}`;
    }),
    ...[...graph.outputs].map(([name, value]) => `output ${name} = ${value.name}`),
  ];
  return lines.join("\n");
}

function typed(value: Value): string {
  return `${value.name}: ${formatTensorType(value)}`;
}

function location({ source }: Value): string {
  return source.kind === "external" ? ` @ ${source.bytes.file}:${source.bytes.offset}` : "";
}

function attributesText(attributes: object): string {
  const entries = Object.entries(attributes);
  return entries.length === 0
    ? ""
    : ` { ${entries.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(", ")} }`;
}

const MAX_PRINTED_ELEMENTS = 8;

function constantText({ source, dtype }: Value): string {
  if (source.kind !== "constant") return "";
  const buffer = source.data.slice().buffer;
  const arrays = { float32: Float32Array, int64: BigInt64Array, int32: Int32Array, bool: Uint8Array };
  if (dtype === "float16" || dtype === "bfloat16") return `${source.data.length} bytes`;
  const numbers = Array.from<number | bigint>(new arrays[dtype](buffer));
  const shown = numbers.slice(0, MAX_PRINTED_ELEMENTS).join(", ");
  return numbers.length > MAX_PRINTED_ELEMENTS ? `${shown}, ... (${numbers.length})` : shown || "(empty)";
}
