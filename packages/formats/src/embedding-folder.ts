/**
 * @file The folder of embeddings: which words its files hold, in the order in which A1111 loads them. What a list shows and what a
 * prompt uses both come from here. Knows no file system; `node.ts` gives it one.
 */
import { LexemeError } from "@lexeme/core";
import { embeddingShortHash } from "./embedding-hash.ts";
import { readEmbeddingPicture } from "./embedding-picture.ts";
import type { RgbPicture } from "./embedding-pixels.ts";
import { bytesAccess } from "./random-access.ts";
import { readEmbeddingWords, type EmbeddingWord, type TextualInversion } from "./textual-inversion.ts";

const FORMATS = {
  ".pt": "pt",
  ".bin": "bin",
  ".safetensors": "safetensors",
  ".png": "png",
  ".webp": "webp",
  ".avif": "avif",
} as const satisfies Record<string, string>;
export type EmbeddingFormat = (typeof FORMATS)[keyof typeof FORMATS];

/** `<name>.preview.png` is how A1111 keeps a picture beside a file. */
const PREVIEW = /\.preview\.(png|webp|avif)$/i;
/** 1024 rows of 8192 floats are 32 MiB; a checkpoint put here by mistake is not read whole. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Files read at once. */
const AT_ONCE = 8;

/** A file in the folder or below it. */
export interface EmbeddingFile {
  readonly path: string;
  /** Sub-folder with forward slashes; empty at the top. */
  readonly folder: string;
  /** With its ending. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

export interface EmbeddingFiles {
  /** Every file below `folder`, in the order of `os.walk` with names sorted; links are followed, each folder is entered once. */
  walk(folder: string): Promise<EmbeddingFile[]>;
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Pixels of a picture file; undefined for what cannot be decoded. */
  decode(bytes: Uint8Array): Promise<RgbPicture | undefined>;
}

/** One word of the folder. */
export interface EmbeddingEntry extends EmbeddingFile {
  /** The word that calls it in a prompt. */
  readonly name: string;
  readonly format: EmbeddingFormat;
  /** What its file calls it, where that holds several. */
  readonly key: string | undefined;
  /** First 12 hex digits of the file's sha256, as infotext lists it; empty for a file too large to be an embedding. */
  readonly shortHash: string;
  /** What is known without the vectors; undefined where `fault` says why. */
  readonly facts: Omit<TextualInversion, "vectors"> | undefined;
  readonly fault: LexemeError | undefined;
}

interface FileWords {
  words: readonly EmbeddingWord[];
  /** The name that a picture carries. */
  name: string | undefined;
  shortHash: string;
}

/** Remembers what files hold for as long as their size and time of change stay. */
export class EmbeddingFolder {
  readonly #files: EmbeddingFiles;
  readonly #known = new Map<string, { version: string; entries: Promise<EmbeddingEntry[]> }>();

  constructor(files: EmbeddingFiles) {
    this.#files = files;
  }

