/** @file The `infotext` field of txt2img: a picture's settings for all fields that the request itself leaves out. */
import { optionsByField } from "@lexeme/domain/options";
import { parseInfotext, settingsFromInfotext } from "@lexeme/domain/infotext";
import { Txt2imgSettingsSchema } from "@lexeme/domain/settings";

interface InfotextFields {
  /** Sampler and schedule under the names of A1111's request fields. They are read together with the request's own sampler and schedule. */
  request: Record<string, unknown>;
  /** The other settings, under Lexeme's names. */
  settings: Record<string, unknown>;
  /** The values that A1111 turns into `override_settings`. */
  overrides: Record<string, unknown>;
}

/** The infotext does not change the checkpoint, as in A1111 by default. Invalid values are found when the settings are checked. */
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
