/** @file Saves finished pictures: folders and names from A1111's patterns and numbers, with the text file and the copy that the options demand. Overwrites no file. */
import { LexemeError } from "@lexeme/core";
import { makeFolder, writeWholeFile } from "@lexeme/data-folder";
import type { ImageOptions, PictureFormat } from "@lexeme/domain/options";
import { readdir } from "node:fs/promises";
import { join, parse } from "node:path";
import { encodePicture } from "./encode-picture.ts";
import { applyFilenamePattern, filenameParts } from "./filename-pattern.ts";
import { filenameTokens, type FilenameFacts } from "./filename-tokens.ts";
import { resizePicture, type RawPicture } from "./raw-picture.ts";

export interface SavePlace {
  /** The folder of the folders that the patterns name. */
  readonly root: string;
  readonly options: ImageOptions;
  readonly format: PictureFormat;
  readonly saveToDirs: boolean;
  /** The name has only basename, number and ending; the pattern is ignored. */
  readonly shortName?: boolean;
  /** Added at the end of the name. */
  readonly suffix?: string;
}

export interface SavedPicture {
  readonly path: string;
  readonly folder: string;
}

type Facts = Omit<FilenameFacts, "now" | "maxPromptWords">;

/**
 * Writes the picture under a new name, `<number>-<pattern>.<ending>`, then its text file and smaller copy if the options demand them. Throws
 * LexemeError `FOLDER_NOT_WRITABLE`, `DISK_FULL`, `FILE_UNWRITABLE`.
 */
export async function savePicture(facts: Facts, infotext: string, place: SavePlace): Promise<SavedPicture> {
  const { root, options, saveToDirs } = place;
  const tokens = filenameTokens({ ...facts, now: new Date(), maxPromptWords: options.directories_max_prompt_words });
  const directories = saveToDirs
    ? filenameParts(applyFilenamePattern(options.directories_filename_pattern || "[prompt_words]", tokens))
    : [];
  const pattern = options.samples_filename_pattern || (saveToDirs ? "[seed]" : "[seed]-[prompt_spaces]");
  const parts = place.shortName === true ? [] : filenameParts(applyFilenamePattern(pattern, tokens));
  const decoration = `${parts.pop() ?? ""}${place.suffix ?? ""}`;
  const folder = join(root, ...directories, ...parts);
  await makeFolder(folder);
  const { bytes, format } = await encodePicture(facts.picture, infotext, { ...options, format: place.format });
  const hasNumber = options.save_images_add_number || decoration === "";
  const names = hasNumber ? numberedNames(folder, facts.basename, decoration) : repeatedNames(decoration);
  const path = await writeUnderFirstFree(names, { folder, format, bytes });
  if (options.save_txt) await writeBeside(path, ".txt", `${infotext}\n`);
  if (format === "png" || format === "webp") await saveSmallCopy(facts.picture, infotext, { path, bytes, options });
  return { path, folder };
}

/** Names from one more than the largest number in the folder upwards: `00000-…`, with a basename `grid-0000-…`. */
async function* numberedNames(folder: string, basename: string, decoration: string): AsyncGenerator<string> {
  const tail = decoration === "" ? "" : `-${decoration}`;
  for (let number = await nextNumber(folder, basename); ; number++) {
    yield basename === ""
      ? `${String(number).padStart(5, "0")}${tail}`
      : `${basename}-${String(number).padStart(4, "0")}${tail}`;
  }
}

/** A name without a number, then the same name with a number at the end, for a name that is taken. A1111 overwrites. */
function* repeatedNames(name: string): Generator<string> {
  yield name;
  for (let again = 1; ; again++) yield `${name}-${again}`;
}

/** A1111's counting: in each name (after the basename and its `-`), only a number before the first `-` counts. */
async function nextNumber(folder: string, basename: string): Promise<number> {
  const prefix = basename === "" ? "" : `${basename}-`;
  const numbers = (await readdir(folder))
    .filter((name) => name.startsWith(prefix))
    .map((name) => parse(name.slice(prefix.length)).name.split("-")[0]!)
    .filter((text) => /^\d{1,15}$/u.test(text))
    .map(Number);
  return 1 + numbers.reduce((max, number) => Math.max(max, number), -1);
}

async function writeUnderFirstFree(
  names: Iterable<string> | AsyncIterable<string>,
  { folder, format, bytes }: { folder: string; format: PictureFormat; bytes: Uint8Array },
): Promise<string> {
  for await (const name of names) {
    const path = join(folder, `${name}.${format}`);
    if (await isWritten(path, bytes)) return path;
  }
  throw new TypeError("names are endless");
}

/** Writes a new file. False if a file of that name exists. */
async function isWritten(path: string, content: string | Uint8Array): Promise<boolean> {
  try {
    await writeWholeFile(path, content, { replace: false });
    return true;
  } catch (cause) {
    if (cause instanceof LexemeError && cause.code === "FILE_EXISTS") return false;
    throw cause;
  }
}

/** Writes a file with the picture's name and another ending. An existing file is kept. */
async function writeBeside(path: string, ending: string, content: string | Uint8Array): Promise<void> {
  const { dir, name } = parse(path);
  await isWritten(join(dir, name + ending), content);
}

const MEGABYTE = 1024 * 1024;

/** A1111's `export_for_4chan`: a JPEG beside a large file or picture, whose longer side is at most the limit. */
async function saveSmallCopy(
  picture: RawPicture,
  infotext: string,
  { path, bytes, options }: { path: string; bytes: Uint8Array; options: ImageOptions },
): Promise<void> {
  const { target_side_length: limit, img_downscale_threshold: megabytes, export_for_4chan: isAsked } = options;
  const longest = Math.max(picture.width, picture.height);
  if (!isAsked || (longest <= limit && bytes.length <= megabytes * MEGABYTE)) return;
  const scale = Math.min(1, limit / longest);
  const size = {
    width: Math.max(1, Math.round(picture.width * scale)),
    height: Math.max(1, Math.round(picture.height * scale)),
  };
  const smaller = await resizePicture(picture, size, "lanczos");
  const copy = await encodePicture(smaller, infotext, { ...options, format: "jpg" });
  await writeBeside(path, `.${copy.format}`, copy.bytes);
}
