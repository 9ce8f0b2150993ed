/** @file Parts of the titles that jobs have in lists. */

/** A prompt on one line, shortened to 60 characters. */
export function promptTitle(text: string): string {
  const prompt = text.trim().replaceAll(/\s+/g, " ");
  return prompt === "" ? "Picture without a prompt" : prompt.length > 60 ? `${prompt.slice(0, 59)}…` : prompt;
}

/** The last part of a folder's path. */
export function folderTitle(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}
