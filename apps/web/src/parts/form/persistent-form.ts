/** @file React's door to a form store: bindings that field components take as they are. */
import { useMemo } from "react";
import type { z } from "zod";
import { useStore } from "zustand";
import type { Field } from "../../ui/fields/field.ts";
import { formStore, type FormReading, type FormStore } from "../../state/form-store.ts";

export interface PersistentForm<S extends z.ZodObject> extends FormReading<S>, Omit<FormStore<S>, "read"> {
  field: <K extends keyof z.input<S> & string>(name: K) => Field<NonNullable<z.input<S>[K]>>;
  /** How many of these fields differ from their defaults. */
  changedAmong: (names: readonly string[]) => number;
}

/** The form `key` over `schema`: values kept over reloads and shared by every component that names the same key. */
export function usePersistentForm<S extends z.ZodObject>(schema: S, key: string): PersistentForm<S> {
  const form = formStore(schema, key);
  const state = useStore(form.store);
  return useMemo(() => {
    const reading = form.read();
    const values: Record<string, unknown> = reading.values;
    return {
      ...form,
      ...reading,
      field: (name) => {
        const meta = (schema.shape[name] as unknown as z.ZodType).meta();
        return {
          name,
          label: meta?.title ?? name,
          description: meta?.description,
          value: values[name] as never,
          error: reading.errors[name],
          isDefault: !(name in state.changed),
          onChange: (value) => form.patch({ [name]: value } as Partial<z.input<S>>),
        };
      },
      changedAmong: (names) => names.filter((name) => name in state.changed).length,
    };
    // `state` is what `form.read()` reads.
  }, [form, schema, state]);
}
