/** @file The options that a search finds, section by section. */
import { OPTION_SECTIONS, type OptionName } from "@lexeme/domain/options";
import type { z } from "zod";

export interface OptionEntry {
  /** A1111's name. */
  name: OptionName;
  schema: z.ZodType;
  label: string;
  help: string | undefined;
  unit: string | undefined;
}

export interface FoundSection {
  id: string;
  title: string;
  entries: OptionEntry[];
}

const ALL: readonly FoundSection[] = OPTION_SECTIONS.map(({ id, title, schema }) => ({
  id,
  title,
  entries: Object.entries(schema.shape).map(([name, field]) => entryOf(name as OptionName, field as z.ZodType)),
}));

/** Sections with the options whose label, help, unit or name contains every searched word; with `among`, only options of those names. Empty sections are left out. */
export function findOptions(search: string, among?: ReadonlySet<string>): FoundSection[] {
  const words = search.toLowerCase().split(/\s+/u).filter(Boolean);
  return ALL.map(({ id, title, entries }) => ({
    id,
    title,
    entries: entries.filter((entry) => {
      const { name, label, help = "", unit = "" } = entry;
      const text = [name, name.replaceAll("_", " "), label, help, unit, title].join(" ").toLowerCase();
      return (among === undefined || among.has(name)) && words.every((word) => text.includes(word));
    }),
  })).filter(({ entries }) => entries.length > 0);
}

function entryOf(name: OptionName, schema: z.ZodType): OptionEntry {
  const { title, description, unit } = (schema.meta() ?? {}) as { title?: string; description?: string; unit?: string };
  return { name, schema, label: title ?? name, help: description, unit };
}
