/** @file The settings that a request of A1111's names, whose fields are ours in snake case. */
import { a1111Name } from "@lexeme/domain/settings";
import type { z } from "zod";

/** By our names. Only fields that A1111's request has count; null and what is left out are not among them. Nothing is checked here. */
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
