/** @file The newest preview of each embedding's own training: a file that no run wrote has none, whatever its name. */
import { LexemeError } from "@lexeme/core";
import { FileFacts, type EmbeddingFolder, type EmbeddingEntry, type RunFolder } from "@lexeme/data-folder";
import { wordOfName } from "@lexeme/domain/libraries";
import type { RunLibrary } from "./run-library.ts";

export class TrainingPreviews {
  readonly #runs: RunLibrary;
  readonly #folder: EmbeddingFolder;
  /** By `placeOfEntry`; forgotten when the file or a run of its name changes. */
  readonly #known = new FileFacts<string | null>();

  constructor(runs: RunLibrary, folder: EmbeddingFolder) {
    this.#runs = runs;
    this.#folder = folder;
  }

  /** The paths of the newest previews of those of these entries that have one, by `placeOfEntry`. The folders of runs are read once for all. */
  async ofAll(entries: readonly EmbeddingEntry[]): Promise<ReadonlyMap<string, string>> {
    const byWord = new Map<string, RunFolder[]>();
    for (const run of await this.#runs.folders().catch(withoutRuns)) {
      const word = wordOfName(run.embeddingName);
      byWord.set(word, [...(byWord.get(word) ?? []), run]);
    }
    this.#known.keepOnly(entries.map(placeOfEntry));
    const found = new Map<string, string>();
    for (const entry of entries) {
      const preview = await this.#newest(entry, byWord.get(wordOfName(entry.name)) ?? []);
      if (preview !== null) found.set(placeOfEntry(entry), preview);
    }
    return found;
  }

  /** The path of the newest preview; null if there is none. */
  async of(entry: EmbeddingEntry): Promise<string | null> {
    return this.#newest(entry, await this.#runs.folders(entry.name).catch(withoutRuns));
  }

  async #newest(entry: EmbeddingEntry, folders: readonly RunFolder[]): Promise<string | null> {
    const found = await Promise.all(folders.map((folder) => folder.facts().catch(withoutRuns)));
    const runs = found.flat();
    if (runs.every(({ previews }) => previews.length === 0)) return null;
    const { sizeBytes, modifiedAt } = entry;
    const files = runs.map(({ folder, copies, previews }) => [folder, copies.length, previews.at(-1)?.path]);
    const version = JSON.stringify([sizeBytes, modifiedAt, files]);
    // A failure that is over at the next request must not be remembered.
    return this.#known
      .of({ path: placeOfEntry(entry), version }, () => this.#read(entry, folders))
      .catch(withoutPreview);
  }

  async #read(entry: EmbeddingEntry, folders: readonly RunFolder[]): Promise<string | null> {
    const { step, vectors } = await this.#folder.load(entry);
    const file = { step, vectors, modifiedAt: entry.modifiedAt };
    const { runs, own } = await this.#runs.ownersOf(folders, { file, running: new Set() });
    const shown = runs.findLast(({ folder, previews }) => own.has(folder) && previews.length > 0);
    return shown?.previews.at(-1)?.path ?? null;
  }
}

/** The file, and the embedding's key inside it: a file may hold several. */
export function placeOfEntry({ path, key }: { path: string; key?: string | null | undefined }): string {
  return `${path}\0${key ?? ""}`;
}

/** Previews are optional: an unreadable run must not hide the embeddings. */
function withoutRuns(error: unknown): [] {
  if (error instanceof LexemeError) return [];
  throw error;
}

function withoutPreview(error: unknown): null {
  withoutRuns(error);
  return null;
}
