/** @file A field's shape as its declaration says: type, bounds and choices. Controls take them from here and never repeat them. */
import { factsOf } from "@lexeme/domain/settings";
import { z } from "zod";

export interface FieldShape {
  /** As JSON schema names it. */
  readonly type: string | undefined;
  readonly format: string | undefined;
  /** Null stands for an empty field. */
  readonly isNullable: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The values of an enumeration. */
  readonly choices: readonly string[] | undefined;
}

const KNOWN = new WeakMap<z.ZodType, FieldShape>();

/** The shape of one field; worked out once for each schema. */
export function fieldShape(schema: z.ZodType): FieldShape {
  const known = KNOWN.get(schema) ?? readShape(schema);
  KNOWN.set(schema, known);
  return known;
}

/** "A number or null" is a number whose empty field is null. */
function readShape(schema: z.ZodType): FieldShape {
  const whole: z.core.JSONSchema.BaseSchema = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const { slider } = factsOf(schema);
  const shape = whole.anyOf?.find((one) => one.type !== "null") ?? whole;
  return {
    type: typeof shape.type === "string" ? shape.type : undefined,
    format: shape.format,
    isNullable: shape !== whole,
    min: slider?.min ?? boundOf(shape.minimum),
    max: slider?.max ?? boundOf(shape.maximum),
    choices: shape.enum?.map(String),
  };
}

/** The bounds that zod gives every whole number are those of a double, and say nothing to a person. */
function boundOf(bound: number | undefined): number | undefined {
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
}
