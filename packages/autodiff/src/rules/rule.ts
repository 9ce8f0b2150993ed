/** @file The type of a gradient rule, and the view that a rule gets of the node it differentiates. */

import type { Graph, NodeOf, Op, OpAttributes, Value } from "@lexeme/onnx";

/** Computes the cotangent of one operand from the cotangents of the outputs. The result has the operand's shape. */
export type OperandGradient<K extends Op> = (call: GradientCall<K>, operand: number) => Value;

/** Says why an operator, or one of its operands, has no gradient. */
export class NotDifferentiable {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** One function for all operands, or one entry for each operand. */
export type GradientRule<K extends Op> = OperandGradient<K> | readonly (OperandGradient<K> | NotDifferentiable)[];

export type GradientTable = { readonly [K in Op]: GradientRule<K> | NotDifferentiable };

/** One node under differentiation. Names follow the papers: `dy` is the cotangent of the first output `y`. */
export class GradientCall<K extends Op> {
  readonly node: NodeOf<K>;
  /** One for each output; undefined for an output that the loss does not depend on. */
  readonly cotangents: readonly (Value | undefined)[];

  constructor(node: NodeOf<K>, cotangents: readonly (Value | undefined)[]) {
    this.node = node;
    this.cotangents = cotangents;
  }

  get attributes(): OpAttributes[K] {
    return this.node.attributes;
  }

  get graph(): Graph {
    return this.y.graph;
  }

  /** The operand of an operator with one operand. */
  get x(): Value {
    return this.operand(0);
  }

  /** The first operand of an operator with two operands. */
  get a(): Value {
    return this.operand(0);
  }

  get b(): Value {
    return this.operand(1);
  }

  get y(): Value {
    return this.output(0);
  }

  get dy(): Value {
    return this.cotangent(0);
  }

  operand(index: number): Value {
    const value = this.node.inputs[index];
    if (value === undefined) throw new TypeError(`${this.node.op} "${this.node.name}" has no operand ${index}`);
    return value;
  }

  output(index: number): Value {
    const value = this.node.outputs[index];
    if (value === undefined) throw new TypeError(`${this.node.op} "${this.node.name}" has no output ${index}`);
    return value;
  }

  /** Zeros for an output that does not reach the loss. */
  cotangent(index: number): Value {
    const output = this.output(index);
    return this.cotangents[index] ?? output.graph.filled(output.shape, 0);
  }
}
