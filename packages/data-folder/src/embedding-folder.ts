/**
 * @file The folder of embeddings: the embeddings in its files, in the order in which A1111 loads them. Lists and prompts
 * both use this order.
 */
import { setImmediate } from "node:timers/promises";
import { LexemeError } from "@lexeme/core";
import {
  bytesAccess,
  embeddingShortHash,
  readEmbeddingPicture,
  readEmbeddingWords,
  type EmbeddingWord,
  type TextualInversion,
} from "@lexeme/formats";
import {
  embeddingFormatOf,
  isPictureFormat,
  isSameWord,
  wordOfName,
  type EmbeddingFormat,
} from "@lexeme/domain/libraries";
import { decodeRgb } from "./decode-rgb.ts";
import {
  asEmbeddingFault,
  MAX_EMBEDDING_BYTES,
  namingEmbedding,
  requireWidth,
  type LoadedEmbedding,
  type TextEncoderWidth,
} from "./embedding-file.ts";
import { FileFacts } from "./file-facts.ts";
import { readRegularFile, walkFiles, type WalkedFile } from "./folder-walk.ts";

/** A1111 names a picture beside a file `<name>.preview.png`. */
const PREVIEW = /\.preview\.(png|webp|avif)$/i;
/** Files read at once. */
const AT_ONCE = 8;

/** One embedding of the folder. */
export interface EmbeddingEntry extends WalkedFile {
  /** The word for the embedding in a prompt. */
  readonly name: string;
  readonly format: EmbeddingFormat;
  /** The embedding's name inside its file, if the file holds several. */
  readonly key: string | undefined;
  /** First 12 hex digits of the file's sha256, as in infotext; empty for a file too large to be an embedding. */
  readonly shortHash: string;
  /** The facts without the vectors; undefined if the embedding cannot be read, for the reason in `fault`. */
  readonly facts: Omit<TextualInversion, "vectors"> | undefined;
  readonly fault: LexemeError | undefined;
}

interface FileWords {
  words: readonly EmbeddingWord[];
  /** The name inside a picture. */
  name: string | undefined;
  shortHash: string;
}

const OPENED = new Map<string, EmbeddingFolder>();

/** Remembers the contents of files while their size and time of change stay the same. */
export class EmbeddingFolder {
  readonly path: string;
  readonly #facts = new FileFacts<EmbeddingEntry[]>();

  constructor(path: string) {
    this.path = path;
  }

  /** The folder at `path`; within a process, all callers share the remembered files. */
  static at(path: string): EmbeddingFolder {
    const folder = OPENED.get(path) ?? new EmbeddingFolder(path);
    OPENED.set(path, folder);
    return folder;
  }

  /**
   * All embeddings of the folder and its sub-folders in the order of loading, including unreadable ones; none if the folder is missing. Empty
   * files and pictures without an embedding are left out. Throws the errors of `walkFiles`.
   */
  async scan(): Promise<EmbeddingEntry[]> {
    const files = (await walkFiles(this.path, { isWanted: isCandidate })).filter(({ sizeBytes }) => sizeBytes > 0);
    const stems = new Set(
      files.filter(({ file }) => !isPictureFormat(embeddingFormatOf(file))).map(({ path }) => stemOf(path)),
    );
    const all: EmbeddingEntry[] = [];
    for (let at = 0; at < files.length; at += AT_ONCE) {
      const found = await Promise.all(
        files.slice(at, at + AT_ONCE).map((file) => this.#entriesOf(file, stems.has(stemOf(file.path)))),
      );
      all.push(...found.flat());
    }
    this.#facts.keepOnly(files.map(({ path }) => path));
    const folders = new Map([...new Set(all.map((entry) => entry.folder))].map((name, i) => [name, i]));
    return all.toSorted((a, b) => folders.get(a.folder)! - folders.get(b.folder)! || loadingRank(a) - loadingRank(b));
  }

  /**
   * Reads an entry's vectors from the file again. Throws the entry's fault, or the reason why it cannot be read now, with its name; and the
   * `EMBEDDING_MISFIT` of `requireWidth`.
   */
  async load(entry: EmbeddingEntry, expected?: TextEncoderWidth): Promise<LoadedEmbedding> {
    const { name, path, shortHash } = entry;
    const word = await this.#loadWord(entry);
    const embedding = { ...word, step: word.step ?? 0, name, path, shortHash };
    if (expected) requireWidth(embedding, expected);
    return embedding;
  }

  async #loadWord({ name, path, key, fault }: EmbeddingEntry): Promise<TextualInversion> {
    try {
      if (fault) throw fault;
      const { words } = await this.#readWords(path, { pixels: true });
      const word = words.find((one) => one.key === key);
      if (!word) throw unreadable("it is no longer in its file");
      return await word.read();
    } catch (cause) {
      throw namingEmbedding(name, cause);
    }
  }

