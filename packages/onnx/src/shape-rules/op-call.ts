/** @file One application of an operator as a shape rule sees it, with the checks and errors that rules share. */

import type { DType, Shape } from "@lexeme/core";
import type { Op, OpAttributes } from "../op.ts";

/** Element type and static shape: a rule knows nothing else about a tensor. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Returns shapes and dtypes of the outputs, or throws `call.error(...)`. */
export type ShapeRule<K extends Op> = (call: OpCall<K>) => readonly TensorType[];

/** One application of operator `K` to operand types; an omitted optional operand is `undefined`. */
export class OpCall<K extends Op> {
  readonly op: K;
  readonly name: string;
  readonly inputs: readonly (TensorType | undefined)[];
  readonly attributes: OpAttributes[K];

  constructor(call: { op: K; name: string; inputs: readonly (TensorType | undefined)[]; attributes: OpAttributes[K] }) {
    this.op = call.op;
    this.name = call.name;
    this.inputs = call.inputs;
    this.attributes = call.attributes;
  }

  operand(index: number): TensorType {
    const operand = this.inputs[index];
    if (operand === undefined) throw this.error(`operand ${index} is missing`);
    return operand;
  }

  /** Throws unless the number of operands lies between the two bounds. */
  expectOperands(least: number, most: number = least): void {
    if (this.inputs.length < least || this.inputs.length > most) {
      const expected = least === most ? `${least}` : `${least} to ${most}`;
      throw this.error(`takes ${expected} operands, got ${this.inputs.length}`);
    }
  }

  /** Throws unless every operand has the dtype of the first, which must be one of `allowed` if given. */
  expectOneDType(allowed?: readonly DType[]): DType {
    const { dtype } = this.operand(0);
    if (allowed !== undefined && !allowed.includes(dtype)) throw this.error(`is not defined for ${dtype}`);
    for (const input of this.inputs) {
      if (input !== undefined && input.dtype !== dtype) throw this.error(`mixes ${dtype} and ${input.dtype}`);
    }
    return dtype;
  }

  /** The axis counted from the front; throws if it is outside the rank. */
  axis(axis: number, rank: number): number {
    const fromFront = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(axis) || fromFront < 0 || fromFront >= rank) {
      throw this.error(`axis ${axis} is outside rank ${rank}`);
    }
    return fromFront;
  }

  /** Several axes counted from the front, ascending; throws if one is outside the rank or named twice. */
  axes(axes: readonly number[], rank: number): number[] {
    const fromFront = axes.map((axis) => this.axis(axis, rank)).toSorted((a, b) => a - b);
    if (new Set(fromFront).size !== axes.length) throw this.error(`axes ${list(axes)} name an axis twice`);
    return fromFront;
  }

  error(reason: string): TypeError {
    const operands = this.inputs.map((input) => (input === undefined ? "none" : formatTensorType(input))).join(", ");
    return new TypeError(`${this.op} "${this.name}": ${reason} (operands: ${operands})`);
  }
}

/** `float32[1,4,64,64]`. */
export function formatTensorType({ dtype, shape }: TensorType): string {
  return `${dtype}${list(shape)}`;
}

/** `[1,4]`, for messages. */
export function list(numbers: readonly number[]): string {
  return `[${numbers.join(",")}]`;
}
