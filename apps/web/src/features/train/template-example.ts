/** @file What a training prompt will really say: a template's line filled in for a real picture. */

/** `[filewords]` first, then `[name]`, everywhere they stand: A1111's order, so a caption that says [name] works too. */
export function fillTemplateLine(line: string, words: { name: string; caption: string }): string {
  return line.split("[filewords]").join(words.caption).split("[name]").join(words.name);
}