  async #entriesOf(file: WalkedFile, hasTwin: boolean): Promise<EmbeddingEntry[]> {
    const version = `${file.sizeBytes}:${file.modifiedAt}:${hasTwin}`;
    try {
      return await this.#facts.of({ path: file.path, version }, () => this.#inspect(file, hasTwin));
    } catch (cause) {
      return [{ ...unnamedEntry(file), facts: undefined, fault: asEmbeddingFault(cause) }];
    }
  }

  /** A picture beside an embedding file with the same name is probably its preview, so only its texts are read, not its pixels: there may be hundreds. */
  async #inspect(file: WalkedFile, hasTwin: boolean): Promise<EmbeddingEntry[]> {
    const base = unnamedEntry(file);
    if (file.sizeBytes > MAX_EMBEDDING_BYTES) {
      if (isPictureFormat(base.format)) return [];
      throw unreadable(`it has ${Math.round(file.sizeBytes / 1e6)} MB, too much for an embedding`);
    }
    const { words, name = base.name, shortHash } = await this.#readWords(file.path, { pixels: !hasTwin });
    const names = namesOfWords(name, words);
    return Promise.all(
      words.map(async (word, i) => ({
        ...base,
        name: names[i]!,
        key: word.key,
        shortHash,
        ...(await factsOf(word)),
      })),
    );
  }

  async #readWords(path: string, { pixels }: { pixels: boolean }): Promise<FileWords> {
    const bytes = await readRegularFile(path, MAX_EMBEDDING_BYTES);
    if (bytes === undefined) throw unreadable("its file is gone");
    const shortHash = await embeddingShortHash(bytes);
    if (!isPictureFormat(embeddingFormatOf(path)))
      return { words: await readEmbeddingWords(bytesAccess(bytes)), name: undefined, shortHash };
    const found = await readEmbeddingPicture(bytes, {
      decode: () => (pixels ? decodeRgb(bytes) : Promise.resolve(undefined)),
      pause: () => setImmediate(),
    });
    return { words: found?.words ?? [], name: found?.name, shortHash };
  }
}

/**
 * The entries that a prompt can use, in A1111's order of registering: of several entries with one name the last loaded entry counts. `fits`
 * says which entries are loaded at all; an entry of another width never is.
 */
export function registeredWords(
  entries: readonly EmbeddingEntry[],
  fits: (entry: EmbeddingEntry) => boolean,
): EmbeddingEntry[] {
  const registered = new Map<string, EmbeddingEntry>();
  for (const entry of entries) {
    if (entry.facts === undefined || !fits(entry)) continue;
    registered.delete(entry.name);
    registered.set(entry.name, entry);
  }
  return [...registered.values()];
}

/** A reference to an embedding. Without `path` it means the embedding that a prompt with this name uses. */
export interface EmbeddingRef {
  readonly name: string;
  readonly path?: string | null | undefined;
  /** The form's field to name in the error if there is no such embedding. */
  readonly field?: string | undefined;
}

/**
 * The entry that the reference means with a text encoder of `width` (null: any width). If no embedding has exactly the name, one whose name is the same
 * word is meant, as in a prompt. Throws LexemeError `EMBEDDING_MISSING` with `details.field`.
 */
export function findEmbedding(
  entries: readonly EmbeddingEntry[],
  { name, path, field = "name" }: EmbeddingRef,
  width: number | null,
): EmbeddingEntry {
  const same = entries.filter((entry) => isSameWord(entry.name, name) && (path ? entry.path === path : true));
  const exact = same.filter((entry) => entry.name === name);
  const named = exact.length > 0 ? exact : same;
  const found = registeredWords(named, ({ facts }) => width === null || facts?.width === width)[0] ?? named[0];
  if (found) return found;
  throw new LexemeError("EMBEDDING_MISSING", `There is no embedding "${name}": create it first, or choose another`, {
    details: { field, name },
  });
}

/** True if the file holds only this embedding. A picture, and a file with several embeddings, hold more. */
export function isOnlyWord({ format, key }: EmbeddingEntry): boolean {
  return key === undefined && !isPictureFormat(format);
}

/**
 * A1111 loads the files of one folder in the order of the file system, which is not fixed. Here a file with a single embedding comes last, so
 * that an embedding that was trained from a picture or from a file with several embeddings replaces the original.
 */
function loadingRank({ format, key }: EmbeddingEntry): number {
  if (isPictureFormat(format)) return 0;
  return key === undefined ? 2 : 1;
}

/** True for the name of a file that may hold embeddings. */
function isCandidate(file: string): boolean {
  return !file.startsWith(".") && embeddingFormatOf(file) !== undefined && !PREVIEW.test(file);
}

/** The part of an entry that is known without opening the file. */
function unnamedEntry(file: WalkedFile): Omit<EmbeddingEntry, "facts" | "fault"> {
  return { ...file, format: embeddingFormatOf(file.file)!, name: stemOf(file.file), key: undefined, shortHash: "" };
}

function stemOf(file: string): string {
  return file.replace(/\.[^.]+$/, "");
}

/** The name for each word of a file, by which a prompt calls it: the file's name, for a file with several words followed by the word's key. */
function namesOfWords(fileName: string, words: readonly EmbeddingWord[]): string[] {
  const taken = new Set<string>();
  return words.map(({ key }) => {
    if (key === undefined) return fileName;
    const name = `${callable(fileName)}-${callable(key)}`;
    let free = name;
    for (let number = 2; taken.has(wordOfName(free)); number++) free = `${name}-${number}`;
    taken.add(wordOfName(free));
    return free;
  });
}

/** The text without the signs and words of a prompt's grammar: `<cat>` gives `cat`, and AND gives `and`. */
function callable(text: string): string {
  const word = text
    .replaceAll(/[^\p{L}\p{M}\p{N}._\- ]+/gu, "")
    .replaceAll(/\b(?:AND|BREAK)\b/gu, (operator) => operator.toLowerCase())
    .replaceAll(/ {2,}/gu, " ")
    .trim();
  return word === "" ? "unnamed" : word;
}

async function factsOf(word: EmbeddingWord): Promise<Pick<EmbeddingEntry, "facts" | "fault">> {
  try {
    const { vectors: _, ...facts } = await word.read();
    return { facts, fault: undefined };
  } catch (cause) {
    return { facts: undefined, fault: asEmbeddingFault(cause) };
  }
}

function unreadable(what: string): LexemeError {
  return new LexemeError("EMBEDDING_UNREADABLE", `Cannot read this embedding: ${what}`);
}
