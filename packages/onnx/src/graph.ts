/** @file Graphs of tensors with static shapes: values, the nodes that compute them, and weights that stay in the user's file. */

import { DTYPE_BYTES, elementCount, type DType, type Shape } from "@lexeme/core";
import type { Op, OpAttributes } from "./op.ts";
import { inferTypes } from "./shape-rules/index.ts";
import { formatTensorType, OpCall } from "./shape-rules/op-call.ts";

/** A byte range of a file on disk, such as one tensor of a checkpoint. `file` is a path that the session resolves. */
export interface ByteRange {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** Where a value comes from. */
export type Source =
  | { readonly kind: "input" }
  | { readonly kind: "external"; readonly bytes: ByteRange }
  /** `data` is the elements' little-endian bytes. */
  | { readonly kind: "constant"; readonly data: Uint8Array }
  | { readonly kind: "node"; readonly node: Node; readonly index: number };

/** One tensor of a graph. */
export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly source: Source;
}

/** One application of an operator; `undefined` among the inputs is an omitted optional operand. */
export type Node = { [K in Op]: NodeOf<K> }[Op];

export interface NodeOf<K extends Op> {
  readonly op: K;
  readonly name: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: OpAttributes[K];
}

/** Numbers of a constant; int64 takes plain whole numbers too. */
export type ConstantValues = readonly number[] | Float32Array | BigInt64Array;

/** Constants up to this many elements are looked up by content before a new one is made. */
const MAX_DEDUPLICATED_ELEMENTS = 4096;

/** A graph grows by `apply`, so `nodes` is always in topological order. Nothing is ever removed; `prune` selects. */
export class Graph {
  readonly inputs: Value[] = [];
  readonly weights: Value[] = [];
  readonly constants: Value[] = [];
  readonly nodes: Node[] = [];
  readonly outputs = new Map<string, Value>();
  readonly #names = new Map<string, Value>();
  readonly #constantsByContent = new Map<string, Value>();
  readonly #float32Weights = new Map<Value, Value>();

