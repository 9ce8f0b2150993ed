/** @file Which names a file can have on every operating system. */

/** Windows refuses these characters; `/` and `\` would lead to another folder. */
export const REFUSED_IN_FILE_NAMES = /[<>:"/\\|?*\p{Cc}]/gu;

/** Names that Windows reserves for devices, with any ending: `con`, `con.txt`, `lpt1`. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]) *(?:\.|$)/iu;

/** The most bytes of a name in UTF-8. File systems allow 255, and a step and an ending are added to the name. */
export const MAX_FILE_NAME_BYTES = 200;

export function isDeviceName(name: string): boolean {
  return DEVICE.test(name);
}

/** The beginning of the text that has at most `maxBytes` bytes in UTF-8. No character is divided. */
export function cutToBytes(text: string, maxBytes: number): string {
  let end = 0;
  let bytes = 0;
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > maxBytes) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

function bytesOf(character: string): number {
  const code = character.codePointAt(0)!;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_00_00 ? 3 : 4;
}

/** Why a new file cannot have this name on every operating system, as a sentence; undefined if it can. */
export function fileNameFault(name: string): string | undefined {
  if (name.startsWith(".")) return "A name cannot begin with a dot";
  if (/[. ]$/u.test(name)) return "A name cannot end with a dot or a space: Windows drops them";
  if (isDeviceName(name)) return `Windows keeps "${name}" for a device: choose another name`;
  if (cutToBytes(name, MAX_FILE_NAME_BYTES) !== name)
    return `A name has at most ${MAX_FILE_NAME_BYTES} bytes, as ${Math.floor(MAX_FILE_NAME_BYTES / 3)} Chinese characters have: choose a shorter name`;
  return undefined;
}
