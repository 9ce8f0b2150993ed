/** @file A folder of pictures with a caption beside each picture, read like A1111 reads it. */
import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, parse, resolve } from "node:path";
import { LexemeError, ifAbsent, isAbsent, readFault } from "@lexeme/core";
import { isCaptionName, readCaptionFile } from "./caption-file.ts";
import { isPictureName } from "./picture-file.ts";
import { encodeText } from "./text-file.ts";
import { writeWholeFile, type WholeFileOptions } from "./whole-file.ts";

export interface FolderPicture {
  /** File name with its ending. */
  readonly file: string;
  readonly path: string;
  readonly stem: string;
  /**
   * Index among the folder's pictures in the order of their names. Preprocess numbers its results by it. A1111 counts the other files too, so
   * that a caption written later gives every result another name, and the next run doubles the data set.
   */
  readonly index: number;
  /** Path of the picture's caption file, which may not exist yet. */
  readonly captionPath: string;
}

export class DatasetFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * The files with names of pictures, in the order of their names, without sub-folders. Only opening a file shows whether it can be
   * read. Throws LexemeError `FOLDER_MISSING` with `details.path`, or `FILE_UNREADABLE`.
   */
  async pictures(): Promise<FolderPicture[]> {
    const entries = await readdir(this.path, { withFileTypes: true }).catch((cause: unknown) => {
      if (!isAbsent(cause)) throw readFault(cause);
      const message = `Cannot read the folder "${this.path}": it does not exist or is not a folder`;
      throw new LexemeError("FOLDER_MISSING", message, { details: { path: this.path }, cause });
    });
    const named = entries.filter((entry) => !entry.isDirectory() && isPictureName(entry.name));
    const files: string[] = [];
    for (const entry of named) {
      if (entry.isSymbolicLink() && (await isFolder(join(this.path, entry.name)))) continue;
      files.push(entry.name);
    }
    const captions = captionNames(entries);
    return files.toSorted(byName).map((file, index) => {
      const path = join(this.path, file);
      const { name: stem } = parse(file);
      return { file, path, stem, index, captionPath: join(this.path, captions.get(stem) ?? `${stem}.txt`) };
    });
  }

  /** Like `pictures`, but throws LexemeError `NO_PICTURES` if there are none. */
  async requirePictures(): Promise<FolderPicture[]> {
    const pictures = await this.pictures();
    if (pictures.length > 0) return pictures;
    throw new LexemeError("NO_PICTURES", `There are no pictures in "${this.path}": choose a folder with pictures`, {
      details: { path: this.path },
    });
  }

  /** A function from a picture's stem to the path of its caption: an existing file in any case of its ending, or a new `.txt`. Reads the folder once. */
  async captionPaths(): Promise<(stem: string) => string> {
    const captions = captionNames(await ifAbsent(readdir(this.path, { withFileTypes: true }), []));
    return (stem) => join(this.path, captions.get(stem) ?? `${stem}.txt`);
  }

  /** Throws LexemeError `DESTINATION_IS_SOURCE` if results would be written into this folder, directly or through a link. */
  async requireOther(destination: string): Promise<void> {
    const [source, target] = await Promise.all(
      [this.path, destination].map((path) => ifAbsent(realpath(path), resolve(path))),
    );
    if (source !== target) return;
    throw new LexemeError(
      "DESTINATION_IS_SOURCE",
      "The destination is the source itself, whose pictures would be overwritten: choose another folder",
    );
  }
}

/** Caption files by stem; `a.txt` wins over `a.TXT`. A folder of that name is no caption. */
function captionNames(entries: readonly Dirent[]): Map<string, string> {
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const captions = names.filter(isCaptionName).toSorted((a, b) => (a < b ? -1 : 1));
  return new Map(captions.map((name) => [parse(name).name, name]));
}

/** The unchanged caption of a picture; undefined if there is none. Throws LexemeError `CAPTION_UNREADABLE`. */
export async function readCaption({ captionPath }: FolderPicture): Promise<string | undefined> {
  return readCaptionFile(captionPath);
}

/**
 * Writes a caption so that `readCaptionFile` reads this very text. With `replace`, it overwrites an old caption only if that can be read.
 * Throws the errors of `readCaptionFile` and `writeWholeFile`.
 */
export async function writeCaption(captionPath: string, caption: string, options: WholeFileOptions): Promise<void> {
  if (options.replace) await readCaptionFile(captionPath);
  await writeWholeFile(captionPath, encodeText(caption), options);
}

/** Numbers inside names count as numbers, so that `2.jpg` comes before `10.jpg`. */
const collator = new Intl.Collator("en", { numeric: true });

/** The order of names in lists. If names differ only in case or in zeros, the name with the smaller code comes first. */
export function byName(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
