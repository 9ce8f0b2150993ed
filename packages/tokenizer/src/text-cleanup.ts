/**
 * @file The clean-up of a prompt in SD 1.x's tokenizer before it splits words: the changes of ftfy's `fix_text`, one space between
 * words, lower case. The repair of wrongly decoded text ("mojibake") is left out on purpose, because it guesses.
 */

/** From the name of an HTML entity, without `&` and `;`, to its characters. */
export type HtmlEntities = ReadonlyMap<string, string>;

/** The text in the form that CLIP's byte-pair encoding needs. */
export function cleanPrompt(text: string, entities: HtmlEntities): string {
  return collapseWhitespace(fixText(text, entities)).toLowerCase();
}

/** Single characters of the Latin script that stand for two or three (ftfy's list). */
const LIGATURES: ReadonlyMap<string, string> = new Map([
  ["Ĳ", "IJ"],
  ["ĳ", "ij"],
  ["ŉ", "ʼn"],
  ["Ǳ", "DZ"],
  ["ǲ", "Dz"],
  ["ǳ", "dz"],
  ["Ǆ", "DŽ"],
  ["ǅ", "Dž"],
  ["ǆ", "dž"],
  ["Ǉ", "LJ"],
  ["ǈ", "Lj"],
  ["ǉ", "lj"],
  ["Ǌ", "NJ"],
  ["ǋ", "Nj"],
  ["ǌ", "nj"],
  ["ﬀ", "ff"],
  ["ﬁ", "fi"],
  ["ﬂ", "fl"],
  ["ﬃ", "ffi"],
  ["ﬄ", "ffl"],
  ["ﬅ", "ſt"],
  ["ﬆ", "st"],
]);

/** Bytes 0x80 to 0x9f of Windows-1252, because a character U+0080 to U+009F is nearly always a wrongly decoded byte. The five unused bytes stay. */
const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** A line with `<` counts as real HTML: from this line on, entities are not decoded, as in ftfy. */
export function fixText(text: string, entities: HtmlEntities): string {
  let fixed = "";
  let mayUnescape = true;
  for (const line of text.split(/(?<=\n)/u)) {
    if (line.includes("<")) mayUnescape = false;
    fixed += fixLine(line, mayUnescape ? entities : undefined);
  }
  return fixed;
}

function fixLine(line: string, entities: HtmlEntities | undefined): string {
  let current = line;
  // One fix can make another fix possible (`&amp;#39;`), so ftfy repeats until nothing changes. Every round except the last two shortens the text.
  for (;;) {
    const before = current;
    if (entities) current = unescapeEntities(current, entities);
    current = current
      .replace(/[\u0080-\u009f]/gu, (c) => WINDOWS_1252[c.charCodeAt(0) - 0x80]!)
      .replace(/[ĲĳŉǱ-ǳǄ-ǌﬀ-ﬆ]/gu, (c) => LIGATURES.get(c) ?? c)
      .replace(/\u3000/gu, " ")
      .replace(/[\uff01-\uffef]/gu, (c) => c.normalize("NFKC"))
      .replace(/[\u02bc\u2018-\u201b]/gu, "'")
      .replace(/[\u201c-\u201f]/gu, '"')
      .replace(/\r\n|[\r\u2028\u2029\u0085]/gu, "\n")
      .replace(/\p{Surrogate}/gu, "\ufffd")
      // eslint-disable-next-line no-control-regex -- these two lines remove terminal colours and control characters.
      .replace(/\u001b\[[\d;]*[a-zA-Z]/gu, "")
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f\u206a-\u206f\ufeff\ufff9-\ufffc]/gu, "")
      .normalize("NFC");
    if (current === before) return current;
  }
}

/** An ampersand that was escaped many times. Without this pattern, each round would remove only one level. */
const ESCAPED_AMPERSAND = /&(?:(?:amp|AMP|#0*38|#[xX]0*26);)+/gu;

function unescapeEntities(text: string, entities: HtmlEntities): string {
  return text
    .replace(ESCAPED_AMPERSAND, "&amp;")
    .replace(/&(#?)([0-9A-Za-z]{1,24});/gu, (whole: string, hash: string, name: string) => {
      if (hash === "") return entities.get(name) ?? whole;
      if (/^[0-9]+$/u.test(name)) return numericReference(Number.parseInt(name, 10));
      if (/^[xX][0-9a-fA-F]+$/u.test(name)) return numericReference(Number.parseInt(name.slice(1), 16));
      return whole;
    });
}

/** HTML's rules for a character given by number: Windows-1252 for the C1 range, U+FFFD for numbers of no character, nothing for non-characters. */
export function numericReference(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return "\ufffd";
  if (code >= 0x80 && code <= 0x9f) return WINDOWS_1252[code - 0x80]!;
  const isControl = (code >= 0x1 && code <= 0x8) || code === 0xb || (code >= 0xe && code <= 0x1f) || code === 0x7f;
  const isNoncharacter = (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe;
  return isControl || isNoncharacter ? "" : String.fromCodePoint(code);
}

function collapseWhitespace(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
