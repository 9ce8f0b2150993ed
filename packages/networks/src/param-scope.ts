/** @file Parameters by name: scopes mirror checkpoint keys, so that the structure of a network's code is its key map. */
import { LexemeError, type DType, type Shape } from "@lexeme/core";
import type { Graph, Value } from "@lexeme/onnx";
import type { CheckpointTensor, CheckpointWeights } from "./checkpoint-weights.ts";

/** Element types that weights may have, by their safetensors name. All are widened to float32 in the graph. */
const WEIGHT_DTYPES: Readonly<Record<string, DType>> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

export interface ParameterOptions {
  /** Other dimensions for the same bytes, which reshapes at no cost. */
  as?: Shape;
  /** Another shape that the file may have, such as [o, i] for a 1 x 1 convolution's [o, i, 1, 1]. */
  orShape?: Shape;
}

/** A place in a checkpoint's key hierarchy, bound to the graph that its parameters enter. */
export class ParamScope {
  readonly graph: Graph;
  readonly weights: CheckpointWeights;
  readonly path: string;
  /** Whether convolutions of this scope read beyond an edge from the opposite edge instead of reading zeros there. */
  readonly wraps: boolean;

  constructor(graph: Graph, weights: CheckpointWeights, place: string | { path: string; wraps: boolean } = "") {
    const { path, wraps } = typeof place === "string" ? { path: place, wraps: false } : place;
    this.graph = graph;
    this.weights = weights;
    this.path = path;
    this.wraps = wraps;
  }

  /** The scope of `name` below this one; `name` may itself hold dots. */
  at(name: string | number): ParamScope {
    return new ParamScope(this.graph, this.weights, { path: this.#key(String(name)), wraps: this.wraps });
  }

  weight(shape: Shape, options: ParameterOptions = {}): Value {
    return this.parameter("weight", shape, options);
  }

  bias(shape: Shape, options: ParameterOptions = {}): Value {
    return this.parameter("bias", shape, options);
  }

  /** The tensor `name` as float32. Throws LexemeError `CHECKPOINT_KEY_MISSING` or `CHECKPOINT_KEY_SHAPE` with the expected shape. */
  parameter(name: string, shape: Shape, options: ParameterOptions = {}): Value {
    const key = this.#key(name);
    const { dtype, bytes } = this.#find(key, shape, options.orShape);
    const { as = shape } = options;
    const isReshaped = list(as) !== list(shape);
    return this.graph.weight(isReshaped ? `${key} as ${list(as)}` : key, { dtype, shape: as }, bytes);
  }

  /** The tensor `name` in the file's own element type, for a table from which only a few rows are read. */
  storedParameter(name: string, shape: Shape): Value {
    const key = this.#key(name);
    const { dtype, bytes } = this.#find(key, shape);
    return this.graph.external(key, { dtype, shape }, bytes);
  }

  /** Whether a tensor of this name exists. */
  has(name: string): boolean {
    return this.weights.tensors.has(this.#key(name));
  }

  /** One size of a tensor, from which a network's configuration is inferred. Throws LexemeError when the tensor or the dimension is missing. */
  sizeOf(name: string, dimension: number): number {
    const key = this.#key(name);
    const { shape } = this.#tensor(key, undefined);
    const size = shape[dimension];
    if (size === undefined || size < 1) {
      throw keyFault(key, `has shape ${list(shape)}, too few dimensions to infer sizes from`);
    }
    return size;
  }

  /** One more than the highest number of a numbered child, so that a gap in the numbers shows as a missing key. */
  count(name = ""): number {
    const prefix = `${this.#key(name)}.`;
    let count = 0;
    for (const key of this.weights.tensors.keys()) {
      if (!key.startsWith(prefix)) continue;
      const [child = ""] = key.slice(prefix.length).split(".", 1);
      if (/^\d{1,4}$/.test(child)) count = Math.max(count, Number(child) + 1);
    }
    return count;
  }

  /** Whether any tensor lies below `name`. */
  hasChild(name: string): boolean {
    const prefix = `${this.#key(name)}.`;
    for (const key of this.weights.tensors.keys()) if (key.startsWith(prefix)) return true;
    return false;
  }

  #find(key: string, shape: Shape, orShape: Shape = shape) {
    const tensor = this.#tensor(key, shape);
    const found = list(tensor.shape);
    if (found !== list(shape) && found !== list(orShape)) {
      throw keyFault(key, `has shape ${found}, expected ${list(shape)}`, { expected: shape, found: tensor.shape });
    }
    const dtype = WEIGHT_DTYPES[tensor.dtype];
    if (dtype === undefined) {
      throw new LexemeError(
        "CHECKPOINT_DTYPE",
        `The checkpoint's "${key}" is stored as ${tensor.dtype}: choose a file in fp16, bf16 or fp32`,
        { details: { key, dtype: tensor.dtype } },
      );
    }
    return { dtype, bytes: { file: tensor.file ?? this.weights.file, offset: tensor.offset, length: tensor.length } };
  }

  #tensor(key: string, expected: Shape | undefined): CheckpointTensor {
    const tensor = this.weights.tensors.get(key);
    if (tensor !== undefined) return tensor;
    const what = expected === undefined ? "" : `, expected with shape ${list(expected)}`;
    throw new LexemeError(
      "CHECKPOINT_KEY_MISSING",
      `The checkpoint lacks "${key}"${what}: it is incomplete or of another family`,
      { details: { key, ...(expected === undefined ? {} : { expected }) } },
    );
  }

  #key(name: string): string {
    if (name === "") return this.path;
    return this.path === "" ? name : `${this.path}.${name}`;
  }
}

function keyFault(key: string, what: string, details: Record<string, unknown> = {}): LexemeError {
  return new LexemeError("CHECKPOINT_KEY_SHAPE", `The checkpoint's "${key}" ${what}`, { details: { key, ...details } });
}

function list(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
