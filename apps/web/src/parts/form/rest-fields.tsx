/** @file Fields of a schema that a tab does not place one by one, each drawn by its schema: a new setting needs no change of the form. */
import { memo, type ReactNode } from "react";
import type { z } from "zod";
import type { FormStore } from "../../state/form-store.ts";
import type { Field } from "../../ui/fields/field.ts";
import { CheckField, DigitsField, NumberField, SelectField, TextField } from "../../ui/fields/fields.tsx";
import { fieldShape } from "./field-shape.ts";
import { useField } from "./use-form.ts";

/** Names of the titled fields of `schema` that are not among `placed`. A field without a title is no field of a form. */
export function restOf(schema: z.ZodObject, placed: readonly string[]): string[] {
  return Object.entries(schema.shape)
    .filter(([name, field]) => !placed.includes(name) && (field as z.ZodType).meta()?.title !== undefined)
    .map(([name]) => name);
}

export function RestFields<S extends z.ZodObject>(props: { form: FormStore<S>; names: readonly string[] }): ReactNode {
  const form = props.form as unknown as FormStore<z.ZodObject>;
  return props.names.map((name) => <SchemaField key={name} form={form} name={name} />);
}

const SchemaField = memo(function SchemaField(props: { form: FormStore<z.ZodObject>; name: string }): ReactNode {
  const { form, name } = props;
  const field = useField(form, name);
  const { type, format, isNullable, choices } = fieldShape(form.schema.shape[name] as z.ZodType);
  if (format === "seed") return <DigitsField field={field as Field<string | number>} />;
  if (choices !== undefined) return <SelectField field={field as Field<string>} />;
  if (type === "boolean") return <CheckField field={field as Field<boolean>} />;
  if (type === "number" || type === "integer") {
    return (
      <NumberField
        field={isNullable ? nullWhenEmpty(field) : (field as Field<number>)}
        {...(isNullable ? { placeholder: "automatic" } : {})}
      />
    );
  }
  return <TextField field={field as Field<string>} />;
});

function nullWhenEmpty(field: Field<unknown>): Field<number> {
  return {
    ...field,
    value: (field.value ?? "") as number,
    onChange: (value) => field.onChange((value as number | "") === "" ? null : value),
  };
}
