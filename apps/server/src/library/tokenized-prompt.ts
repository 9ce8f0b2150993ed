/** @file A prompt as the text encoder sees it: tokens, room used, embeddings found, and hints about what looks like a slip. */
import { LexemeError } from "@lexeme/core";
import type { Tokenized } from "@lexeme/protocol";
import { CHUNK_LENGTH, chunkPrompt, countPromptTokens, type NamedEmbedding } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";

export function tokenizePrompt(text: string, embeddings: readonly NamedEmbedding[]): Tokenized {
  const tokenizer = loadClipTokenizer();
  const tokens = tokenizer.tokens(text).map(({ id, text: shown }) => ({ id, text: shown }));
  const hints = bracketHints(text);
  try {
    const { used, limit } = countPromptTokens(tokenizer, text, { embeddings });
    return { tokens, used, limit, embeddings: chunkPrompt(tokenizer, text, { embeddings }).embeddings, hints };
  } catch (error) {
    if (!(error instanceof LexemeError)) throw error;
    // A weight that cannot be read: while it is being typed that is no fault, only something to point at.
    const position = Number(error.details?.["position"] ?? 0);
    const limit = Math.ceil(Math.max(tokens.length, 1) / CHUNK_LENGTH) * CHUNK_LENGTH;
    return {
      tokens,
      used: tokens.length,
      limit,
      embeddings: [],
      hints: [...hints, { position, message: error.message }],
    };
  }
}

const PARTNER: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** Brackets without a partner. They are allowed, and do what A1111 does with them. */
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
      });
    }
  }
  for (const [letter, positions] of Object.entries(open)) {
    for (const position of positions)
      hints.push({ position, message: `This ${letter} is never closed, so it reaches to the end` });
  }
  return hints.toSorted((a, b) => a.position - b.position);
}
