/** @file Reads an infotext into fields of txt2img, by the keys that the fields declare. */
import type { z } from "zod";
import { HIRES_FIELDS } from "../settings/hires-fields.ts";
import { a1111DefaultOf, factsOf } from "../settings/setting.ts";
import { Txt2imgSettingsSchema } from "../settings/txt2img-settings.ts";
import { hiresSampler, tellsOfHires } from "./hires-parameters.ts";
import { infotextKeyFacts, infotextKeyPlace } from "./infotext-keys.ts";
import type { Infotext } from "./infotext.ts";
import { readSampler } from "./sampler-names.ts";

/** Names and values as the infotext has them: a field may refuse its value. */
export type InfotextSettings = Readonly<Record<string, string | number | boolean | null>>;

type Fields = [name: string, schema: z.ZodType][];

/** The fields with a key, in the order of an infotext. */
const FIELDS: Fields = Object.entries(Txt2imgSettingsSchema.shape)
  .filter(([, schema]) => placeOf(schema) >= 0)
  .toSorted(([, a], [, b]) => placeOf(a) - placeOf(b));
const OF_HIRES = FIELDS.filter(([name]) => name in HIRES_FIELDS);
const OF_FIRST_PASS = FIELDS.filter(([name]) => !(name in HIRES_FIELDS));

/**
 * The prompts, and all fields that an infotext has keys for. A key that the text leaves out gives A1111's default, so that no earlier value
 * stays. A text without parameters gives only the prompts. If hires fix is off, its fields are left out. The caller finds the files that the
 * text names.
 */
export function settingsFromInfotext({ prompt, negativePrompt, parameters }: Infotext): InfotextSettings {
  if (parameters.size === 0) return { prompt, negativePrompt };
  const hasHires = tellsOfHires(parameters);
  return {
    prompt,
    negativePrompt,
    ...fieldsFrom(parameters, OF_FIRST_PASS),
    ...readSampler(parameters.get("Sampler"), parameters.get("Schedule type")),
    enableHr: hasHires,
    ...(hasHires && { ...fieldsFrom(parameters, OF_HIRES), ...hiresSampler(parameters) }),
  };
}

function fieldsFrom(parameters: ReadonlyMap<string, string>, fields: Fields): InfotextSettings {
  const read = fields.flatMap(([name, schema]) => {
    const { infotext: keys = [] } = factsOf(schema);
    const texts = keys.map((key) => parameters.get(key)?.trim() ?? "").filter((text) => text !== "");
    if (texts[0] !== undefined) return [[name, valueOf(schema, texts[0])] as const];
    const isKept = keys.every((key) => infotextKeyFacts(key)?.isKeptWhereMissing);
    return isKept ? [] : [[name, a1111DefaultOf(schema)] as const];
  });
  return Object.fromEntries(read) as InfotextSettings;
}

function placeOf(schema: z.ZodType): number {
  return infotextKeyPlace(factsOf(schema).infotext?.[0] ?? "");
}

/** The text if the field takes text, as seeds do; else the number or boolean that Python wrote. Digits that a number would round stay text. */
function valueOf(schema: z.ZodType, text: string): string | number | boolean {
  if (schema.safeParse(text).success) return text;
  const number = Number(text);
  if (Number.isSafeInteger(number) || (Number.isFinite(number) && !Number.isInteger(number))) return number;
  return text === "True" || text === "False" ? text === "True" : text;
}
