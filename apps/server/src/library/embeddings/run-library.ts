/** @file The runs of all embeddings as a list that pages show, and the history of each embedding. */
import {
  EmbeddingHistories,
  RunFolders,
  type EmbeddingHistory,
  type EmbeddingState,
  type PresentEmbedding,
} from "@lexeme/data-folder";
import type { ListedLibrary } from "../listed-library.ts";

/** A training on a small checkpoint writes several files a second; one notice a second is enough. */
const QUIET_MS = 1000;

export class RunLibrary extends RunFolders implements ListedLibrary {
  /** Trainings report the files that they write. Hundreds of old runs of A1111, which never change, would need a watch for each folder. */
  readonly watched = [];
  readonly #histories: EmbeddingHistories;
  readonly #tell: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: string, tell: () => void) {
    super(folder);
    this.#histories = new EmbeddingHistories(this);
    this.#tell = tell;
  }

  changed(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, QUIET_MS).unref();
  }

  /** The runs of an embedding's name, and which of them belong to the embedding that has the name now. Throws LexemeError `FILE_UNREADABLE`. */
  async historyOf(embedding: string, present: PresentEmbedding): Promise<EmbeddingHistory> {
    return this.#histories.of(embedding, present);
  }

  /** The embedding and the step of a training that reached these vectors, under any name; null for untrained vectors. Throws the errors of `list`. */
  async origin(state: EmbeddingState): Promise<{ embedding: string; step: number } | null> {
    if (state.step === 0) return null;
    const copy = await this.findCopy(undefined, state);
    return copy === undefined ? null : { embedding: copy.embedding, step: copy.step };
  }
}
