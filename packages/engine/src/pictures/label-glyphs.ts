/** @file Text as outlines of a bundled font, so that labels do not need a font of the machine. */
import { readFileSync } from "node:fs";

interface Glyph {
  /** Width in thousandths of the font's size. */
  readonly advance: number;
  /** SVG path, the baseline at 0, downwards positive. */
  readonly path: string;
}

interface Glyphs {
  readonly ascent: number;
  readonly descent: number;
  readonly glyphs: ReadonlyMap<string, Glyph>;
}

const UNITS = 1000;
/** An empty frame, for characters that the font lacks. */
const MISSING: Glyph = { advance: 600, path: "M60 0V-714H540V0ZM110 -50H490V-664H110Z" };

let loaded: Glyphs | undefined;

function load(): Glyphs {
  if (loaded) return loaded;
  const text = readFileSync(new URL("../../fonts/label-glyphs.tsv", import.meta.url), "utf8");
  const [first = "", ...lines] = text.trimEnd().split(/\r?\n/u);
  const [, ascent, descent] = first.split("\t");
  const glyphs = new Map(
    lines.map((line) => {
      const [character = "", advance, path = ""] = line.split("\t");
      return [character, { advance: Number(advance), path }] as const;
    }),
  );
  loaded = { ascent: Number(ascent), descent: Number(descent), glyphs };
  return loaded;
}

function glyphOf(character: string): Glyph {
  const { glyphs } = load();
  const known = glyphs.get(character);
  if (known) return known;
  // If the font lacks an accented letter, the letter is drawn without the accent. An accent alone is left out.
  return /\p{M}/u.test(character)
    ? { advance: 0, path: "" }
    : (glyphs.get(character.normalize("NFD").slice(0, 1)) ?? MISSING);
}

/** Height of a line in pixels, from the highest letter to the lowest. */
export function lineHeight(size: number): number {
  const { ascent, descent } = load();
  return ((ascent + descent) * size) / UNITS;
}

/** Width of a text in pixels. */
export function textWidth(text: string, size: number): number {
  return (advanceOf(text) * size) / UNITS;
}

/** Width of a text in thousandths of the font's size. */
function advanceOf(text: string): number {
  let advance = 0;
  for (const character of text.normalize("NFC")) advance += glyphOf(character).advance;
  return advance;
}

/** SVG elements that draw the text. The top left corner of its line is at the given position. */
export function textPaths(text: string, size: number, { left, top }: { left: number; top: number }): string {
  const baseline = top + (load().ascent * size) / UNITS;
  const scale = size / UNITS;
  let x = left;
  const paths: string[] = [];
  for (const character of text.normalize("NFC")) {
    const { advance, path } = glyphOf(character);
    if (path !== "") paths.push(`<path transform="translate(${x} ${baseline}) scale(${scale})" d="${path}"/>`);
    x += advance * scale;
  }
  return paths.join("");
}

/** Breaks a text at blanks into lines no wider than `width`. A word that is wider than a line is broken too. */
export function wrapText(text: string, size: number, width: number): string[] {
  // Counts in whole units, so that sums have no rounding errors.
  const most = Math.floor((width * UNITS) / size + 1e-6);
  const blank = advanceOf(" ");
  const lines: string[] = [];
  let [line, used] = ["", 0];
  for (const word of text.split(/\s+/u).flatMap((one) => breakWord(one, most))) {
    const own = advanceOf(word);
    if (line !== "" && used + blank + own > most) {
      lines.push(line);
      [line, used] = ["", 0];
    }
    used += own + (line === "" ? 0 : blank);
    line += line === "" ? word : ` ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

function breakWord(word: string, most: number): string[] {
  const parts: string[] = [];
  let [part, used] = ["", 0];
  // Composed first, so that a letter and its accent are one character.
  for (const character of word.normalize("NFC")) {
    const own = glyphOf(character).advance;
    if (part !== "" && used + own > most) {
      parts.push(part);
      [part, used] = ["", 0];
    }
    used += own;
    part += character;
  }
  return part === "" ? parts : [...parts, part];
}
