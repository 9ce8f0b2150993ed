/** @file The embeddings folder: lists, creates, combines, renames, deletes and exports embeddings, and puts a training's copy in place. */
import { LexemeError, codeOf, withField } from "@lexeme/core";
import { basename, dirname, extname, join } from "node:path";
import {
  inTurn,
  EmbeddingFolder,
  type Bin,
  encodeEmbedding,
  findEmbedding,
  isOnlyWord,
  loadEmbeddingFile,
  readPictureFile,
  readWholeFile,
  requireFileName,
  trainedFile,
  type EmbeddingEntry,
  type EmbeddingRef,
  type LoadedEmbedding,
  type PresentEmbedding,
} from "@lexeme/data-folder";
import type { TextualInversionToWrite } from "@lexeme/formats";
import { writeEmbeddingCard } from "@lexeme/formats/node";
import {
  embeddingFormatOf,
  isPictureFormat,
  isSameWord,
  writtenFormatFor,
  type ExportFormat,
  type WrittenFormat,
} from "@lexeme/domain/libraries";
import type { CreateEmbeddingSettings, MergeEmbeddings, PruneEmbedding } from "@lexeme/domain/settings";
import type { Checkpoint, Embedding } from "@lexeme/protocol";

import type { CheckpointLibrary } from "../models/checkpoints.ts";
import { mergeEmbeddings, pruneEmbedding } from "./embedding-combining.ts";
import { initialVectors } from "./embedding-creation.ts";
import { moveIn, onlyWordOf, type StagedEmbedding } from "./embedding-import.ts";
import { describeEmbeddings, isSameEntry } from "./embedding-listing.ts";
import { renameEmbedding } from "./embedding-renaming.ts";
import { fileTaken, nameTaken, replaceEmbedding, requireVectors, type Replacement } from "./embedding-replacing.ts";
import type { RunLibrary } from "./run-library.ts";
import { placeOfEntry, TrainingPreviews } from "./training-previews.ts";
import { unlessRefused } from "./unless-refused.ts";
import type { ListedLibrary, WatchedFolder } from "../listed-library.ts";

export interface EmbeddingSources {
  folder: string;
  /** The note of a renaming that is under way. */
  renaming: string;
  checkpoints: CheckpointLibrary;
  runs: RunLibrary;
  bin: Bin;
  /** Called when the list has changed. */
  changed: () => void;
}

/** What the user chose for an imported file: another name, or to replace the embedding of that name. */
export interface ImportChoice {
  readonly name?: string | undefined;
  readonly overwriteOld: boolean;
}

/** The name and file format of a new embedding. An action that never replaces has no `overwriteOld`. */
type Target = Pick<CreateEmbeddingSettings, "name" | "fileFormat"> & { overwriteOld?: boolean };

type MakeEmbedding = () => Promise<Omit<TextualInversionToWrite, "name">>;

