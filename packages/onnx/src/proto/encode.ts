/** @file A graph as the bytes of an ONNX ModelProto (field numbers from onnx/onnx.proto). Weights are named, never copied. */

import type { DType, Shape } from "@lexeme/core";
import type { ByteRange, Graph, Node, Value } from "../graph.ts";
import { MICROSOFT_OPS } from "../op.ts";
import { prune } from "../prune.ts";
import { lowerings, ONNX_DTYPES, type Lowered, type OnnxAttribute, type ParameterInput } from "./lowering.ts";
import { MessageWriter } from "./wire.ts";

/** Opset 20 is the first whose default domain has Gelu. */
const OPSET = 20;
const IR_VERSION = 10;
const ATTRIBUTE_TYPES: Record<OnnxAttribute["kind"], number> = { float: 1, int: 2, string: 3, ints: 7 };
const DATA_LOCATION_EXTERNAL = 1;

export interface EncodeOptions {
  /** Maps a weight file to the path written into the model, relative to the session's folder. By default the path is unchanged. */
  location?: (file: string) => string;
  /**
   * Order of the node list. ONNX Runtime starts from the leaf with the highest index and completes the operand with the
   * highest index first. With "reversed", it runs every node just before its result is needed, so a recomputed or widened
   * tensor does not live long; with "forward", it runs side branches first.
   */
  order?: "forward" | "reversed";
}

/** The part of `graph` that its outputs need. Throws TypeError if it has no outputs. */
export function encodeModel(graph: Graph, options: EncodeOptions = {}): Uint8Array {
  if (graph.outputs.size === 0) throw new TypeError("a model needs at least one output");
  const model = new MessageWriter().varint(1, IR_VERSION).string(2, "lexeme");
  model.message(7, new GraphEncoder(graph, options).encode());
  model.message(8, new MessageWriter().string(1, "").varint(2, OPSET));
  model.message(8, new MessageWriter().string(1, "com.microsoft").varint(2, 1));
  return model.finish();
}

class GraphEncoder {
  readonly #graph: Graph;
  readonly #options: EncodeOptions;
  readonly #parameters = new Map<string, MessageWriter>();
  /** A computed value that is published once takes the output's name, which saves an Identity node that would copy it. */
  readonly #renamed = new Map<Value, string>();

