/** @file Converts a prompt to the text encoder's input: chunks of 75 tokens with their weights, and the places of learned vectors. Follows A1111's rules, including a quirk. */
import { LexemeError } from "@lexeme/core";
import { END_TOKEN, START_TOKEN, type ClipTokenizer } from "./clip-tokenizer.ts";
import { EmbeddingIndex, type NamedEmbedding } from "./embedding-index.ts";
import { parsePromptWeights, type PromptSegment } from "./prompt-weights.ts";

/** Tokens of the prompt in each chunk. With start and end, the encoder reads 77 tokens. */
export const CHUNK_LENGTH = 75;

/** `,</w>` in CLIP's vocabulary. */
const COMMA_TOKEN = 267;
/** A1111's placeholder for a learned vector is id 0. If no vector replaces it, the encoder reads it as "!". */
const PLACEHOLDER_TOKEN = 0;
/** A1111's default for its setting `comma_padding_backtrack`. */
const DEFAULT_COMMA_BACKTRACK = 20;

/** One learned vector's place: `row` of the embedding replaces the token's row at `position` of the 77. */
export interface LearnedPosition {
  position: number;
  embedding: string;
  row: number;
}

export interface PromptChunk {
  /** 77 token ids: start, 75 of the prompt padded with end, end. For SD 2.x the padding is replaced when the ids are fed to its encoder. */
  ids: number[];
  /** 77 weights for the encoder's output; start, end and padding have 1. */
  multipliers: number[];
  learned: LearnedPosition[];
}

export interface ChunkedPrompt {
  /** At least one. */
  chunks: PromptChunk[];
  /** Names of the embeddings found, each once, in order of first use. */
  embeddings: string[];
  /** The number that A1111's counter shows: the tokens of all full chunks plus those in the last chunk. */
  tokenCount: number;
}

export interface ChunkOptions {
  /** The embeddings that the prompt may call by name: a list, or an index made once for many prompts. */
  embeddings?: readonly NamedEmbedding[] | EmbeddingIndex;
  /** The largest distance in tokens from a comma to the end of a full chunk at which the text after the comma moves to the next chunk. */
  commaBacktrack?: number;
  /** With false, brackets and BREAK are text, as in A1111's emphasis mode "None". */
  readWeights?: boolean;
}

/** Parses weights, finds embeddings and cuts into chunks. Throws as `parsePromptWeights` does, and `EMBEDDING_TOO_LONG_FOR_PROMPT`. */
export function chunkPrompt(tokenizer: ClipTokenizer, prompt: string, options: ChunkOptions = {}): ChunkedPrompt {
  const { embeddings = [], commaBacktrack = DEFAULT_COMMA_BACKTRACK, readWeights = true } = options;
  const index = embeddings instanceof EmbeddingIndex ? embeddings : new EmbeddingIndex(tokenizer, embeddings);
  const builder = new ChunkBuilder(commaBacktrack);
  for (const segment of readWeights ? parsePromptWeights(prompt) : [literal(prompt)]) {
    if (segment.kind === "break") {
      builder.closeChunk();
      continue;
    }
    const tokens = tokenizer.encode(segment.text);
    for (let at = 0; at < tokens.length;) {
      const token = tokens[at]!;
      builder.makeRoomFor(token);
      const found = index.findAt(tokens, at);
      if (found) builder.addEmbedding(found.embedding, segment.weight);
      else builder.addToken(token, segment.weight);
      at += found?.tokenCount ?? 1;
    }
  }
  return builder.finish();
}

/** The chunk of an empty prompt. Shorter prompts of a batch are padded with it. */
export function emptyChunk(): PromptChunk {
  return new OpenChunk().close();
}

function literal(text: string): PromptSegment {
  return { kind: "text", text, weight: 1 };
}

class OpenChunk {
  tokens: number[] = [];
  weights: number[] = [];
  learned: LearnedPosition[] = [];

  close(): PromptChunk {
    const padding = CHUNK_LENGTH - this.tokens.length;
    return {
      ids: [START_TOKEN, ...this.tokens, ...Array<number>(padding).fill(END_TOKEN), END_TOKEN],
      multipliers: [1, ...this.weights, ...Array<number>(padding).fill(1), 1],
      learned: this.learned,
    };
  }
}

class ChunkBuilder {
  readonly #commaBacktrack: number;
  readonly #closed: PromptChunk[] = [];
  readonly #used = new Set<string>();
  #open = new OpenChunk();
  /** Place of the last comma in the open chunk. */
  #lastComma: number | undefined;

  constructor(commaBacktrack: number) {
    this.#commaBacktrack = commaBacktrack;
  }

  closeChunk(): void {
    this.#closed.push(this.#open.close());
    this.#open = new OpenChunk();
    this.#lastComma = undefined;
  }

  /** Called before a token is added. Stores the place of a comma. If the chunk is full, starts the next chunk and moves the text after a near comma to it. */
  makeRoomFor(token: number): void {
    const { tokens, weights } = this.#open;
    const isFull = tokens.length === CHUNK_LENGTH;
    if (token === COMMA_TOKEN) this.#lastComma = tokens.length;
    else if (isFull && this.#lastComma !== undefined && tokens.length - this.#lastComma <= this.#commaBacktrack) {
      const keep = this.#lastComma + 1;
      const [movedTokens, movedWeights] = [tokens.splice(keep), weights.splice(keep)];
      // A1111's quirk, kept because pictures depend on it: learned vectors after the comma stay in the old chunk, on its padding,
      // and the new chunk keeps their placeholders unreplaced.
      this.closeChunk();
      this.#open.tokens = movedTokens;
      this.#open.weights = movedWeights;
    }
    if (this.#open.tokens.length === CHUNK_LENGTH) this.closeChunk();
  }

  addToken(token: number, weight: number): void {
    this.#open.tokens.push(token);
    this.#open.weights.push(weight);
  }

  /** All rows of an embedding must be in one chunk. If they do not fit, the next chunk is started. */
  addEmbedding({ name, vectors }: NamedEmbedding, weight: number): void {
    if (vectors > CHUNK_LENGTH) {
      throw new LexemeError(
        "EMBEDDING_TOO_LONG_FOR_PROMPT",
        `Cannot use embedding "${name}" in a prompt: it has ${vectors} vectors, and at most ${CHUNK_LENGTH} fit`,
        { details: { name, vectors } },
      );
    }
    if (this.#open.tokens.length + vectors > CHUNK_LENGTH) this.closeChunk();
    for (let row = 0; row < vectors; row++) {
      // The position is one more than the token's place, because the start token comes first.
      this.#open.learned.push({ position: this.#open.tokens.length + 1, embedding: name, row });
      this.addToken(PLACEHOLDER_TOKEN, weight);
    }
    this.#used.add(name);
  }

  finish(): ChunkedPrompt {
    const tokenCount = this.#closed.length * CHUNK_LENGTH + this.#open.tokens.length;
    if (this.#open.tokens.length > 0 || this.#closed.length === 0) this.closeChunk();
    return { chunks: this.#closed, embeddings: [...this.#used], tokenCount };
  }
}
