/** @file Sets the weight of one embedding in a prompt: `(name:1.2)`. */

/** Whether the prompt holds the name as a separate word, in upper or lower case. */
export function mentionsEmbedding(prompt: string, name: string): boolean {
  return nameIn(name).test(prompt);
}

/** Gives this weight to every mention of the embedding. A weight of the name alone is replaced; brackets around more text stay. */
export function withEmbeddingWeight(prompt: string, name: string, weight: number): string {
  const bare = prompt.replaceAll(weightedIn(name), "$1");
  // Never as 1e-7: the grammar only has digits and a point.
  const written = weight.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 });
  return bare.replaceAll(new RegExp(nameIn(name).source, "giu"), (found) => `(${found}:${written})`);
}

/** The name without a letter, digit or `_` before or after it, which would make it part of another word. */
function nameIn(name: string): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{M}\p{N}_])${escaped(name)}(?![\p{L}\p{M}\p{N}_])`, "iu");
}

/** `(name:1.2)`, with blanks where A1111's grammar allows them. */
function weightedIn(name: string): RegExp {
  return new RegExp(String.raw`(?<!\\)\(\s*(${escaped(name)})\s*:\s*[+-]?[.\d]+\s*\)`, "giu");
}

function escaped(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
}