  constructor(graph: Graph, options: EncodeOptions) {
    this.#graph = graph;
    this.#options = options;
    for (const [name, value] of graph.outputs) {
      if (value.source.kind === "node" && !this.#renamed.has(value)) this.#renamed.set(value, name);
    }
  }

  encode(): MessageWriter {
    const { nodes, inputs, weights, constants, used } = prune(this.#graph);
    const encoded = nodes.map((node) => this.#node(node, used));
    for (const [name, value] of this.#graph.outputs) {
      if (this.#name(value) !== name) encoded.push(identity(this.#name(value), name));
    }
    if (this.#options.order === "reversed") encoded.reverse();
    const message = new MessageWriter();
    for (const node of encoded) message.message(1, node);
    message.string(2, "graph");
    for (const weight of weights) message.message(5, this.#weight(weight));
    for (const constant of constants) message.message(5, constantTensor(constant));
    for (const parameter of this.#parameters.values()) message.message(5, parameter);
    for (const input of inputs) message.message(11, valueInfo(input.name, input));
    for (const [name, value] of this.#graph.outputs) message.message(12, valueInfo(name, value));
    return message;
  }

  #node(node: Node, used: ReadonlySet<Value>): MessageWriter {
    const lowered = lower(node);
    const message = new MessageWriter();
    const operand = (index: number) => {
      const value = node.inputs[index];
      return value === undefined ? "" : this.#name(value);
    };
    for (const input of lowered.inputs ?? node.inputs.keys()) {
      message.string(1, input === undefined ? "" : typeof input === "number" ? operand(input) : this.#parameter(input));
    }
    const lastUsed = node.outputs.findLastIndex((output) => used.has(output));
    for (const output of node.outputs.slice(0, lastUsed + 1)) {
      // Only LayerNormalization's statistics are optional outputs; all other outputs must be named even if no node reads them.
      const omitted = node.op === "LayerNormalization" && output !== node.outputs[0] && !used.has(output);
      message.string(2, omitted ? "" : this.#name(output));
    }
    if (node.op === "Split") {
      for (const output of node.outputs.slice(lastUsed + 1)) message.string(2, this.#name(output));
    }
    message.string(3, node.name).string(4, node.op);
    for (const [name, attribute] of Object.entries(lowered.attributes ?? {})) {
      message.message(5, attributeMessage(name, attribute));
    }
    if ((MICROSOFT_OPS as readonly string[]).includes(node.op)) message.string(7, "com.microsoft");
    return message;
  }

  #name(value: Value): string {
    return this.#renamed.get(value) ?? value.name;
  }

  #parameter(parameter: ParameterInput): string {
    const name = `parameter:${parameter.dtype}[${parameter.shape.join(",")}]:${parameter.values.join(",")}`;
    if (!this.#parameters.has(name)) this.#parameters.set(name, parameterTensor(name, parameter));
    return name;
  }

  #weight({ name, dtype, shape, source }: Value): MessageWriter {
    if (source.kind !== "external") throw new TypeError(`"${name}" is not an external weight`);
    const location = this.#options.location?.(source.bytes.file) ?? source.bytes.file;
    return externalTensor(tensor(name, { dtype, shape }), { ...source.bytes, file: location });
  }
}

/** TypeScript cannot pair a member of a union with its row of the table; the table's own type guarantees it. */
function lower(node: Node): Lowered {
  return (lowerings[node.op] as (node: Node) => Lowered)(node);
}

function identity(input: string, output: string): MessageWriter {
  return new MessageWriter().string(1, input).string(2, output).string(3, `Identity:${output}`).string(4, "Identity");
}

function attributeMessage(name: string, attribute: OnnxAttribute): MessageWriter {
  const message = new MessageWriter().string(1, name);
  switch (attribute.kind) {
    case "float":
      message.float(2, attribute.value);
      break;
    case "int":
      message.varint(3, attribute.value);
      break;
    case "string":
      message.string(4, attribute.value);
      break;
    case "ints":
      for (const value of attribute.value) message.varint(8, value);
      break;
  }
  return message.varint(20, ATTRIBUTE_TYPES[attribute.kind]);
}

function tensor(name: string, { dtype, shape }: { dtype: DType; shape: Shape }): MessageWriter {
  return new MessageWriter().packedVarints(1, shape).varint(2, ONNX_DTYPES[dtype]).string(8, name);
}

function externalTensor(message: MessageWriter, { file, offset, length }: ByteRange): MessageWriter {
  const entries = { location: file, offset: String(offset), length: String(length) };
  for (const [key, value] of Object.entries(entries)) {
    message.message(13, new MessageWriter().string(1, key).string(2, value));
  }
  return message.varint(14, DATA_LOCATION_EXTERNAL);
}

function constantTensor(value: Value): MessageWriter {
  if (value.source.kind !== "constant") throw new TypeError(`"${value.name}" is not a constant`);
  return tensor(value.name, value).bytes(9, value.source.data);
}

function parameterTensor(name: string, { dtype, shape, values }: ParameterInput): MessageWriter {
  const array = dtype === "int64" ? BigInt64Array.from(values, BigInt) : Float32Array.from(values);
  return tensor(name, { dtype, shape }).bytes(9, new Uint8Array(array.buffer));
}

function valueInfo(name: string, { dtype, shape }: { dtype: DType; shape: Shape }): MessageWriter {
  const dimensions = new MessageWriter();
  for (const size of shape) dimensions.message(1, new MessageWriter().varint(1, size));
  const tensorType = new MessageWriter().varint(1, ONNX_DTYPES[dtype]).message(2, dimensions);
  return new MessageWriter().string(1, name).message(2, new MessageWriter().message(1, tensorType));
}
