/** @file Options that stand for fields of jobs: each option has the schema of its field, with the field's bounds, texts and default. */
import type { z } from "zod";
import { factsOf, type Declared } from "../settings/setting.ts";

type Fields = Readonly<Record<string, z.ZodType>>;

/** The schemas by the options' names; a field without an option is left out. */
export type OptionsOf<F extends Fields> = {
  [K in keyof F as F[K] extends Declared<{ readonly option: infer O extends string }> ? O : never]: F[K];
};

export function optionsOf<F extends Fields>(fields: F): OptionsOf<F> {
  const options = Object.values(fields).map((schema) => [factsOf(schema).option, schema]);
  return Object.fromEntries(options) as OptionsOf<F>;
}

/** Names of the options that stand for fields of the settings, by the fields' names. */
export function optionsByField({ shape }: z.ZodObject): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(shape as Fields).flatMap(([field, schema]) => {
      const { option } = factsOf(schema);
      return option === undefined ? [] : [[field, option] as const];
    }),
  );
}
