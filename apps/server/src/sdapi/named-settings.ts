/** @file The settings in a request to A1111's API, whose fields have Lexeme's names in snake case. */
import { a1111Name } from "@lexeme/domain/settings";
import type { z } from "zod";

/** The settings under Lexeme's names. Only fields of A1111's request count; null and missing fields are left out. Values are not checked. */
export function namedSettings(
  settings: z.ZodObject,
  request: Readonly<Record<string, unknown>>,
  fields: z.ZodObject,
): Record<string, unknown> {
  const named = Object.keys(settings.shape).flatMap((setting) => {
    const field = a1111Name(setting);
    const value = Object.hasOwn(fields.shape, field) ? (request[field] ?? undefined) : undefined;
    return value === undefined ? [] : [[setting, value] as const];
  });
  return Object.fromEntries(named);
}
