/** @file Fields of A1111's request bodies: made by hand, or from the schema of Lexeme's settings. The API's documents name A1111's default for each. */
import { a1111DefaultOf, a1111Name } from "@lexeme/domain/settings";
import { z } from "zod";

export const text = (standard: string) => z.string().optional().meta({ default: standard });
export const integer = (standard: number) => z.number().int().optional().meta({ default: standard });
export const number = (standard: number) => z.number().optional().meta({ default: standard });
export const flag = (standard: boolean) => z.boolean().optional().meta({ default: standard });

/** A setting's name in A1111's words, as `a1111Name` gives it. */
type SnakeCase<S extends string> = S extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : "";

/** The type of a field without the bounds and choices of its setting. */
type Loose<T> =
  | (T extends string ? string : T extends number ? number : T extends boolean ? boolean : never)
  | (undefined extends T ? undefined : never);

type FieldsOf<Shape extends z.ZodRawShape> = {
  [Name in keyof Shape & string as SnakeCase<Name>]: z.ZodType<Loose<z.input<Shape[Name]>>>;
};

/**
 * A field for every setting, with A1111's name and default. A setting without a default is required. Only the type of a value is
 * checked: bounds and choices are checked with the settings, and that error names the field.
 */
export function fieldsOfSettings<Shape extends z.ZodRawShape>({ shape }: z.ZodObject<Shape>): FieldsOf<Shape> {
  const fields = Object.entries(shape).map(([name, given]) => {
    const schema = given as z.ZodType;
    const loose = looseType(schema);
    const isRequired = !schema.safeParse(undefined).success;
    return [a1111Name(name), isRequired ? loose : loose.optional().meta({ default: a1111DefaultOf(schema) })] as const;
  });
  return Object.fromEntries(fields) as FieldsOf<Shape>;
}

function looseType(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) return looseType(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodBoolean) return z.boolean();
  if (schema instanceof z.ZodNumber) return schema.isInt ? z.number().int() : z.number();
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return z.string();
  // A seed reads a number or digits.
  return schema;
}
