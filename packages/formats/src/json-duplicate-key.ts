/** @file Finds a key that occurs twice in an object of a JSON text; `JSON.parse` would silently keep the last. */

/** The first key found twice within one object, or undefined. `json` must be a text that `JSON.parse` accepts. */
export function duplicateKey(json: string): string | undefined {
  /** One entry for each open bracket: the keys so far in an object, or undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let keyMayFollow = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') {
      const end = stringEnd(json, at);
      const keys = open.at(-1);
      if (keyMayFollow && keys !== undefined) {
        const key = String(JSON.parse(json.slice(at, end)));
        if (keys.has(key)) return key;
        keys.add(key);
        keyMayFollow = false;
      }
      at = end - 1;
    } else if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : undefined);
      keyMayFollow = character === "{";
    } else if (character === "}" || character === "]") {
      open.pop();
    } else if (character === ",") {
      keyMayFollow = open.at(-1) !== undefined;
    }
  }
  return undefined;
}

/** Position after the closing quote of the string that opens at `start`. */
function stringEnd(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}
