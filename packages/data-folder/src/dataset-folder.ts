/** @file A folder of pictures with a caption beside each, as A1111 reads it. */
import { readdir, realpath, stat } from "node:fs/promises";
import { join, parse, resolve } from "node:path";
import { LexemeError } from "@lexeme/core";
import { ifAbsent, isAbsent, readFault } from "./absence.ts";
import { isCaptionName, readCaptionFile } from "./caption-file.ts";
import { isPictureName } from "./picture-file.ts";
import { writeWholeFile } from "./whole-file.ts";

export interface FolderPicture {
  /** File name with its ending. */
  readonly file: string;
  readonly path: string;
  readonly stem: string;
  /**
   * Place among the folder's pictures, by name: what Preprocess numbers its results by. A1111 counts the other files too, so a caption
   * written later gives every result another name, and the next run doubles the data set.
   */
  readonly index: number;
  /** Where its caption is, or would be written. */
  readonly captionPath: string;
}

export class DatasetFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * The files that are named as pictures, in the order of their names; sub-folders are not entered. Whether each can be read is seen when
   * it is opened. Throws LexemeError `FOLDER_MISSING` with `details.path`, or `FILE_UNREADABLE`.
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
    const captions = captionNames(entries.map(({ name }) => name));
    return files.toSorted(byName).map((file, index) => {
      const path = join(this.path, file);
      const { name: stem } = parse(file);
      return { file, path, stem, index, captionPath: join(this.path, captions.get(stem) ?? `${stem}.txt`) };
    });
  }

  /** As `pictures`. Throws LexemeError `NO_PICTURES` too. */
  async requirePictures(): Promise<FolderPicture[]> {
    const pictures = await this.pictures();
    if (pictures.length > 0) return pictures;
    throw new LexemeError("NO_PICTURES", `There are no pictures in "${this.path}": choose a folder that holds some`, {
      details: { path: this.path },
    });
  }

  /** Where the caption of a stem lies or would be written: the file that is there, however its ending is written. Reads the folder once. */
  async captionPaths(): Promise<(stem: string) => string> {
    const captions = captionNames(await ifAbsent(readdir(this.path), []));
    return (stem) => join(this.path, captions.get(stem) ?? `${stem}.txt`);
  }

  /** Throws LexemeError `DESTINATION_IS_SOURCE` when results would be written into this folder, through a link too. */
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

/** By stem; of `a.txt` and `a.TXT` the former. */
function captionNames(names: readonly string[]): Map<string, string> {
  const captions = names.filter(isCaptionName).toSorted((a, b) => (a < b ? -1 : 1));
  return new Map(captions.map((name) => [parse(name).name, name]));
}

/** The caption of a picture as it is; undefined where there is none. Throws LexemeError `CAPTION_UNREADABLE`. */
export async function readCaption({ captionPath }: FolderPicture): Promise<string | undefined> {
  return readCaptionFile(captionPath);
}

/** Writes over a caption only if it could be read. Throws as `readCaptionFile` and `writeWholeFile`. */
export async function replaceCaption(captionPath: string, caption: string): Promise<void> {
  await readCaptionFile(captionPath);
  await writeWholeFile(captionPath, caption, { replace: true });
}

/** Numbers inside names count as numbers, so that `2.jpg` comes before `10.jpg`. */
const collator = new Intl.Collator("en", { numeric: true });

/** The order of names in lists; of names that differ only in case or zeros the one with the smaller code first. */
export function byName(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
