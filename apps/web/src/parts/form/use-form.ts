/** @file React hooks for a form store, each as narrow as its use: one field, a few values, or the whole form once typing pauses. */
import { useEffect, useMemo, useState } from "react";
import type { z } from "zod";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { FormReading, FormStore, FormValues } from "../../state/form-store.ts";
import type { Field } from "../../ui/fields/field.ts";
import { fieldShape } from "./field-shape.ts";

/** Values computed from a whole form (a forecast, a plot's axes) wait this long for the next key. */
const TYPING_PAUSE_MS = 150;

/** The value of the field `K` as it is typed; every field has a default, so it is never undefined. */
export type FieldValue<S extends z.ZodObject, K extends keyof z.input<S>> = Exclude<z.input<S>[K], undefined>;

/** Names of a form's fields whose values are of type `T`. */
export type FieldName<S extends z.ZodObject, T = unknown> = {
  [K in keyof z.input<S>]-?: FieldValue<S, K> extends T ? K : never;
}[keyof z.input<S>] &
  string;

/** A field as components take it; the component is drawn again only when this field changes. */
export function useField<S extends z.ZodObject, K extends FieldName<S>>(
  form: FormStore<S>,
  name: K,
): Field<FieldValue<S, K>> {
  const reading = useStore(form.store, () => form.readField(name));
  return useMemo(
    () => ({
      name,
      label: labelOf(form, name),
      description: metaOf(form, name)?.description,
      value: reading.value as FieldValue<S, K>,
      error: reading.error,
      isDefault: reading.isDefault,
      ...shapeOf(form, name),
      onChange: (value) => {
        const change: Record<string, unknown> = { [name]: value };
        form.patch(change as Partial<z.input<S>>);
      },
    }),
    [form, name, reading],
  );
}

/** `useField` for a component that takes any field whose value is a `T`. */
export function useFieldOfType<S extends z.ZodObject, T>(form: FormStore<S>, name: FieldName<S, T>): Field<T> {
  // The name belongs to a field of that type, which the compiler cannot see while `S` is open.
  return useField(form, name) as unknown as Field<T>;
}

/** The part of a form that `select` gives; the component is drawn again only when that part or one of its members changes. */
export function useFormReading<S extends z.ZodObject, T>(
  form: FormStore<S>,
  select: (reading: FormReading<S>) => T,
): T {
  return useStore(
    form.store,
    useShallow(() => select(form.read())),
  );
}

/** `useFormReading` of the values alone. */
export function useFormValues<S extends z.ZodObject, T>(form: FormStore<S>, select: (values: FormValues<S>) => T): T {
  return useFormReading(form, ({ values }) => select(values));
}

/** How many of these fields differ from their defaults. */
export function useChangedAmong<S extends z.ZodObject>(form: FormStore<S>, names: readonly string[]): number {
  return useStore(form.store, ({ changed }) => names.filter((name) => name in changed).length);
}

/** The first fault as a sentence for the line under the start button, "Clipping value: write a rate such as 0.005"; null while nothing is at fault. The field itself may be folded away or out of sight. */
export function useFirstError<S extends z.ZodObject>(form: FormStore<S>): string | null {
  return useFormReading(form, ({ errors }) => {
    const [first] = Object.entries(errors);
    return first === undefined ? null : `${labelOf(form, first[0])}: ${first[1]}`;
  });
}

/** The whole form, as it was when typing last paused; a start or a server's error shows at once. The reading does not change while it is not `followed`. */
export function useSettledForm<S extends z.ZodObject>(form: FormStore<S>, followed = true): FormReading<S> {
  const [reading, setReading] = useState(form.read);
  useEffect(() => {
    if (!followed) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = (): void => setReading(form.read());
    const stop = form.store.subscribe((state, before) => {
      clearTimeout(timer);
      if (state.changed === before.changed) take();
      else timer = setTimeout(take, TYPING_PAUSE_MS);
    });
    // Takes in changes between the first drawing and now.
    take();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [form, followed]);
  return reading;
}

function shapeOf<S extends z.ZodObject>(
  { schema }: FormStore<S>,
  name: string,
): Pick<Field<unknown>, "min" | "max" | "isInteger" | "choices"> {
  const { type, min, max, choices } = fieldShape(schema.shape[name] as z.ZodType);
  return { min, max, isInteger: type === "integer", choices };
}

function labelOf<S extends z.ZodObject>(form: FormStore<S>, name: string): string {
  return metaOf(form, name)?.title ?? name;
}

function metaOf<S extends z.ZodObject>({ schema }: FormStore<S>, name: string): z.core.GlobalMeta | undefined {
  return (schema.shape[name] as z.ZodType).meta();
}
