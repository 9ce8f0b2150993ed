/** @file The weight of one embedding in a prompt: `(name:1.2)`. */

/** Whether the prompt holds the name as a word of its own, case aside. */
export function mentionsEmbedding(prompt: string, name: string): boolean {
  return nameIn(name).test(prompt);
}

/** Every mention of the embedding with that weight: a weight that it has by itself is replaced, brackets around more than it stay. */
export function withEmbeddingWeight(prompt: string, name: string, weight: number): string {
  const bare = prompt.replaceAll(weightedIn(name), "$1");
  // Never as 1e-7: the grammar knows digits and a point.
  const written = weight.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 });
  return bare.replaceAll(new RegExp(nameIn(name).source, "giu"), (found) => `(${found}:${written})`);
}

/** Letters, digits and `_` before or behind would make another word of it. */
function nameIn(name: string): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])${escaped(name)}(?![\p{L}\p{N}_])`, "iu");
}

/** `(name:1.2)`, blanks allowed where A1111's grammar allows them. */
function weightedIn(name: string): RegExp {
  return new RegExp(String.raw`(?<!\\)\(\s*(${escaped(name)})\s*:\s*[+-]?[.\d]+\s*\)`, "giu");
}

function escaped(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
}
