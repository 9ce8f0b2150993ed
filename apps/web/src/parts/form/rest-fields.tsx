/** @file Fields of a schema that a tab does not place one by one, each drawn by its schema: a new setting needs no change of the form. */
import { memo, useMemo, type ReactNode } from "react";
import { z } from "zod";
import type { FormStore } from "../../state/form-store.ts";
import type { Field } from "../../ui/fields/field.ts";
import { CheckField, DigitsField, NumberField, SelectField, TextField } from "../../ui/fields/fields.tsx";
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
  const { shape, nullable } = useMemo(() => jsonSchemaOf(form.schema, name), [form, name]);
  if (shape.format === "seed") return <DigitsField field={field as Field<string | number>} />;
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
});

/** A field's JSON schema; "a number or null" is a number whose empty field is null. */
function jsonSchemaOf(schema: z.ZodObject, name: string): { shape: z.core.JSONSchema.BaseSchema; nullable: boolean } {
  const whole: z.core.JSONSchema.BaseSchema = z.toJSONSchema(schema.shape[name] as z.ZodType, {
    io: "input",
    unrepresentable: "any",
  });
  const shape = whole.anyOf?.find((one) => one.type !== "null") ?? whole;
  return { shape, nullable: shape !== whole };
}

function nullWhenEmpty(field: Field<unknown>): Field<number> {
  return {
    ...field,
    value: (field.value ?? "") as number,
    onChange: (value) => field.onChange((value as number | "") === "" ? null : value),
  };
}
