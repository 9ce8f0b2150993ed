/** @file The `infotext` field of txt2img: a picture's settings for whatever the request itself leaves out. */
import { optionsByField } from "@lexeme/domain/options";
import { parseInfotext, settingsFromInfotext } from "@lexeme/domain/infotext";
import { Txt2imgSettingsSchema } from "@lexeme/domain/settings";

interface InfotextFields {
  /** Sampler and schedule, by A1111's names of the request's fields: a request's own names are read together with them. */
  request: Record<string, unknown>;
  /** The other settings, under our own names. */
  settings: Record<string, unknown>;
  /** What A1111 turns into `override_settings`. */
  overrides: Record<string, unknown>;
}

/** The checkpoint is left as it is, as A1111 does by default. Values that make no sense are found where the settings are checked. */
export function infotextFields(text: string | undefined): InfotextFields {
  if (text === undefined || text.trim() === "") return { request: {}, settings: {}, overrides: {} };
  const { samplerName, scheduler, ...read } = settingsFromInfotext(parseInfotext(text));
  const optionOf = optionsByField(Txt2imgSettingsSchema);
  const [settings, overrides]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  for (const [setting, value] of Object.entries(read)) {
    const option = optionOf.get(setting);
    if (option === undefined) settings[setting] = value;
    else overrides[option] = value;
  }
  const request = samplerName === undefined ? {} : { sampler_name: samplerName, scheduler };
  return { request, settings, overrides };
}
