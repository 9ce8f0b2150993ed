/** @file A form whose fields come from a zod schema and survive a reload. Only values that the user changed are stored, so better defaults reach all other fields. */
import { LexemeError } from "@lexeme/core";
import type { z } from "zod";
import { createStore, type StoreApi } from "zustand/vanilla";
import { fieldChecks } from "./field-checks.ts";
import { readTabText, writeTabText } from "./tab-storage.ts";

export interface FormState {
  /** Values that the user set, or that a tab carried over. */
  changed: Record<string, unknown>;
  /** Defaults that are known only at run time, such as the checkpoint's own size. */
  defaults: Record<string, unknown>;
  /** The server's error for a field, until the field changes. */
  serverErrors: Record<string, string>;
  /** A start was tried: fields left empty are now faults. */
  tried: boolean;
}

/** Values of a form, valid or not. */
export type FormValues<S extends z.ZodObject> = z.input<S> & z.output<S>;

/** Values and faults of a form, worked out from its state. */
export interface FormReading<S extends z.ZodObject> {
  /** Every field as it stands, valid or not. */
  values: FormValues<S>;
  /** The settings to send; null while a field is at fault. */
  settings: z.output<S> | null;
  errors: Record<string, string>;
}

/** One field of a form. */
export interface FieldReading {
  value: unknown;
  error: string | undefined;
  /** False once the value differs from the default. */
  isDefault: boolean;
}

export interface FormStore<S extends z.ZodObject> {
  key: string;
  schema: S;
  store: StoreApi<FormState>;
  patch: (values: Partial<z.input<S>>) => void;
  setDefaults: (values: Partial<z.input<S>>) => void;
  /** Forgets the changes in these fields, or in all. */
  reset: (fields?: readonly string[]) => void;
  /** The same object until the form changes; its values and settings stay the same objects until a value changes. */
  read: () => FormReading<S>;
  /** The same object until this field changes, so that a component that shows it need not look at the others. */
  readField: (field: string) => FieldReading;
  /** The value of a field while nobody has changed it. */
  defaultOf: (field: string) => unknown;
  /** Marks the form as tried and gives the settings, or null when a field is at fault. */
  submit: () => z.output<S> | null;
  /** Puts an error of the server beside its field; false if it names no field of this form. */
  placeError: (error: unknown) => boolean;
}

const known = new Map<string, FormStore<z.ZodObject>>();

/** The one store of the form `key`, made on first use. Throws a TypeError for a schema with a check over several fields. */
export function formStore<S extends z.ZodObject>(schema: S, key: string): FormStore<S> {
  const existing = known.get(key);
  if (existing !== undefined) return existing as unknown as FormStore<S>;
  const made = createForm(schema, key);
  known.set(key, made);
  return made;
}

function createForm<S extends z.ZodObject>(schema: S, key: string): FormStore<S> {
  const storageKey = `lexeme.form.${key}`;
  const own = schemaDefaults(schema);
  const checks = fieldChecks(schema);
  const store = createStore<FormState>(() => ({
    changed: load(storageKey, own),
    defaults: {},
    serverErrors: {},
    tried: false,
  }));
  store.subscribe((state, before) => {
    if (state.changed !== before.changed) writeTabText(storageKey, JSON.stringify(state.changed));
  });

  function valuesOf({ changed, defaults }: FormState): Record<string, unknown> {
    return { ...own, ...defaults, ...changed };
  }

  /** A field that is empty from the beginning is a fault only once a start was tried; one that was emptied is a fault at once. */
  function errorOf(name: string, value: unknown): string | undefined {
    const { changed, defaults, serverErrors, tried } = store.getState();
    const checked = checks.check(name, value);
    const wasEmptied = name in changed && isFilled({ ...own, ...defaults }[name]);
    const isSaid = tried || wasEmptied || isFilled(changed[name]);
    return serverErrors[name] ?? ("issue" in checked && isSaid ? checked.issue : undefined);
  }

  const read = lastOf(store, (state, before): FormReading<S> => {
    const isSame = before?.state.changed === state.changed && before.state.defaults === state.defaults;
    const values = isSame ? before.made.values : (valuesOf(state) as FormValues<S>);
    const settings = isSame ? before.made.settings : (checks.settings(values) as z.output<S> | null);
    const errors = Object.keys(schema.shape).flatMap((name) => {
      const error = errorOf(name, values[name]);
      return error === undefined ? [] : [[name, error] as const];
    });
    return { values, settings, errors: Object.fromEntries(errors) };
  });

  const fields = new Map<string, FieldReading>();
  function readField(name: string): FieldReading {
    const { values } = read();
    const value = (values as Record<string, unknown>)[name];
    const next = { value, error: errorOf(name, value), isDefault: !(name in store.getState().changed) };
    const before = fields.get(name);
    const isSame =
      before?.error === next.error && before?.isDefault === next.isDefault && Object.is(before?.value, next.value);
    if (before !== undefined && isSame) return before;
    fields.set(name, next);
    return next;
  }

  return {
    key,
    schema,
    store,
    read,
    readField,
    defaultOf: (field) => ({ ...own, ...store.getState().defaults })[field],
    patch: (values) => {
      store.setState(({ changed, serverErrors }) => ({
        changed: { ...changed, ...values },
        serverErrors: omit(serverErrors, Object.keys(values)),
      }));
    },
    setDefaults: (values) => {
      const { defaults } = store.getState();
      if (Object.entries(values).every(([name, value]) => defaults[name] === value)) return;
      store.setState({ defaults: { ...defaults, ...values } });
    },
    reset: (names) => {
      store.setState(({ changed }) => ({
        changed: names === undefined ? {} : omit(changed, names),
        serverErrors: {},
        tried: false,
      }));
    },
    submit: () => {
      store.setState({ tried: true });
      return read().settings;
    },
    placeError: (error) => {
      if (!(error instanceof LexemeError)) return false;
      const field = error.details?.["field"];
      if (typeof field !== "string" || !(field in schema.shape)) return false;
      store.setState(({ serverErrors }) => ({ serverErrors: { ...serverErrors, [field]: error.message } }));
      return true;
    },
  };
}

/** The result of `make` for a store's state, computed once for each state. */
function lastOf<T, R>(store: StoreApi<T>, make: (state: T, before: { state: T; made: R } | undefined) => R): () => R {
  let last: { state: T; made: R } | undefined;
  return () => {
    const state = store.getState();
    if (last?.state !== state) last = { state, made: make(state, last) };
    return last.made;
  };
}

/** Defaults as the schema gives them; a field without one starts empty. */
function schemaDefaults(schema: z.ZodObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => {
      const parsed = (field as z.ZodType).safeParse(undefined);
      return [name, parsed.success ? parsed.data : ""];
    }),
  );
}

function load(storageKey: string, own: Record<string, unknown>): Record<string, unknown> {
  try {
    const stored: unknown = JSON.parse(readTabText(storageKey) ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([name]) => name in own));
  } catch {
    // The text is not ours or is cut short: a form that starts over is better than a page that does not start.
    return {};
  }
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== "";
}

function omit<T>(record: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
