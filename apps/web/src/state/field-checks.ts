/** @file Checks a form's fields one by one, and checks a field again only once its value has changed. */
import { beyondSlider } from "@lexeme/domain/settings";
import type { z } from "zod";

/** The result of a field's schema for a value. */
export type FieldCheck = { output: unknown } | { issue: string };

export interface FieldChecks {
  check: (name: string, value: unknown) => FieldCheck;
  /** The whole settings; null while a field is at fault. */
  settings: (values: Record<string, unknown>) => Record<string, unknown> | null;
}

/** Throws a TypeError for a schema with a check over several fields: one field alone cannot tell whether it holds. */
export function fieldChecks(schema: z.ZodObject): FieldChecks {
  if ((schema.def.checks?.length ?? 0) > 0) throw new TypeError("A form's schema checks its fields one by one");
  const latest = new Map<string, { value: unknown; check: FieldCheck }>();

  function check(name: string, value: unknown): FieldCheck {
    const known = latest.get(name);
    if (known !== undefined && Object.is(known.value, value)) return known.check;
    const made = checkField(schema.shape[name] as z.ZodType, value);
    latest.set(name, { value, check: made });
    return made;
  }

  function settings(values: Record<string, unknown>): Record<string, unknown> | null {
    const outputs: [string, unknown][] = [];
    for (const name of Object.keys(schema.shape)) {
      const checked = check(name, values[name]);
      if ("issue" in checked) return null;
      outputs.push([name, checked.output]);
    }
    return Object.fromEntries(outputs);
  }

  return { check, settings };
}

/** Checks the field's schema, and the bounds of its slider, which programs need not keep. */
export function checkField(schema: z.ZodType, value: unknown): FieldCheck {
  const parsed = schema.safeParse(value);
  const [first] = parsed.error?.issues ?? [];
  if (first !== undefined) return { issue: issueSentence(first) };
  const beyond = beyondSlider(schema, parsed.data);
  if (beyond === undefined) return { output: parsed.data };
  return { issue: `${beyond.side === "min" ? "At least" : "At most"} ${beyond.bound.toLocaleString("en")}` };
}

/** The sentence for an issue. Zod's own sentences name types, which users do not know. */
export function issueSentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_small":
      return issue.origin === "string" ? issue.message : `At least ${Number(issue.minimum).toLocaleString("en")}`;
    case "too_big":
      // The bound of every whole number tells a person nothing.
      if (Number(issue.maximum) >= Number.MAX_SAFE_INTEGER) return "The number is too large";
      return issue.origin === "string" ? issue.message : `At most ${Number(issue.maximum).toLocaleString("en")}`;
    case "invalid_type":
      if (issue.expected === "int") return "A whole number";
      if (issue.expected === "boolean") return "On or off is needed here";
      return issue.expected === "number" ? "A number is needed here" : issue.message;
    case "invalid_value":
      return "Choose a value from the list";
    default:
      return issue.message;
  }
}