  /** A tensor fed at every run. */
  input(name: string, dtype: DType, shape: Shape): Value {
    return keep(this.inputs, this.#declare(name, { dtype, shape, source: { kind: "input" } }));
  }

  /**
   * A weight that stays in its file and in its dtype. Declaring the same weight twice gives the same value. Throws TypeError
   * if the name is already used with another type or byte range, or if the byte count does not fit the shape.
   */
  external(name: string, type: { dtype: DType; shape: Shape }, bytes: ByteRange): Value {
    const expected = elementCount(type.shape) * DTYPE_BYTES[type.dtype];
    if (bytes.length !== expected) {
      throw new TypeError(
        `weight "${name}": ${formatTensorType(type)} takes ${expected} bytes, the range has ${bytes.length}`,
      );
    }
    const known = this.#names.get(name);
    if (known !== undefined && isSameWeight(known, { ...type, bytes })) return known;
    return keep(this.weights, this.#declare(name, { ...type, source: { kind: "external", bytes } }));
  }

  /** `external`, widened to float32. ONNX Runtime folds the added Cast when it opens the session. */
  weight(name: string, type: { dtype: DType; shape: Shape }, bytes: ByteRange): Value {
    const stored = this.external(name, type, bytes);
    if (stored.dtype === "float32") return stored;
    const known = this.#float32Weights.get(stored);
    if (known !== undefined) return known;
    const widened = this.applyOne("Cast", [stored], { to: "float32" });
    this.#float32Weights.set(stored, widened);
    return widened;
  }

  /** A constant that travels inside the model. Shape defaults to [n], dtype to float32. */
  constant(values: ConstantValues, { shape = [values.length], dtype = "float32" }: Partial<ConstantType> = {}): Value {
    if (values.length !== elementCount(shape)) {
      throw new TypeError(`constant of ${values.length} values cannot have shape [${shape.join(",")}]`);
    }
    const key =
      values.length <= MAX_DEDUPLICATED_ELEMENTS ? `${formatTensorType({ dtype, shape })}:${values.join()}` : undefined;
    return this.#constant(key, { dtype, shape }, () => constantBytes(values, dtype));
  }

  /** A constant from its little-endian bytes, such as the bytes of a constant in another graph. */
  constantBytes(type: { dtype: DType; shape: Shape }, data: Uint8Array): Value {
    return this.#constant(undefined, type, () => data);
  }

  /** A float32 constant of one repeated value, made once per shape and value. */
  filled(shape: Shape, value: number): Value {
    const values = () => constantBytes(new Float32Array(elementCount(shape)).fill(value), "float32");
    return this.#constant(`fill:[${shape.join(",")}]:${value}`, { dtype: "float32", shape }, values);
  }

  /** Adds a node and gives its outputs. Throws TypeError if the operands' shapes or dtypes do not fit the operator. */
  apply<K extends Op>(op: K, inputs: readonly (Value | undefined)[], attributes: OpAttributes[K]): readonly Value[] {
    const name = `${op}_${this.nodes.length}`;
    for (const input of inputs) {
      if (input !== undefined && input.graph !== this) {
        throw new TypeError(`${op} "${name}": operand "${input.name}" belongs to another graph`);
      }
    }
    const types = inferTypes(new OpCall({ op, name, inputs, attributes }));
    const outputs: Value[] = [];
    const node = { op, name, inputs: [...inputs], outputs, attributes } as NodeOf<Op> as Node;
    for (const [index, type] of types.entries()) {
      const suffix = types.length === 1 ? "" : `.${index}`;
      outputs.push(this.#declare(name + suffix, { ...type, source: { kind: "node", node, index } }));
    }
    this.nodes.push(node);
    return outputs;
  }

  /** `apply` for an operator whose first output is the only one needed. */
  applyOne<K extends Op>(op: K, inputs: readonly (Value | undefined)[], attributes: OpAttributes[K]): Value {
    const [output] = this.apply(op, inputs, attributes);
    if (output === undefined) throw new TypeError(`${op} has no output`);
    return output;
  }

  /** Publishes a value under a name; sessions return it under that name. */
  output(name: string, value: Value): void {
    if (value.graph !== this) throw new TypeError(`output "${name}" belongs to another graph`);
    const isTaken = this.outputs.has(name) || (this.#names.has(name) && this.#names.get(name) !== value);
    if (isTaken) throw new TypeError(`output "${name}" is declared twice`);
    this.outputs.set(name, value);
  }

  #constant(key: string | undefined, type: { dtype: DType; shape: Shape }, bytes: () => Uint8Array): Value {
    const known = key === undefined ? undefined : this.#constantsByContent.get(key);
    if (known !== undefined) return known;
    const name = `constant_${this.constants.length}`;
    const value = keep(this.constants, this.#declare(name, { ...type, source: { kind: "constant", data: bytes() } }));
    if (key !== undefined) this.#constantsByContent.set(key, value);
    return value;
  }

  #declare(name: string, { dtype, shape, source }: { dtype: DType; shape: Shape; source: Source }): Value {
    if (this.#names.has(name) || this.outputs.has(name)) throw new TypeError(`"${name}" is declared twice`);
    if (shape.some((size) => !Number.isInteger(size) || size < 0)) {
      throw new TypeError(`"${name}": shape [${shape.join(",")}] is not made of whole numbers from 0`);
    }
    const value: Value = { graph: this, name, dtype, shape: [...shape], source };
    this.#names.set(name, value);
    return value;
  }
}

export interface ConstantType {
  shape: Shape;
  dtype: "float32" | "int64" | "int32" | "bool";
}

function keep(list: Value[], value: Value): Value {
  list.push(value);
  return value;
}

function isSameWeight(known: Value, weight: { dtype: DType; shape: Shape; bytes: ByteRange }): boolean {
  const { source } = known;
  if (source.kind !== "external") return false;
  return (
    formatTensorType(known) === formatTensorType(weight) &&
    source.bytes.file === weight.bytes.file &&
    source.bytes.offset === weight.bytes.offset
  );
}

function constantBytes(values: ConstantValues, dtype: ConstantType["dtype"]): Uint8Array {
  if (values instanceof Float32Array && dtype === "float32") return bytesOf(values.slice());
  const numbers = Array.from(values as ArrayLike<number | bigint>);
  const encoders = {
    float32: () => bytesOf(Float32Array.from(numbers, Number)),
    int64: () => bytesOf(BigInt64Array.from(numbers, BigInt)),
    int32: () => bytesOf(Int32Array.from(numbers, Number)),
    bool: () => Uint8Array.from(numbers, (value) => (Number(value) === 0 ? 0 : 1)),
  };
  return encoders[dtype]();
}

function bytesOf(array: Float32Array | BigInt64Array | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
