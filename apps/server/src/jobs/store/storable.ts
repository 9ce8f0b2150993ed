/** @file Makes values that the job table's columns can hold. */
import { storableText } from "@lexeme/core";

/** The value with `storableText` applied to every text in it, including keys. A value that needs no change is returned uncopied. */
export function storable<T>(value: T): T {
  return changed(value) as T;
}

function changed(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => changed(item));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  const before = Object.entries(value);
  const after = before.map(([key, item]) => [storableText(key), changed(item)] as const);
  const isSame = after.every(([key, item], i) => key === before[i]?.[0] && item === before[i]?.[1]);
  return isSame ? value : Object.fromEntries(after);
}
