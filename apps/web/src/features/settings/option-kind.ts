/** @file The kind of control that an option's schema asks for. */
import { z } from "zod";

export type OptionKind =
  | { kind: "switch" }
  | { kind: "choice"; choices: readonly string[] }
  | { kind: "number"; isInteger: boolean; min: number | undefined; max: number | undefined; step: number }
  | { kind: "text" };

/** A number with a wider range than this moves in steps of 0.5, any other in steps of 0.05. */
const COARSE_RANGE = 20;

export function optionKind(schema: z.ZodType): OptionKind {
  const shape: z.core.JSONSchema.BaseSchema = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  if (shape.enum !== undefined) return { kind: "choice", choices: shape.enum.map(String) };
  if (shape.type === "boolean") return { kind: "switch" };
  if (shape.type !== "number" && shape.type !== "integer") return { kind: "text" };
  const isInteger = shape.type === "integer";
  const { minimum: min, maximum: max } = shape;
  const range = (max ?? Infinity) - (min ?? 0);
  return { kind: "number", isInteger, min, max, step: isInteger ? 1 : range > COARSE_RANGE ? 0.5 : 0.05 };
}
