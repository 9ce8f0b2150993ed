/** @file A folder of pictures with a .txt caption beside each, as A1111 reads it. */
import { LexemeError } from "@lexeme/core";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, parse } from "node:path";

/** Endings of pictures. What sharp cannot decode of them (BMP, HEIC) is named as left out, which is better than silence. */
const PICTURE_EXTENSIONS = new Set(
  ".png .jpg .jpeg .jfif .webp .gif .tif .tiff .avif .bmp .heic .heif .jxl".split(" "),
);

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
}

/** Pictures of `folder` itself (no sub-folders) in the order of their names. Throws LexemeError `FOLDER_MISSING`. */
export async function listPictures(folder: string, field: string): Promise<FolderPicture[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new LexemeError(
      "FOLDER_MISSING",
      `Cannot read the folder "${folder}": it does not exist or is not a folder`,
      { details: { field, path: folder }, cause },
    );
  });
  const names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  return names
    .filter((file) => PICTURE_EXTENSIONS.has(extname(file).toLowerCase()) && !file.startsWith("."))
    .sort(byName)
    .map((file, index) => ({ file, path: join(folder, file), stem: parse(file).name, index }));
}

/** The .txt beside a picture, as it is; undefined when there is none. Throws LexemeError `CAPTION_NOT_UTF8`. */
export async function readCaption(folder: string, stem: string): Promise<string | undefined> {
  const path = join(folder, `${stem}.txt`);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new LexemeError(
      "CAPTION_NOT_UTF8",
      `Cannot read the caption "${stem}.txt": it is not UTF-8 text. Save it as UTF-8`,
      { details: { path }, cause },
    );
  }
}

/** Numbers inside names count as numbers, so that `2.jpg` comes before `10.jpg`. */
const collator = new Intl.Collator("en", { numeric: true });

function byName(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : 1);
}