  /** All words below `folder` in the order of loading, those that cannot be read too. Empty files and pictures that are none are left out. */
  async scan(folder: string): Promise<EmbeddingEntry[]> {
    const files = (await this.#files.walk(folder)).filter(isCandidate);
    const stems = new Set(files.filter(({ file }) => !isPicture(formatOf(file))).map(({ path }) => stemOf(path)));
    const all: EmbeddingEntry[] = [];
    for (let at = 0; at < files.length; at += AT_ONCE) {
      const found = await Promise.all(
        files.slice(at, at + AT_ONCE).map((file) => this.#entriesOf(file, stems.has(stemOf(file.path)))),
      );
      all.push(...found.flat());
    }
    const paths = new Set(files.map(({ path }) => path));
    for (const path of this.#known.keys()) if (path.startsWith(folder) && !paths.has(path)) this.#known.delete(path);
    const folders = new Map([...new Set(all.map((entry) => entry.folder))].map((name, i) => [name, i]));
    return all.toSorted((a, b) => folders.get(a.folder)! - folders.get(b.folder)! || loadingRank(a) - loadingRank(b));
  }

  /** The vectors of an entry, read anew. Throws its fault, or what reading throws now; the messages begin with its name. */
  async load({ name, path, key, fault }: EmbeddingEntry): Promise<TextualInversion> {
    if (fault) throw naming(name, fault);
    try {
      const { words } = await this.#read(path, { pixels: true });
      const word = words.find((one) => one.key === key);
      if (!word) throw unreadable("it is no longer in its file");
      return await word.read();
    } catch (cause) {
      throw naming(name, asFault(cause));
    }
  }

  #entriesOf(file: EmbeddingFile, hasTwin: boolean): Promise<EmbeddingEntry[]> {
    const version = `${file.sizeBytes}:${file.modifiedAt}:${hasTwin}`;
    const known = this.#known.get(file.path);
    if (known?.version === version) return known.entries;
    const entries = this.#inspect(file, hasTwin);
    this.#known.set(file.path, { version, entries });
    return entries;
  }

  /** A picture beside a file of its name is most likely its preview: of hundreds of those only the texts are read, not the pixels. */
  async #inspect(file: EmbeddingFile, hasTwin: boolean): Promise<EmbeddingEntry[]> {
    const base = { ...file, format: formatOf(file.file)!, name: stemOf(file.file), key: undefined, shortHash: "" };
    if (file.sizeBytes > MAX_FILE_BYTES) {
      if (isPicture(base.format)) return [];
      const fault = unreadable(`it has ${Math.round(file.sizeBytes / 1e6)} MB and is no embedding`);
      return [{ ...base, facts: undefined, fault }];
    }
    try {
      const { words, name = base.name, shortHash } = await this.#read(file.path, { pixels: !hasTwin });
      return await Promise.all(
        words.map(async (word) => ({
          ...base,
          name: word.key === undefined ? name : `${name}-${wordOfKey(word.key)}`,
          key: word.key,
          shortHash,
          ...(await factsOf(word)),
        })),
      );
    } catch (cause) {
      return [{ ...base, facts: undefined, fault: asFault(cause) }];
    }
  }

  async #read(path: string, { pixels }: { pixels: boolean }): Promise<FileWords> {
    const bytes = await this.#files.read(path);
    const shortHash = await embeddingShortHash(bytes);
    if (!isPicture(formatOf(path)))
      return { words: await readEmbeddingWords(bytesAccess(bytes)), name: undefined, shortHash };
    const found = await readEmbeddingPicture(bytes, () =>
      pixels ? this.#files.decode(bytes) : Promise.resolve(undefined),
    );
    return { words: found?.words ?? [], name: found?.name, shortHash };
  }
}

/**
 * The entries that a prompt can call, in A1111's order of registering: of two of one name the last loaded has the word. `fits` says
 * which are loaded at all; those of another width never are.
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

/**
 * A1111 takes files of one folder as the file system lists them, in no certain order. Here a file of its own comes last, so that what
 * was trained from a picture or from one of several words has the word.
 */
function loadingRank({ format, key }: EmbeddingEntry): number {
  if (isPicture(format)) return 0;
  return key === undefined ? 2 : 1;
}

/** Whether a file is one that the folder is read for. */
function isCandidate({ file, sizeBytes }: EmbeddingFile): boolean {
  return sizeBytes > 0 && !file.startsWith(".") && formatOf(file) !== undefined && !PREVIEW.test(file);
}

/** The format that an ending stands for. */
export function formatOf(file: string): EmbeddingFormat | undefined {
  const ending = /\.[^./\\]+$/.exec(file)?.[0].toLowerCase() ?? "";
  return Object.hasOwn(FORMATS, ending) ? FORMATS[ending as keyof typeof FORMATS] : undefined;
}

/** Whether embeddings of this format are pictures. */
export function isPicture(format: EmbeddingFormat | undefined): boolean {
  return format === "png" || format === "webp" || format === "avif";
}

function stemOf(file: string): string {
  return file.replace(/\.[^.]+$/, "");
}

/** A key as part of a word: brackets and what a prompt's grammar reads as its own are left out. `<cat>` gives `cat`. */
function wordOfKey(key: string): string {
  const word = key.replaceAll(/[^\p{L}\p{N}._\- ]+/gu, "").trim();
  return word === "" ? "unnamed" : word;
}

async function factsOf(word: EmbeddingWord): Promise<Pick<EmbeddingEntry, "facts" | "fault">> {
  try {
    const { vectors: _, ...facts } = await word.read();
    return { facts, fault: undefined };
  } catch (cause) {
    return { facts: undefined, fault: asFault(cause) };
  }
}

/** Reading foreign bytes fails with our own errors, or with the file system's. */
function asFault(cause: unknown): LexemeError {
  if (cause instanceof LexemeError) return cause;
  return new LexemeError(
    "EMBEDDING_UNREADABLE",
    `Cannot read this embedding: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
}

function naming(name: string, fault: LexemeError): LexemeError {
  const { code, details } = fault;
  const reason = fault.message.replace(/^Cannot (read|use) this embedding: /, "");
  return new LexemeError(code, `Cannot use embedding "${name}": ${reason}`, {
    details: { ...details, name },
    cause: fault,
  });
}

function unreadable(what: string): LexemeError {
  return new LexemeError("EMBEDDING_UNREADABLE", `Cannot read this embedding: ${what}`);
}
