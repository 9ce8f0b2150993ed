/** @file How a setting is declared: its schema, with all that forms, options, A1111's API, infotext and files say of it. */
import type { z } from "zod";
import type { ReadKey } from "../infotext/infotext-keys.ts";

/** What is said of a setting besides its bounds and its default. */
export interface SettingFacts {
  readonly title: string;
  readonly description?: string;
  readonly unit?: string;
  /** Its keys in infotext; of several a text has one. */
  readonly infotext?: readonly ReadKey[];
  /** A1111's option that stands for the setting where a request leaves it out. */
  readonly option?: string;
  /** What A1111 means where it says nothing, if that is another than the schema's default. */
  readonly a1111Default?: unknown;
}

declare const FACTS: unique symbol;

/** The facts in the schema's type, for tables that are derived from them. */
export interface Declared<F> {
  readonly [FACTS]: F;
}

/** The schema with its facts. */
export function setting<S extends z.ZodType, const F extends SettingFacts>(schema: S, facts: F): S & Declared<F> {
  const { ...meta } = facts as SettingFacts & Record<string, unknown>;
  return schema.meta(meta) as S & Declared<F>;
}

/** What was said of a setting; nothing for a schema that was declared without facts. */
export function factsOf(schema: z.ZodType): Partial<SettingFacts> {
  return (schema.meta() ?? {}) as Partial<SettingFacts>;
}

/** What A1111 means where it says nothing of a setting. */
export function a1111DefaultOf(schema: z.ZodType): unknown {
  return factsOf(schema).a1111Default ?? schema.parse(undefined);
}

/** A1111's name of a setting: ours in snake case, `hrUpscaler` and `hr_upscaler`. */
export function a1111Name(name: string): string {
  return name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
}
