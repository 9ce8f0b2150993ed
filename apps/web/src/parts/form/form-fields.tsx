/** @file The fields of a form by name: each is drawn again only when its own value or fault changes. */
import { effectiveSize } from "@lexeme/domain/settings";
import { useLocalStorage } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { z } from "zod";
import type { FormStore } from "../../state/form-store.ts";
import type { Field } from "../../ui/fields/field.ts";
import {
  CheckField,
  DigitsField,
  NumberField,
  SelectField,
  TextField,
  type CheckFieldProps,
  type DigitsFieldProps,
  type NumberFieldProps,
  type SelectFieldProps,
  type TextFieldProps,
} from "../../ui/fields/fields.tsx";
import { AdvancedFold } from "../../ui/layout/advanced-fold.tsx";
import { useChangedAmong, useField, useFieldOfType, type FieldName, type FieldValue } from "./use-form.ts";

/** The props of a field component, with a form and the name of a field that holds a `T` in place of the binding. */
type Named<S extends z.ZodObject, T, P> = Omit<P, "field"> & { form: FormStore<S>; name: FieldName<S, T> };

export function FormText<S extends z.ZodObject>({ form, name, ...rest }: Named<S, string, TextFieldProps>): ReactNode {
  return <TextField {...rest} field={useFieldOfType<S, string>(form, name)} />;
}

export function FormNumber<S extends z.ZodObject>(props: Named<S, number, NumberFieldProps>): ReactNode {
  const { form, name, ...rest } = props;
  return <NumberField {...rest} field={useFieldOfType<S, number>(form, name)} />;
}

/** A whole number of any length, exact to the digit. */
export function FormDigits<S extends z.ZodObject>(props: Named<S, string | number, DigitsFieldProps>): ReactNode {
  const { form, name, ...rest } = props;
  return <DigitsField {...rest} field={useFieldOfType<S, string | number>(form, name)} />;
}

export function FormCheck<S extends z.ZodObject>(props: Named<S, boolean, CheckFieldProps>): ReactNode {
  const { form, name, ...rest } = props;
  return <CheckField {...rest} field={useFieldOfType<S, boolean>(form, name)} />;
}

export function FormSelect<S extends z.ZodObject, K extends FieldName<S, string>>(
  props: Omit<SelectFieldProps<FieldValue<S, K> & string>, "field"> & { form: FormStore<S>; name: K },
): ReactNode {
  const { form, name, ...rest } = props;
  return <SelectField {...rest} field={useField(form, name) as Field<FieldValue<S, K> & string>} />;
}

/** A size in pixels that shows the size it is rounded down to. */
export function FormSize<S extends z.ZodObject>(props: Named<S, number, NumberFieldProps>): ReactNode {
  const { form, name, description = null, ...rest } = props;
  const field = useFieldOfType<S, number>(form, name);
  // An emptied field holds text.
  const used = typeof field.value === "number" ? effectiveSize(field.value) : field.value;
  const isRounded = used !== field.value && field.error === undefined;
  const rounded = <span style={{ color: "var(--lx-warning)" }}>Rounded down to {used}</span>;
  return <NumberField {...rest} field={field} step={8} description={isRounded ? rounded : description} />;
}

export interface FormFoldProps<S extends z.ZodObject> {
  form: FormStore<S>;
  names: readonly string[];
  /** Name under which the browser keeps whether the fold is open; one for each fold. */
  storageKey: string;
  title?: string;
  children: ReactNode;
}

/** Rare fields of a form behind a fold, which shows a dot while one of `names` differs from its default. */
export function FormFold<S extends z.ZodObject>(props: FormFoldProps<S>): ReactNode {
  const { form, names, storageKey, ...rest } = props;
  const changed = useChangedAmong(form, names);
  const [open, setOpen] = useLocalStorage({
    key: `lexeme.fold.${storageKey}`,
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  return (
    <AdvancedFold
      {...rest}
      open={open}
      onToggle={() => setOpen(!open)}
      changed={changed}
      onReset={() => form.reset(names)}
    />
  );
}
