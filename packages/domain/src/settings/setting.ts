/** @file Declares a setting: its schema, with the facts for forms, options, A1111's API, infotext and files. */
import type { z } from "zod";
import type { ReadKey } from "../infotext/infotext-keys.ts";

/** A side that is left out has the bound of the setting's schema. */
export interface Slider {
  readonly min?: number;
  readonly max?: number;
}

/** The facts about a setting besides its bounds and its default. */
export interface SettingFacts {
  readonly title: string;
  readonly description?: string;
  readonly unit?: string;
  /** The page's bounds, where programs may ask for more: A1111 has them on its sliders, and not in its API. */
  readonly slider?: Slider;
  /** The setting's keys in infotext; a text has only one of them. */
  readonly infotext?: readonly ReadKey[];
  /** A1111's option that gives the setting's value if a request leaves it out. */
  readonly option?: string;
  /** The value that A1111 assumes if a setting is missing, where it differs from the schema's default. */
  readonly a1111Default?: unknown;
}

declare const FACTS: unique symbol;

/** Carries the facts in the schema's type, for tables that are derived from them. */
export interface Declared<F> {
  readonly [FACTS]: F;
}

/** The schema with its facts. */
export function setting<S extends z.ZodType, const F extends SettingFacts>(schema: S, facts: F): S & Declared<F> {
  const { ...meta } = facts as SettingFacts & Record<string, unknown>;
  return schema.meta(meta) as S & Declared<F>;
}

/** The facts about a setting; empty for a schema that was declared without facts. */
export function factsOf(schema: z.ZodType): Partial<SettingFacts> {
  return (schema.meta() ?? {}) as Partial<SettingFacts>;
}

/** The value that A1111 assumes if a setting is missing. */
export function a1111DefaultOf(schema: z.ZodType): unknown {
  return factsOf(schema).a1111Default ?? schema.parse(undefined);
}

/** The side of its slider that a value is beyond, and the slider's bound there; undefined within the slider and for a setting without one. */
export function beyondSlider(schema: z.ZodType, value: unknown): { side: keyof Slider; bound: number } | undefined {
  const { min = -Infinity, max = Infinity } = factsOf(schema).slider ?? {};
  if (typeof value !== "number") return undefined;
  if (value < min) return { side: "min", bound: min };
  return value > max ? { side: "max", bound: max } : undefined;
}

/** A1111's name of a setting: our name in snake case, as `hr_upscaler` for `hrUpscaler`. */
export function a1111Name(name: string): string {
  return name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
}
