/** @file Which options stand for a job's field that a request leaves out. The rule is in ARCHITECTURE, "Options". */
import { goesBySigmas, isSamplerName } from "@lexeme/schedulers/catalogue";
import type { z } from "zod";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { optionsByField } from "./options-of-fields.ts";
import { DEFAULT_OPTIONS, type OptionName, type Options } from "./options.ts";

/** Options that a field takes its value from by a rule of its own: `eta`'s two, by sampler, and the checkpoint. */
const SPECIAL: readonly OptionName[] = ["eta_ddim", "eta_ancestral", "sd_model_checkpoint"];

/** The fields of a job's settings that options give, as they are now: what a form shows until somebody types something else. */
export function defaultsFromOptions(schema: z.ZodObject, options: Options): Record<string, unknown> {
  return Object.fromEntries(
    [...optionsByField(schema)].map(([field, option]) => [field, options[option as OptionName]]),
  );
}

/** Settings as they came in a request, with the options' values where it says nothing. Nothing is checked here. */
export function withOptions(
  schema: z.ZodObject,
  settings: Readonly<Record<string, unknown>>,
  options: Options,
): Record<string, unknown> {
  const complete = { ...defaultsFromOptions(schema, options), ...definedOf(settings) };
  if ("eta" in schema.shape) complete["eta"] ??= etaFromOptions(complete["samplerName"], options);
  return complete;
}

/** The options that stand for no field of these settings: what overrides one of the others belongs into the settings of the job. */
export function withoutOptionsOfFields(schema: z.ZodObject, options: Partial<Options>): Partial<Options> {
  const ofFields = new Set([...optionsByField(schema).values(), ...SPECIAL]);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !ofFields.has(name)));
}

/** A sampler's eta by the options; null when it is the sampler's own. */
function etaFromOptions(samplerName: unknown, options: Options): number | null {
  const name = etaOptionOf(samplerName);
  return options[name] === DEFAULT_OPTIONS[name] ? null : options[name];
}

/** What stands for the eta of an infotext that is silent on it, where the options would now give another than the sampler's own. */
export function etaWhereUnsaid(
  { samplerName, eta }: Partial<Txt2imgSettings>,
  options: Options,
): Partial<Txt2imgSettings> {
  if (eta !== null || etaFromOptions(samplerName, options) === null) return {};
  return { eta: DEFAULT_OPTIONS[etaOptionOf(samplerName)] };
}

/** A1111 keeps the eta of samplers on timesteps apart from the others'. */
function etaOptionOf(samplerName: unknown): "eta_ddim" | "eta_ancestral" {
  return isSamplerName(samplerName) && !goesBySigmas(samplerName) ? "eta_ddim" : "eta_ancestral";
}

function definedOf(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