export class EmbeddingLibrary implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  readonly changed: () => void;
  readonly #sources: EmbeddingSources;
  readonly #folder: EmbeddingFolder;
  readonly #previews: TrainingPreviews;

  constructor(sources: EmbeddingSources) {
    this.#sources = sources;
    this.watched = [{ path: sources.folder, depth: 8 }];
    this.changed = sources.changed;
    this.#folder = EmbeddingFolder.at(sources.folder);
    this.#previews = new TrainingPreviews(sources.runs, this.#folder);
  }

  /** All embeddings by name. An embedding that does not fit `checkpointName` (null: the chosen checkpoint) has the reason. */
  async list(checkpointName: string | null = null): Promise<Embedding[]> {
    const { entries, checkpoint } = await this.#read(checkpointName);
    const embeddings = await describeEmbeddings(entries, checkpoint);
    const pictured = new Set(embeddings.filter(({ previewPath }) => previewPath !== null).map(placeOfEntry));
    const previews = await this.#previews.ofAll(entries.filter((entry) => !pictured.has(placeOfEntry(entry))));
    return embeddings.map((one) => ({
      ...one,
      previewPath: one.previewPath ?? previews.get(placeOfEntry(one)) ?? null,
    }));
  }

  /** Names and vector counts of the embeddings that a prompt can use with the chosen checkpoint. Pages ask for them while a prompt is typed. */
  async named(): Promise<{ name: string; vectors: number }[]> {
    const usable = (await this.#listWithoutRuns()).filter(isUsable);
    return usable.map(({ name, vectors }) => ({ name, vectors }));
  }

  /** Throws LexemeError `EMBEDDING_MISSING`. */
  async require(ref: EmbeddingRef): Promise<Embedding> {
    const { found, entry } = await this.#find(ref);
    return { ...found, previewPath: found.previewPath ?? (await this.#previews.of(entry)) };
  }

  /** The embedding, checked against a checkpoint. Throws LexemeError `EMBEDDING_MISSING`, `EMBEDDING_MISFIT`. */
  async requireFitting(ref: EmbeddingRef, checkpoint: Checkpoint): Promise<Embedding> {
    const { found } = await this.#find(ref, checkpoint.name);
    if (found.misfitReason === null) return found;
    throw new LexemeError("EMBEDDING_MISFIT", `The embedding "${ref.name}" cannot be used: ${found.misfitReason}`, {
      details: { field: ref.field ?? "name" },
    });
  }

  /**
   * Throws the errors of `requireIdle` for a name whose training would be disturbed: of an embedding that is overwritten, and of one whose file is gone
   * while a training from a copy goes on, which writes the file at its end.
   */
  async requireUntrained(
    { name, overwriteOld }: Omit<Target, "fileFormat">,
    { requireIdle }: { requireIdle: (name: string) => Promise<void> },
  ): Promise<void> {
    if (overwriteOld || (await this.#entriesNamed(name)).length === 0) await requireIdle(name);
  }

  /** Throws the errors of `trainedFile`, the file that a training of the embedding writes. */
  async requireTrainable({ name, path, format }: Embedding, fileFormat: WrittenFormat | null): Promise<void> {
    trainedFile(
      { name, from: { path, format }, fileFormat },
      { entries: await this.#scan(), embeddingsDir: this.#sources.folder },
    );
  }

  /** Throws LexemeError `EMBEDDING_EXISTS` with `details.field` if an embedding of any format has the name. */
  async create(settings: CreateEmbeddingSettings): Promise<Embedding> {
    return this.#save(settings, "Create Embedding", async () => {
      const checkpoint = await this.#sources.checkpoints.require(settings.checkpoint);
      const initial = await initialVectors(checkpoint.path, settings.initText, settings.numVectorsPerToken);
      // A1111 leaves the checkpoint's name empty until the first training.
      return { ...initial, step: 0, sdCheckpoint: undefined, sdCheckpointName: undefined };
    });
  }

  /** Throws the errors of `create`, and `EMBEDDING_MISFIT` if the parts cannot be merged by this method. */
  async merge(settings: MergeEmbeddings): Promise<Embedding> {
    return this.#save(settings, "the notebook", async () => {
      const parts = await Promise.all(
        settings.parts.map(async ({ name, path, weight }) => {
          return { name, weight, embedding: await this.#load({ name, path, field: "parts" }) };
        }),
      );
      return mergeEmbeddings(parts, settings.method);
    });
  }

  /** Throws the errors of `create`, and `EMBEDDING_MISFIT` for a vector that does not exist. */
  async prune(name: string, settings: PruneEmbedding): Promise<Embedding> {
    return this.#save(settings, "the notebook", async () => {
      const embedding = await this.#load({ name, path: settings.path });
      return pruneEmbedding(name, embedding, settings.keep);
    });
  }

  /** Makes a second embedding with the same vectors and steps. Throws the errors of `create`. */
  async copy(ref: EmbeddingRef, name: string): Promise<Embedding> {
    const { format, path } = await this.require(ref);
    const target = { name, fileFormat: writtenFormatFor(format) };
    return this.#save(target, "a copy", () => this.#load({ name: ref.name, path }));
  }

  /**
   * Takes a file in and returns its words. A free name keeps the file as it is; with another `name`, or in place of an embedding, its word is written
   * in a format that Lexeme writes. Throws LexemeError `EMBEDDING_EXISTS` with `details.name` if a word exists already, and the errors of the writers.
   */
  async import(staged: StagedEmbedding, { name, overwriteOld }: ImportChoice): Promise<Embedding[]> {
    return this.#inTurn(async () => {
      for (const word of staged.words)
        if (name === undefined) await this.#requireFree({ name: word.name, overwriteOld });
      const isTaken = async (word: EmbeddingEntry) => (await this.#entriesNamed(word.name)).length > 0;
      const taken = await Promise.all(staged.words.map(isTaken));
      if (name !== undefined || taken.includes(true)) {
        const word = await onlyWordOf(staged);
        const fileFormat = writtenFormatFor(embeddingFormatOf(staged.file));
        const target = { name: name ?? word.name, overwriteOld, fileFormat };
        return [await this.#saveNow(target, "an added file", () => Promise.resolve(word))];
      }
      const path = await moveIn(staged, this.#sources.folder);
      this.changed();
      return (await this.#listWithoutRuns()).filter((one) => one.path === path);
    });
  }

  /** Throws LexemeError `EMBEDDING_EXISTS`, and `EMBEDDING_NOT_RENAMABLE` if the embedding's name is not the file's name. */
  async rename(ref: EmbeddingRef, newName: string): Promise<Embedding> {
    return this.#inTurn(async () => {
      const { name, path, key, format } = await this.require(ref);
      if (newName === name) return this.require({ name, path });
      if (key !== null || isPictureFormat(format)) {
        const why = key === null ? "is named inside its picture" : `is one of several words in "${basename(path)}"`;
        const message = `"${name}" ${why} and cannot be renamed there: keep all of its vectors under a new name instead`;
        throw new LexemeError("EMBEDDING_NOT_RENAMABLE", message, { details: { field: "name" } });
      }
      const taken = (await this.#entriesNamed(newName)).filter((other) => other.path !== path);
      if (taken.length > 0) throw nameTaken(newName, taken, { mayReplace: false });
      const renamed = join(dirname(path), `${newName}${extname(path)}`);
      await renameEmbedding({ from: path, to: renamed }, { note: this.#sources.renaming, runs: this.#sources.runs });
      this.changed();
      return this.require({ name: newName, path: renamed });
    });
  }

  /** Moves the embedding's file to the bin, or every file of that name if `ref` has no path. The returned token restores the files. */
  async discard(ref: EmbeddingRef): Promise<string> {
    return this.#inTurn(async () => {
      const token = await this.#sources.bin.discard(await this.#filesOf(ref));
      this.changed();
      return token;
    });
  }

  /** The names of all words that `discard` takes away: a file may hold others besides this embedding. */
  async wordsDiscarded(ref: EmbeddingRef): Promise<string[]> {
    const files = await this.#filesOf(ref);
    return (await this.#scan()).filter(({ path }) => files.includes(path)).map(({ name }) => name);
  }

  /** The embedding's bytes in `format`; the bytes of its file if that file has this format and holds no other embedding. */
  async export(ref: EmbeddingRef, format: ExportFormat, picture?: string): Promise<Uint8Array> {
    const { name, path, key, format: own, previewPath } = await this.require(ref);
    if (own === format && key === null && picture === undefined) return readWholeFile(path);
    const embedding = { ...(await this.#load({ name, path })), name };
    if (format !== "png") return encodeEmbedding(embedding, format);
    const shown = picture ?? previewPath;
    const bytes = shown === null ? undefined : await withField("picture", () => readPictureFile(shown));
    return writeEmbeddingCard(bytes, embedding).catch((cause: unknown) => {
      const message = `"${shown}" cannot be read as a picture: choose another picture to share the embedding with`;
      throw new LexemeError("NOT_A_PICTURE", message, { cause, details: { field: "picture" } });
    });
  }

  /**
   * The embedding that a prompt calls by this name: the state and the time of its file; undefined if there is none, or if the file's content is none.
   * Throws the error of a file that the file system refuses.
   */
  async state(name: string): Promise<PresentEmbedding["file"]> {
    return unlessRefused(this.#state(name));
  }

  async #state(name: string): Promise<NonNullable<PresentEmbedding["file"]>> {
    const { entries, checkpoint } = await this.#read();
    const entry = findEmbedding(entries, { name }, checkpoint?.textWidth ?? null);
    const { step, vectors } = await this.#folder.load(entry);
    return { step, vectors, modifiedAt: entry.modifiedAt };
  }

  /**
   * Makes the copy at `path` (already checked to be inside the roots) the embedding, in the folder of the used embedding; the replaced files go to
   * the bin, and a run keeps a copy of their vectors, whose path is returned as well. A picture and a file with several embeddings hold more
   * than this embedding, so they stay. Throws LexemeError `EMBEDDING_CHANGED` if the embedding does not have the vectors of the copy `instead`.
   */
  async useCopy(
    name: string,
    { path, instead }: { path: string; instead: string | null },
  ): Promise<Embedding & { replacedCopy: string | null }> {
    requireFileName(name, "name");
    const copy = await loadEmbeddingFile({ name, path });
    const fileFormat = writtenFormatFor(embeddingFormatOf(path));
    return this.#inTurn(async () => {
      if (instead !== null)
        requireVectors(name, await this.state(name), await loadEmbeddingFile({ name, path: instead }));
      const named = (await this.#entriesNamed(name)).filter(isOnlyWord);
      const used = (await this.#listWithoutRuns()).find((one) => isSameWord(one.name, name) && isUsable(one));
      const folder = used === undefined ? this.#sources.folder : dirname(used.path);
      const old = named.map((entry) => entry.path).filter((other) => dirname(other) === folder);
      const kept = await this.#keep(name, old);
      const embedding = await this.#write(
        { folder, fileFormat, old, by: "a copy of a run" },
        { ...copy, name: used?.name ?? name },
      );
      return { ...embedding, replacedCopy: kept[0] ?? null };
    });
  }

  /** Trained steps of a copy of a run. Throws LexemeError `EMBEDDING_MISFIT`, and the errors of `loadEmbeddingFile`. */
  async inspectCopy(copy: { name: string; path: string }, checkpoint: Checkpoint): Promise<{ step: number }> {
    const { textWidth, name: modelName } = checkpoint;
    const expected = textWidth === null ? undefined : { textWidth, modelName };
    const { step } = await loadEmbeddingFile(copy, expected);
    return { step };
  }

  /** Like `list`, but previews come only from pictures beside the files, not from runs. */
  async #listWithoutRuns(checkpointName: string | null = null): Promise<Embedding[]> {
    const { entries, checkpoint } = await this.#read(checkpointName);
    return describeEmbeddings(entries, checkpoint);
  }

  #scan(): Promise<EmbeddingEntry[]> {
    return this.#folder.scan();
  }

  /** The embedding that the reference means, as the list shows it and as the folder has it. Throws LexemeError `EMBEDDING_MISSING`. */
  async #find(ref: EmbeddingRef, checkpointName: string | null = null) {
    const { entries, checkpoint } = await this.#read(checkpointName);
    const entry = findEmbedding(entries, ref, checkpoint?.textWidth ?? null);
    const [found] = (await describeEmbeddings(entries, checkpoint)).filter((one) => isSameEntry(one, entry));
    return { found: found!, entry };
  }

  /** The embedding with its vectors. Throws LexemeError `EMBEDDING_MISSING`, or the reason why its file cannot be read. */
  async #load(ref: EmbeddingRef): Promise<LoadedEmbedding> {
    const { entries, checkpoint } = await this.#read();
    return this.#folder.load(findEmbedding(entries, ref, checkpoint?.textWidth ?? null));
  }

  /** The entries of the folder, and the checkpoint that they should fit: the chosen checkpoint for null; undefined if there is none. */
  async #read(checkpointName: string | null = null) {
    const [entries, checkpoint] = await Promise.all([
      this.#scan(),
      this.#sources.checkpoints.require(checkpointName).catch(() => undefined),
    ]);
    return { entries, checkpoint };
  }

  async #requireFree({ name, overwriteOld }: Omit<Target, "fileFormat">): Promise<void> {
    const taken = await this.#entriesNamed(name);
    if (taken.length > 0 && !overwriteOld) throw nameTaken(name, taken, { mayReplace: overwriteOld !== undefined });
    const shared = taken.find(({ key }) => key !== undefined);
    if (shared === undefined) return;
    const message = `"${name}" is one of several words in "${shared.file}", which stays as it is: choose another name`;
    throw new LexemeError("EMBEDDING_EXISTS", message, { details: { field: "name", name } });
  }

  /** Writes the embedding that `make` resolves with directly into the folder for embeddings. With `overwriteOld` it replaces all embeddings of that name, and the bin says by what. */
  async #save(target: Target, by: string, make: MakeEmbedding): Promise<Embedding> {
    return this.#inTurn(() => this.#saveNow(target, by, make));
  }

  /** The part of `save` that is done in turn. */
  async #saveNow(target: Target, by: string, make: MakeEmbedding): Promise<Embedding> {
    const { name, fileFormat } = target;
    await this.#requireFree(target);
    const embedding = await make();
    const named = await this.#entriesNamed(name);
    // An embedding that was never trained needs no copy: its file goes to the bin, and it has no history.
    const trained = named.filter((entry) => isOnlyWord(entry) && (entry.facts?.step ?? 0) > 0);
    const old = [...new Set(named.map(({ path }) => path))];
    await this.#keep(
      name,
      trained.map(({ path }) => path),
    );
    return this.#write({ folder: this.#sources.folder, fileFormat, old, by }, { ...embedding, name });
  }

  /** Changes of the folder are made one after the other: two at once could both find a name free, or lose one of them. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    return inTurn(this.#sources.folder, change);
  }

  /** Makes sure that runs have copies of the embeddings in these files, and returns the paths of the copies. */
  async #keep(name: string, files: readonly string[]): Promise<string[]> {
    const paths: string[] = [];
    for (const file of files) {
      const copy = await this.#sources.runs.keep(name, file, new Date());
      if (copy !== undefined) paths.push(copy.path);
    }
    return paths;
  }

  async #write(replacement: Replacement, embedding: TextualInversionToWrite): Promise<Embedding> {
    const path = await replaceEmbedding(replacement, embedding, this.#sources.bin).catch((cause: unknown) => {
      const file = `${embedding.name}.${replacement.fileFormat}`;
      throw codeOf(cause) === "FILE_EXISTS" ? fileTaken(file, cause) : cause;
    });
    this.changed();
    return this.require({ name: embedding.name, path });
  }

  /** The embedding's file, or every file of that name if `ref` has no path. */
  async #filesOf(ref: EmbeddingRef): Promise<string[]> {
    const { path } = await this.require(ref);
    const paths = ref.path ? [path] : (await this.#entriesNamed(ref.name)).map((entry) => entry.path);
    return [...new Set(paths)];
  }

  /** All entries whose name is the same word. */
  async #entriesNamed(name: string): Promise<EmbeddingEntry[]> {
    return (await this.#scan()).filter((entry) => isSameWord(entry.name, name));
  }
}

function isUsable({ misfitReason, collision }: Embedding): boolean {
  return misfitReason === null && (collision === null || collision.isUsed);
}
