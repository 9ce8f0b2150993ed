/** @file A form whose fields come from a zod schema and survive a reload. Only what a person changed is stored, so better defaults reach everything else. */
import { LexemeError } from "@lexeme/core";
import type { z } from "zod";
import { createStore, type StoreApi } from "zustand/vanilla";

export interface FormState {
  /** What a person (or a tab that carried something over) set. */
  changed: Record<string, unknown>;
  /** Defaults that are known only at run time, such as the checkpoint's own size. */
  defaults: Record<string, unknown>;
  /** The server's word on a field, until the field changes. */
  serverErrors: Record<string, string>;
  /** A start was tried: fields left empty are now faults. */
  tried: boolean;
}

/** Values and faults of a form, worked out from its state. */
export interface FormReading<S extends z.ZodObject> {
  /** Every field as it stands, valid or not. */
  values: z.input<S> & z.output<S>;
  /** The settings to send; null while a field is at fault. */
  settings: z.output<S> | null;
  errors: Record<string, string>;
}

export interface FormStore<S extends z.ZodObject> {
  key: string;
  schema: S;
  store: StoreApi<FormState>;
  patch: (values: Partial<z.input<S>>) => void;
  setDefaults: (values: Partial<z.input<S>>) => void;
  /** Forgets what was changed, in these fields or in all. */
  reset: (fields?: readonly string[]) => void;
  read: () => FormReading<S>;
  /** What a field holds while nobody has changed it. */
  defaultOf: (field: string) => unknown;
  /** Marks the form as tried and gives the settings, or null when a field is at fault. */
  submit: () => z.output<S> | null;
  /** Puts an error of the server beside its field; false when it names none of this form's. */
  placeError: (error: unknown) => boolean;
}

const known = new Map<string, FormStore<z.ZodObject>>();

/** The one store of the form `key`, made on first use. */
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
  const store = createStore<FormState>(() => ({
    changed: load(storageKey, own),
    defaults: {},
    serverErrors: {},
    tried: false,
  }));
  store.subscribe((state, before) => {
    if (state.changed !== before.changed) localStorage.setItem(storageKey, JSON.stringify(state.changed));
  });

  function read(): FormReading<S> {
    const { changed, defaults, serverErrors, tried } = store.getState();
    const values = { ...own, ...defaults, ...changed };
    const parsed = schema.safeParse(values);
    const errors: Record<string, string> = {};
    for (const issue of parsed.error?.issues ?? []) {
      const field = String(issue.path[0] ?? "");
      if (errors[field] === undefined && (tried || isFilled(changed[field]))) errors[field] = issueSentence(issue);
    }
    return {
      values: values as FormReading<S>["values"],
      settings: parsed.success ? parsed.data : null,
      errors: { ...errors, ...serverErrors },
    };
  }

  return {
    key,
    schema,
    store,
    read,
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
    reset: (fields) => {
      store.setState(({ changed }) => ({
        changed: fields === undefined ? {} : omit(changed, fields),
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
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([name]) => name in own));
  } catch {
    // Not ours or cut short: a form that starts over is better than a page that does not start.
    return {};
  }
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== "";
}

function omit<T>(record: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

/** Zod's own sentences speak of types; a person types numbers. */
export function issueSentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_small":
      return issue.origin === "string" ? issue.message : `At least ${Number(issue.minimum).toLocaleString("en")}`;
    case "too_big":
      return issue.origin === "string" ? issue.message : `At most ${Number(issue.maximum).toLocaleString("en")}`;
    case "invalid_type":
      if (issue.expected === "int") return "A whole number";
      return issue.expected === "number" ? "A number is needed here" : issue.message;
    case "invalid_value":
      return "Choose one that is here";
    default:
      return issue.message;
  }
}
