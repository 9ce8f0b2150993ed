/** @file Which embeddings a job's prompts call by name, loaded. */
import { LexemeError } from "@lexeme/core";
import { EmbeddingFolder, registeredWords, type EmbeddingEntry } from "@lexeme/data-folder";
import { chunkPrompt, EmbeddingIndex, type ClipTokenizer, type NamedEmbedding } from "@lexeme/tokenizer";
import type { LearnedRows } from "./text-feeds.ts";

export interface PromptEmbeddings {
  /** For `chunkPrompt`: the embeddings that can be used. */
  readonly index: EmbeddingIndex;
  /** Rows of those that the prompts call. */
  readonly rows: LearnedRows;
  /** 12-digit hashes of those that lie in files. */
  readonly hashes: ReadonlyMap<string, string>;
  /** One sentence for each that is called and cannot be used: its name stays plain words, as in A1111. */
  readonly warnings: readonly string[];
}

export interface PromptEmbeddingsOptions {
  readonly tokenizer: ClipTokenizer;
  readonly folder: string;
  readonly textWidth: number;
  readonly modelName: string;
  /** As `chunkPrompt` takes it. */
  readonly readWeights?: boolean;
  /** An embedding in memory that stands for the file of its name: the one being trained, or a copy of its training. */
  readonly inMemory?: {
    readonly name: string;
    readonly count: number;
    readonly vectors: Float32Array;
    /** Of its file, for the infotext. */
    readonly shortHash?: string;
  };
}

/** Looks at the folder anew and loads what the prompts call. */
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
        // What it covered may now be another embedding's shorter name: look again without it.
        callable = callable.filter((other) => other !== entry);
      }
    }
  }
}

/** Those that can be used, one a name as A1111 has it; and after them, to be named when they are called, those that cannot. */
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
  // For finding the name of one that cannot be read any number will do.
  const listed = entries.map(({ name, facts }): NamedEmbedding => ({ name, vectors: facts?.count ?? 1 }));
  const first = inMemory ? [{ name: inMemory.name, vectors: inMemory.count }] : [];
  return new EmbeddingIndex(tokenizer, [...first, ...listed]);
}
