/** @file The `infotext` field of txt2img: a picture's settings as fields of the request, for whatever the request itself leaves out. */
import { OPTION_OF_TXT2IMG } from "@lexeme/domain/options";
import { parseInfotext, samplingFromInfotext } from "@lexeme/domain/infotext";

interface InfotextFields {
  /** Fields of A1111's request. */
  request: Record<string, unknown>;
  /** Settings that the request has no field for, under our own names. */
  settings: Record<string, unknown>;
  /** What A1111 turns into `override_settings`. */
  overrides: Record<string, unknown>;
}

/** Keys of the infotext and the field that each one fills; numbers are read as such, and a seed is left as its digits. */
const NUMBERS: ReadonlyMap<string, string> = new Map([
  ["Steps", "steps"],
  ["CFG scale", "cfg_scale"],
  ["Size-1", "width"],
  ["Size-2", "height"],
]);

/** The checkpoint is left as it is, as A1111 does by default. Values that make no sense are found where the settings are checked. */
export function infotextFields(text: string | undefined): InfotextFields {
  if (text === undefined || text.trim() === "") return { request: {}, settings: {}, overrides: {} };
  const infotext = parseInfotext(text);
  const { prompt, negativePrompt, parameters } = infotext;
  const request: Record<string, unknown> = { prompt, negative_prompt: negativePrompt };
  for (const [key, value] of parameters) {
    const name = NUMBERS.get(key);
    if (key === "Seed") request["seed"] = value;
    if (name !== undefined && Number.isFinite(Number(value))) request[name] = Number(value);
  }
  const { samplerName, scheduler, ...sampling } = samplingFromInfotext(infotext);
  if (samplerName !== undefined) Object.assign(request, { sampler_name: samplerName, scheduler });
  const clipSkip = Number(parameters.get("Clip skip") ?? Number.NaN);
  const settings: Record<string, unknown> = { ...sampling, ...(Number.isInteger(clipSkip) && { clipSkip }) };
  const overrides: Record<string, unknown> = {};
  for (const [setting, option] of Object.entries(OPTION_OF_TXT2IMG)) {
    if (settings[setting] !== undefined) overrides[option] = settings[setting];
    delete settings[setting];
  }
  return { request, settings, overrides };
}
