/** @file A1111's pattern language for names of pictures and folders: `[token<argument>]` among plain text. */

/** What a token says when it has nothing to tell: the text before it goes too. */
export const SKIP = Symbol("skip");

/** A token's text from its arguments; `SKIP` drops the text before it, undefined leaves the token as it was written. */
export type FilenameToken = (...args: string[]) => string | number | typeof SKIP | undefined;

/** A1111's longest part of a name, in characters. */
const MAX_PART_CHARACTERS = 128;

/** Puts the tokens' texts into the pattern. A token that is not known stays, without its arguments, as in A1111. */
export function applyFilenamePattern(pattern: string, tokens: Readonly<Record<string, FilenameToken>>): string {
  let name = "";
  for (const [whole, text = "", inside] of pattern.matchAll(/(.*?)(?:\[([^[\]]+)\]|$)/gsu)) {
    if (whole === "") continue;
    if (inside === undefined) {
      name += text;
      continue;
    }
    const { token, args } = splitArguments(inside);
    const key = token.toLowerCase();
    const said = Object.hasOwn(tokens, key) ? tokens[key]!(...args) : undefined;
    if (said === SKIP) continue;
    name += text + (said === undefined ? `[${token}]` : String(said));
  }
  return name;
}

/** `datetime<%Y><UTC>` is `datetime` with two arguments. */
function splitArguments(inside: string): { token: string; args: string[] } {
  const args: string[] = [];
  let token = inside;
  for (;;) {
    const found = /^(.*)<([^>]*)>$/su.exec(token);
    if (!found) return { token, args };
    token = found[1]!;
    args.unshift(found[2]!);
  }
}

/** A text as part of a name: what file systems forbid becomes `_`, nothing leads or trails that Windows drops, 128 characters at most. */
export function sanitizeFilenamePart(text: string, { replaceSpaces }: { replaceSpaces: boolean }): string {
  const spaced = replaceSpaces ? text.replaceAll(" ", "_") : text;
  const allowed = spaced.replaceAll(/[#<>:"/\\|?*\n\r\t]/gu, "_").replace(/^ +/u, "");
  return Array.from(allowed)
    .slice(0, MAX_PART_CHARACTERS)
    .join("")
    .replace(/[ .]+$/u, "");
}

/** The longest name that common file systems take, in bytes, less what a number, a suffix and an ending need. */
const MAX_NAME_BYTES = 255 - 48;

/**
 * A filled-in pattern as folders and a name below the outputs folder. `/` and `\` part them; steps upwards, drives and names that Windows
 * reserves lead nowhere else.
 */
export function filenameParts(filled: string): string[] {
  return filled
    .split(/[/\\]/u)
    .map(safePart)
    .filter((part) => part !== "");
}

function safePart(part: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for.
  const allowed = part.replaceAll(/[<>:"|?*\u0000-\u001f]/gu, "_").trimStart();
  const cut = cutToBytes(allowed, MAX_NAME_BYTES).replace(/[ .]+$/u, "");
  return /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]) *(?:\.|$)/iu.test(cut) ? `_${cut}` : cut;
}

function cutToBytes(text: string, bytes: number): string {
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= bytes) return text;
  let cut = "";
  let used = 0;
  for (const letter of text) {
    used += encoder.encode(letter).length;
    if (used > bytes) return cut;
    cut += letter;
  }
  return cut;
}
