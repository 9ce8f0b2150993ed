/** @file Which options stand for a job's field that a request leaves out. The rule is in ARCHITECTURE, "Options". */
import { goesBySigmas, isSamplerName } from "@lexeme/schedulers/catalogue";
import type { JobKind } from "../jobs/job-kinds.ts";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { DEFAULT_OPTIONS, type OptionName, type Options } from "./options.ts";

/** txt2img's fields and the option that each one takes its default from. `eta` has two, by sampler. */
export const OPTION_OF_TXT2IMG = {
  vae: "sd_vae",
  clipSkip: "CLIP_stop_at_last_layers",
  emphasis: "emphasis",
  commaPaddingBacktrack: "comma_padding_backtrack",
  randnSource: "randn_source",
  etaNoiseSeedDelta: "eta_noise_seed_delta",
  sChurn: "s_churn",
  sTmin: "s_tmin",
  sTmax: "s_tmax",
  sNoise: "s_noise",
  sMinUncond: "s_min_uncond",
  sigmaMin: "sigma_min",
  sigmaMax: "sigma_max",
  rho: "rho",
  sgmNoiseMultiplier: "sgm_noise_multiplier",
} as const satisfies Partial<Record<keyof Txt2imgSettings, OptionName>>;

const OPTIONS_OF_KIND: Partial<Record<JobKind, Readonly<Record<string, OptionName>>>> = {
  txt2img: OPTION_OF_TXT2IMG,
  "xyz-plot": OPTION_OF_TXT2IMG,
  "train-embedding": { vae: "sd_vae", clipSkip: "CLIP_stop_at_last_layers" },
};

/** The fields of a job that options give, as they are now: what a form shows until somebody types something else. */
export function defaultsFromOptions(kind: JobKind, options: Options): Record<string, unknown> {
  return Object.fromEntries(Object.entries(OPTIONS_OF_KIND[kind] ?? {}).map(([field, name]) => [field, options[name]]));
}

/** The options that are no default of a txt2img's fields: what overrides one of the others belongs into the job's settings. */
export function withoutOptionsOfFields(options: Partial<Options>): Partial<Options> {
  const ofFields: ReadonlySet<string> = new Set([
    ...Object.values(OPTION_OF_TXT2IMG),
    "eta_ddim",
    "eta_ancestral",
    "sd_model_checkpoint",
  ]);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !ofFields.has(name)));
}

/** Settings as they came in a request, with the options' values where it says nothing. Nothing is checked here. */
export function withOptions(
  kind: JobKind,
  settings: Readonly<Record<string, unknown>>,
  options: Options,
): Record<string, unknown> {
  const complete = { ...defaultsFromOptions(kind, options), ...definedOf(settings) };
  if (kind === "txt2img" || kind === "xyz-plot") complete["eta"] ??= etaFromOptions(complete["samplerName"], options);
  return complete;
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
