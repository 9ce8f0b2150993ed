/** @file Decodes HTML's entities as Python's `html.unescape` does, including older names without a semicolon. OpenCLIP applies it to prompts. */
import { numericReference, type HtmlEntities } from "./text-cleanup.ts";

/** Python's pattern: a number, or up to 32 characters that may begin with a name. */
const REFERENCE = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu;

/** The text with every entity replaced once. Other text is unchanged. */
export function unescapeHtml(
  text: string,
  { entities, bareEntities }: { entities: HtmlEntities; bareEntities: ReadonlySet<string> },
): string {
  return text.replace(REFERENCE, (whole: string, name: string) => {
    if (name.startsWith("#")) {
      const digits = name.slice(1).replace(";", "");
      const isHex = /^[xX]/u.test(digits);
      return numericReference(isHex ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10));
    }
    const known = name.endsWith(";") ? entities.get(name.slice(0, -1)) : undefined;
    if (known !== undefined) return known;
    // Finds the longest name at the beginning of the text, as browsers do for "&copy2020".
    for (let length = name.length; length > 1; length--) {
      const bare = name.slice(0, length);
      if (bareEntities.has(bare)) return (entities.get(bare) ?? "") + name.slice(length);
    }
    return whole;
  });
}
