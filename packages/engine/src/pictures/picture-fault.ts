/** @file The reason why a picture could not be read, as a text for the user. */

/** The decoder's first complaint, as a clause. */
export function pictureFault(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/unsupported image format|bad extension/i.test(message))
    return "it is not a picture, or of a kind that cannot be read";
  if (/ENOENT|EACCES|EISDIR/.test(message)) return "the file cannot be opened";
  const [first = ""] = message.split("\n").filter((line) => line.trim() !== "");
  return `it is damaged (${first.trim().slice(0, 120)})`;
}
