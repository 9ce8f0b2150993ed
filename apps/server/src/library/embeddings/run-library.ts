/** @file The runs of all embeddings as a list that pages show, and the history of each embedding. */
import {
  EmbeddingHistories,
  FileFacts,
  RunFolders,
  type EmbeddingHistory,
  type PresentEmbedding,
  type RunFolder,
} from "@lexeme/data-folder";
import type { ListedLibrary } from "../listed-library.ts";

/** A training on a small checkpoint writes several files a second; one notice a second is enough. */
const QUIET_MS = 1000;

/** The embedding and the step of a training. */
interface Origin {
  readonly embedding: string;
  readonly step: number;
}

export class RunLibrary extends RunFolders implements ListedLibrary {
  /** Trainings report the files that they write. Hundreds of old runs of A1111, which never change, would need a watch for each folder. */
  readonly watched = [];
  readonly #histories: EmbeddingHistories;
  /** By the embedding's name; a page asks once a second while any embedding trains. */
  readonly #origins = new FileFacts<Origin | null>();
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

  /** The runs of a renamed embedding have its new name. */
  renamed(): void {
    this.#origins.keepOnly([]);
    this.changed();
  }

  /** The runs of an embedding's name, and which of them belong to the embedding that has the name now. Throws LexemeError `FILE_UNREADABLE`. */
  async historyOf(embedding: string, present: PresentEmbedding): Promise<EmbeddingHistory> {
    return this.#histories.of(embedding, present);
  }

  /** The history of the embedding whose name these runs have, without the losses. Throws LexemeError `FILE_UNREADABLE`. */
  async ownersOf(folders: readonly RunFolder[], present: PresentEmbedding) {
    return this.#histories.withoutLosses(folders, present);
  }

  /**
   * The training that reached the vectors of the embedding `name`, under any name; null for untrained vectors. It is searched for once for each
   * version of the file. Throws the errors of `list`.
   */
  async origin(name: string, file: NonNullable<PresentEmbedding["file"]>): Promise<Origin | null> {
    if (file.step === 0) return null;
    const version = `${file.step}:${file.modifiedAt}:${file.vectors.length}`;
    return this.#origins.of({ path: name, version }, async () => {
      const copy = await this.findCopy(undefined, file);
      return copy === undefined ? null : { embedding: copy.embedding, step: copy.step };
    });
  }
}
