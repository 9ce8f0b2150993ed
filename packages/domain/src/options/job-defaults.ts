/** @file The options that give the values of fields that a job's request leaves out. The rule is in ARCHITECTURE, "Options". */
import { goesBySigmas, isSamplerName } from "@lexeme/schedulers/catalogue";
import type { z } from "zod";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { optionsByField } from "./options-of-fields.ts";
import { DEFAULT_OPTIONS, type OptionName, type Options } from "./options.ts";

/** Options that give a field's value by a special rule: the two of `eta`, by sampler, and the checkpoint. */
const SPECIAL: readonly OptionName[] = ["eta_ddim", "eta_ancestral", "sd_model_checkpoint"];

/** The current values that options give to fields of a job's settings: a form shows them until the user types other values. */
export function defaultsFromOptions(schema: z.ZodObject, options: Options): Record<string, unknown> {
  return Object.fromEntries(
    [...optionsByField(schema)].map(([field, option]) => [field, options[option as OptionName]]),
  );
}

/** The settings of a request, completed with the options' values for the fields that it leaves out. Nothing is checked here. */
export function withOptions(
  schema: z.ZodObject,
  settings: Readonly<Record<string, unknown>>,
  options: Options,
): Record<string, unknown> {
  const complete = { ...defaultsFromOptions(schema, options), ...definedOf(settings) };
  if ("eta" in schema.shape) complete["eta"] ??= etaFromOptions(complete["samplerName"], options);
  return complete;
}

/** The options that stand for no field of these settings. An override of any other option belongs in the job's settings. */
export function withoutOptionsOfFields(schema: z.ZodObject, options: Partial<Options>): Partial<Options> {
  const ofFields = new Set([...optionsByField(schema).values(), ...SPECIAL]);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !ofFields.has(name)));
}

/** The eta that the options give to a sampler; null if it is the sampler's own. */
function etaFromOptions(samplerName: unknown, options: Options): number | null {
  const name = etaOptionOf(samplerName);
  return options[name] === DEFAULT_OPTIONS[name] ? null : options[name];
}

/** The sampler's own eta, for an infotext without eta if the options would now give another value; else nothing. */
export function etaWhereUnsaid(
  { samplerName, eta }: Partial<Txt2imgSettings>,
  options: Options,
): Partial<Txt2imgSettings> {
  if (eta !== null || etaFromOptions(samplerName, options) === null) return {};
  return { eta: DEFAULT_OPTIONS[etaOptionOf(samplerName)] };
}

/** A1111 has one eta for samplers on timesteps, and another for all other samplers. */
function etaOptionOf(samplerName: unknown): "eta_ddim" | "eta_ancestral" {
  return isSamplerName(samplerName) && !goesBySigmas(samplerName) ? "eta_ddim" : "eta_ancestral";
}

function definedOf(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
