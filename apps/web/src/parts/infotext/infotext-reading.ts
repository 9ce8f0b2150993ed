/** @file Reads an infotext of Lexeme, A1111 or a related program as settings of txt2img, with notes on the parts that have no counterpart here. */
import {
  RANDOM_SOURCES,
  Txt2imgSettingsSchema,
  type Txt2imgSettings,
  SEED_MAX,
  SEED_MIN,
} from "@lexeme/domain/settings";
import { SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/schedulers/catalogue";
import {
  infotextKeyFacts,
  infotextValue,
  parseInfotext,
  settingsFromInfotext,
  type Infotext,
} from "@lexeme/domain/infotext";
import { z } from "zod";
import { checkField } from "../../state/field-checks.ts";
import { fieldShape } from "../form/field-shape.ts";
import { checkpointOf, embeddingNotes, networkNotes, vaeOf } from "./infotext-models.ts";
import type { InfotextLibrary, InfotextNote, NoteField, PartReading } from "./infotext-note.ts";
import { isPlotKey } from "./plot-reading.ts";

/** Keys of related programs that are compared with the files here, or that only describe the program. */
const TELLING = /^(Module \d+|TI|Lora hashes|User|App|Backend|Parser|Pipeline|Operations|Batch( .*)?|Init image hash)$/;

/** Fields where another value can be chosen beside the message, with their values. */
const CHOICES: Partial<Record<NoteField, { label: string; options: readonly string[] }>> = {
  samplerName: { label: "Sampling method to use instead", options: SAMPLER_NAMES },
  scheduler: { label: "Schedule type to use instead", options: SCHEDULE_TYPES },
  hrSamplerName: { label: "Hires sampling method to use instead", options: SAMPLER_NAMES },
  hrScheduler: { label: "Hires schedule type to use instead", options: SCHEDULE_TYPES },
  randnSource: { label: "Source of noise to use instead", options: RANDOM_SOURCES },
};

/** Settings and notes; without a library the files that the text names are ignored. */
export function readInfotextSettings(infotext: string, library?: InfotextLibrary): Required<PartReading> {
  const parsed = parseInfotext(infotext);
  const parts = [fieldsOf(parsed)];
  if (library !== undefined) {
    parts.push(checkpointOf(parsed, library), vaeOf(parsed, library), upscalerOf(parsed, library));
    parts.push({ settings: {}, notes: [...embeddingNotes(parsed, library), ...networkNotes(parsed)] });
  }
  parts.push({ settings: {}, notes: [...unknownKeys(parsed), ...doubtsOf(parsed)] });
  return {
    settings: Object.assign({}, ...parts.map(({ settings }) => settings)) as Partial<Txt2imgSettings>,
    refused: Object.assign({}, ...parts.map(({ refused }) => refused)) as Partial<Txt2imgSettings>,
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** The text's own values. A value that its field refuses becomes a note and is never replaced by a guess. */
function fieldsOf(parsed: Infotext): PartReading {
  const settings: Partial<Txt2imgSettings> = {};
  const notes: InfotextNote[] = [];
  const refused: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settingsFromInfotext(parsed))) {
    const field = name as NoteField;
    const schema: z.ZodType = Txt2imgSettingsSchema.shape[field];
    const read = checkField(schema, value);
    if ("output" in read) {
      Object.assign(settings, { [field]: read.output });
    } else {
      refused[field] = value;
      notes.push(refusedNote(field, String(value)));
    }
  }
  return { settings, refused, notes };
}

function refusedNote(field: NoteField, value: string): InfotextNote {
  const schema: z.ZodType = Txt2imgSettingsSchema.shape[field];
  const title = schema.meta()?.title ?? field;
  const choice = CHOICES[field];
  if (choice !== undefined) {
    const message = `${title} “${value}” is not here`;
    return { key: title, value, message, refusedBy: field, choice: { field, ...choice } };
  }
  const range = rangeOf(schema);
  return {
    key: title,
    value,
    refusedBy: field,
    message: `${title} “${value}” cannot be used here${range === null ? "" : `: the range is ${range}`}`,
  };
}

function rangeOf(schema: z.ZodType): string | null {
  const { min, max } = fieldShape(schema);
  const { format } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  if (format === "seed") return `${SEED_MIN} to ${SEED_MAX}`;
  return min === undefined || max === undefined ? null : `${min} to ${max}`;
}

function upscalerOf({ parameters }: Infotext, { upscalers }: InfotextLibrary): PartReading {
  const value = infotextValue(parameters, "Hires upscaler");
  if (value === undefined || upscalers === null || upscalers.includes(value)) return { settings: {}, notes: [] };
  const choice = { field: "hrUpscaler", label: "Upscaler to use instead", options: upscalers } as const;
  return {
    settings: {},
    notes: [{ key: "Hires upscaler", value, message: `Upscaler “${value}” is not here`, choice }],
  };
}

function doubtsOf({ doubts = [] }: Infotext): InfotextNote[] {
  return doubts.map((message) => ({ key: "doubt", value: message, message }));
}

/** One note for all keys of other programs and extensions, which have no effect here. */
function unknownKeys({ parameters }: Infotext): InfotextNote[] {
  const unknown = [...parameters.keys()].filter(
    (key) => infotextKeyFacts(key) === undefined && !TELLING.test(key) && !isPlotKey(key, { parameters }),
  );
  const names = unknown.map((key) => key.replace(/-[12]$/, ""));
  const unique = [...new Set(names)];
  if (unique.length === 0) return [];
  return [{ key: "others", value: unique.join(), message: `Settings without effect here: ${unique.join(", ")}` }];
}
