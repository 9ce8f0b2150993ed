/** @file Options that stand for fields of jobs: each one the field's own schema, with its bounds, texts and default, by the option's name. */
import type { z } from "zod";
import { factsOf, type Declared } from "../settings/setting.ts";

type Fields = Readonly<Record<string, z.ZodType>>;

/** Fields without an option give none. */
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
