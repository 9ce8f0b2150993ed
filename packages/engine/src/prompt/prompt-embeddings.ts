/** @file Which embeddings a job's prompts call by name, loaded. */
import { LexemeError } from "@lexeme/core";
import { chunkPrompt, EmbeddingIndex, type ClipTokenizer, type NamedEmbedding } from "@lexeme/tokenizer";
import { listEmbeddings, loadEmbedding, type EmbeddingFile } from "../embeddings/embedding-folder.ts";
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
  /** An embedding in memory that stands for the file of its name: the one being trained. */
  readonly inMemory?: { readonly name: string; readonly count: number; readonly vectors: Float32Array };
}

/** Looks at the folder anew and loads what the prompts call. */
export async function loadPromptEmbeddings(
  prompts: readonly string[],
  options: PromptEmbeddingsOptions,
): Promise<PromptEmbeddings> {
  const { tokenizer, inMemory, readWeights = true } = options;
  const rows = new Map<string, Float32Array>();
  const hashes = new Map<string, string>();
  const counts = new Map<string, number>();
  const warnings: string[] = [];
  if (inMemory) rows.set(inMemory.name, inMemory.vectors);
  if (inMemory) counts.set(inMemory.name, inMemory.count);

  let files = (await listEmbeddings(options.folder)).filter(({ name }) => name !== inMemory?.name);
  for (;;) {
    const index = indexOf(tokenizer, files, counts);
    const used = new Set(
      prompts.flatMap((prompt) => chunkPrompt(tokenizer, prompt, { embeddings: index, readWeights }).embeddings),
    );
    const missing = firstPerName(files).filter(({ name }) => used.has(name) && !rows.has(name));
    if (missing.length === 0) return { index, rows, hashes, warnings };
    for (const file of missing) {
      try {
        const { vectors, count, shortHash } = await loadEmbedding(file, options);
        rows.set(file.name, vectors);
        counts.set(file.name, count);
        hashes.set(file.name, shortHash);
      } catch (cause) {
        if (!(cause instanceof LexemeError)) throw cause;
        warnings.push(`${cause.message}; it was left out`);
        // What it covered may now be another embedding's shorter name: look again without it.
        files = files.filter(({ path }) => path !== file.path);
      }
    }
  }
}

/** Until an embedding is loaded its number of vectors is unknown; for finding names any will do. */
function indexOf(
  tokenizer: ClipTokenizer,
  files: readonly EmbeddingFile[],
  counts: ReadonlyMap<string, number>,
): EmbeddingIndex {
  const names = new Set([...counts.keys(), ...files.map(({ name }) => name)]);
  const named: NamedEmbedding[] = [...names].map((name) => ({ name, vectors: counts.get(name) ?? 1 }));
  return new EmbeddingIndex(tokenizer, named);
}

function firstPerName(files: readonly EmbeddingFile[]): EmbeddingFile[] {
  return files.filter(({ name }, i) => files.findIndex((other) => other.name === name) === i);
}
