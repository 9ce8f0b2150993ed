/** @file Text as a database, a file and another program can take it. */

/** U+0000, which PostgreSQL's texts cannot hold, and halves of a surrogate pair, which UTF-8 cannot. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

/** The text without U+0000, as A1111 drops it, and with U+FFFD for each surrogate that has lost its other half. */
export function storableText(text: string): string {
  return text.replaceAll(UNSTORABLE, (character) => (character === "\0" ? "" : "\uFFFD"));
}
