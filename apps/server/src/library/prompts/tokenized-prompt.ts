/** @file A prompt as the text encoder sees it: its tokens, the number of used places, the embeddings in it, and hints about likely mistakes. */
import { LexemeError, type ClipDialect } from "@lexeme/core";
import type { Tokenized } from "@lexeme/protocol";
import {
  CHUNK_LENGTH,
  chunkPrompt,
  EmbeddingIndex,
  END_TOKEN,
  findExtraNetworks,
  preparePrompt,
  promptSpans,
  type NamedEmbedding,
} from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { misspeltNames } from "./misspelt-names.ts";

/** The most steps of the page's slider, so that every text that the prompt has at some step is counted. */
const STEPS = 150;
/** Only the first variants of a prompt with thousands of variants are counted, because the user needs the answer while typing. */
const MAX_COUNTED_CHARACTERS = 500_000;

/** The limits of an answer, however long the prompt is: nobody reads more, and a page cannot draw more while the user types. */
const MAX_TOKENS = 1000;
const MAX_SPANS = 4000;
const MAX_HINTS = 200;

type Role = "positive" | "negative";

export interface TokenizeOptions {
  /** The embeddings whose names the text may use. */
  embeddings: readonly NamedEmbedding[];
  role?: Role;
  /** The dialect of the checkpoint's text encoder; SD 1.x if left out. */
  dialect?: ClipDialect;
}

/** Counts the longest text that the prompt has at any step, as A1111's counter does. */
export function tokenizePrompt(
  text: string,
  { embeddings, role = "positive", dialect = "clip" }: TokenizeOptions,
): Tokenized {
  const tokenizer = loadClipTokenizer(dialect);
  const tokens = tokenizer.tokens(text).map(({ id, text: shown }) => ({ id, text: shown }));
  const names = embeddings.map(({ name }) => name);
  const hints = [
    ...bracketHints(text),
    ...misspeltNames(text, { names, tokenizer }),
    ...(role === "positive" ? networkHints(text) : []),
  ];
  const index = new EmbeddingIndex(tokenizer, embeddings);
  let used = 0;
  let chunks: number[] = [];
  const found = new Set<string>();
  try {
    for (const variant of variantsOf(text, role)) {
      const chunked = chunkPrompt(tokenizer, variant, { embeddings: index });
      if (chunks.length === 0 || chunked.tokenCount > used) {
        used = chunked.tokenCount;
        chunks = chunked.chunks.map(({ ids }) => ids.indexOf(END_TOKEN) - 1);
      }
      for (const name of chunked.embeddings) found.add(name);
    }
  } catch (error) {
    if (!(error instanceof LexemeError)) throw error;
    // The prompt has an unreadable weight. While the user types, this is a hint and not an error.
    const culprit = error.details?.["text"] ?? error.details?.["name"];
    const position = typeof culprit === "string" ? Math.max(0, text.indexOf(culprit)) : 0;
    used = tokens.length;
    hints.push({ position, message: error.message, kind: "weight" });
  }
  const limit = Math.ceil(Math.max(used, 1) / CHUNK_LENGTH) * CHUNK_LENGTH;
  return {
    tokens: tokens.slice(0, MAX_TOKENS),
    used,
    limit,
    chunks: chunks.length === 0 ? [used] : chunks,
    spans: promptSpans(text, role).slice(0, MAX_SPANS),
    embeddings: [...found],
    hints: hints.toSorted((a, b) => a.position - b.position).slice(0, MAX_HINTS),
  };
}

/** The different texts that the prompt has at its steps. */
function variantsOf(text: string, role: Role): string[] {
  const { parts } = preparePrompt(text, { role, steps: STEPS });
  const variants = [...new Set(parts.flatMap(({ segments }) => segments.map((segment) => segment.text)))];
  let characters = 0;
  return variants.filter((variant, i) => {
    characters += variant.length;
    return i === 0 || characters <= MAX_COUNTED_CHARACTERS;
  });
}

/** Hints for `<lora:…>` and similar tags, which a drawing ignores. */
function networkHints(text: string): Tokenized["hints"] {
  return findExtraNetworks(text).map(({ position, kind, name }) => ({
    position,
    message: `<${kind}:${name}> is not supported: it is left out of the prompt and kept in the infotext`,
    kind: "network",
  }));
}

const PARTNER: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** Hints for brackets without a partner. They are allowed, and have the same effect as in A1111. */
function bracketHints(text: string): Tokenized["hints"] {
  const open: Record<string, number[]> = { "(": [], "[": [] };
  const hints: Tokenized["hints"] = [];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? "";
    if (letter === "\\") at++;
    else if (letter in open) open[letter]?.push(at);
    else if (letter in PARTNER && open[PARTNER[letter] ?? ""]?.pop() === undefined) {
      hints.push({
        position: at,
        message: `This ${letter} has no ${PARTNER[letter]} before it, so it is read as text`,
        kind: "bracket",
      });
    }
  }
  for (const [letter, positions] of Object.entries(open)) {
    for (const position of positions)
      hints.push({ position, message: `This ${letter} is never closed, so it reaches to the end`, kind: "bracket" });
  }
  return hints;
}
