/** @file Fields of a schema that a tab gives no place of their own, each drawn as its schema says: a new setting needs no form. */
import type { ReactNode } from "react";
import { z } from "zod";
import type { Field } from "../../ui/fields/field.ts";
import type { PersistentForm } from "./persistent-form.ts";
import { CheckField, DigitsField, NumberField, SelectField, TextField } from "../../ui/fields/fields.tsx";

/** Names of the titled fields of `schema` that are not among `placed`. A field without a title is no field of a form. */
export function restOf(schema: z.ZodObject, placed: readonly string[]): string[] {
  return Object.entries(schema.shape)
    .filter(([name, field]) => !placed.includes(name) && (field as z.ZodType).meta()?.title !== undefined)
    .map(([name]) => name);
}

export function RestFields<S extends z.ZodObject>(props: {
  form: PersistentForm<S>;
  names: readonly string[];
}): ReactNode {
  const { form, names } = props;
  return names.map((name) => <SchemaField key={name} form={form} name={name} />);
}

function SchemaField<S extends z.ZodObject>({ form, name }: { form: PersistentForm<S>; name: string }): ReactNode {
  const whole: z.core.JSONSchema.BaseSchema = z.toJSONSchema(form.schema.shape[name] as z.ZodType, {
    io: "input",
    unrepresentable: "any",
  });
  // "A number or null" is a number whose empty field is null.
  const shape = whole.anyOf?.find((one) => one.type !== "null") ?? whole;
  const nullable = shape !== whole;
  const field = form.field(name) as Field<unknown>;
  if (whole.format === "seed") return <DigitsField field={field as Field<string | number>} />;
  if (shape.enum !== undefined) {
    return <SelectField field={field as Field<string>} options={shape.enum.map(String)} />;
  }
  if (shape.type === "boolean") return <CheckField field={field as Field<boolean>} />;
  if (shape.type === "number" || shape.type === "integer") {
    const isInteger = shape.type === "integer";
    return (
      <NumberField
        field={nullable ? nullWhenEmpty(field) : (field as Field<number>)}
        step={isInteger ? 1 : 0.1}
        decimals={isInteger ? 0 : 3}
        {...(nullable ? { placeholder: "automatic" } : {})}
        {...(shape.minimum === undefined ? {} : { min: shape.minimum })}
        {...(shape.maximum === undefined ? {} : { max: shape.maximum })}
      />
    );
  }
  return <TextField field={field as Field<string>} />;
}

function nullWhenEmpty(field: Field<unknown>): Field<number> {
  return {
    ...field,
    value: (field.value ?? "") as number,
    onChange: (value) => field.onChange((value as number | "") === "" ? null : value),
  };
}
