/** @file Loads the embeddings that a job's prompts call by name. */
import { LexemeError } from "@lexeme/core";
import { EmbeddingFolder, registeredWords, type EmbeddingEntry } from "@lexeme/data-folder";
import { chunkPrompt, EmbeddingIndex, type ClipTokenizer, type NamedEmbedding } from "@lexeme/tokenizer";
import type { LearnedRows } from "./text-feeds.ts";

export interface PromptEmbeddings {
  /** The embeddings that can be used, for `chunkPrompt`. */
  readonly index: EmbeddingIndex;
  /** Rows of the embeddings that the prompts call. */
  readonly rows: LearnedRows;
  /** 12-digit hashes of the embeddings from files. */
  readonly hashes: ReadonlyMap<string, string>;
  /** One sentence for each called embedding that cannot be used: its name stays plain words, as in A1111. */
  readonly warnings: readonly string[];
}

export interface PromptEmbeddingsOptions {
  readonly tokenizer: ClipTokenizer;
  readonly folder: string;
  readonly textWidth: number;
  readonly modelName: string;
  /** Passed on to `chunkPrompt`. */
  readonly readWeights?: boolean;
  /** An embedding in memory that replaces the file with its name: the embedding in training, or a training copy. */
  readonly inMemory?: {
    readonly name: string;
    readonly count: number;
    readonly vectors: Float32Array;
    /** The hash of its file, for the infotext. */
    readonly shortHash?: string;
  };
}

/** Reads the folder again and loads the embeddings that the prompts call. */
export async function loadPromptEmbeddings(
  prompts: readonly string[],
  options: PromptEmbeddingsOptions,
): Promise<PromptEmbeddings> {
  const { tokenizer, inMemory, readWeights = true } = options;
  const rows = new Map<string, Float32Array>();
  const hashes = new Map<string, string>();
  const warnings: string[] = [];
  if (inMemory) rows.set(inMemory.name, inMemory.vectors);
  if (inMemory?.shortHash !== undefined) hashes.set(inMemory.name, inMemory.shortHash);

  const folder = EmbeddingFolder.at(options.folder);
  const listed = (await folder.scan()).filter(({ name }) => name !== inMemory?.name);
  let callable = callableWords(listed, options.textWidth);
  for (;;) {
    const index = indexOf(callable, options);
    const used = new Set(
      prompts.flatMap((prompt) => chunkPrompt(tokenizer, prompt, { embeddings: index, readWeights }).embeddings),
    );
    const missing = callable.filter(({ name }) => used.has(name) && !rows.has(name));
    if (missing.length === 0) return { index, rows, hashes, warnings };
    for (const entry of missing) {
      try {
        const { vectors, shortHash } = await folder.load(entry, options);
        rows.set(entry.name, vectors);
        hashes.set(entry.name, shortHash);
      } catch (cause) {
        if (!(cause instanceof LexemeError)) throw cause;
        warnings.push(`${cause.message}; it was left out`);
        // Without this name, the prompt may call another embedding with a shorter name: search again.
        callable = callable.filter((other) => other !== entry);
      }
    }
  }
}

/** The usable embeddings, one for each name as in A1111; then the other embeddings, so that a warning can name them if a prompt calls them. */
function callableWords(listed: readonly EmbeddingEntry[], textWidth: number): EmbeddingEntry[] {
  const words = registeredWords(listed, ({ facts }) => facts?.width === textWidth);
  const names = new Set(words.map(({ name }) => name));
  const rest = listed.filter(({ name }) => !names.has(name));
  return [...words, ...new Map(rest.map((entry) => [entry.name, entry])).values()];
}

function indexOf(
  entries: readonly EmbeddingEntry[],
  { tokenizer, inMemory }: Pick<PromptEmbeddingsOptions, "tokenizer" | "inMemory">,
): EmbeddingIndex {
  // For an embedding that cannot be read any number of vectors is enough to find its name.
  const listed = entries.map(({ name, facts }): NamedEmbedding => ({ name, vectors: facts?.count ?? 1 }));
  const first = inMemory ? [{ name: inMemory.name, vectors: inMemory.count }] : [];
  return new EmbeddingIndex(tokenizer, [...first, ...listed]);
}
