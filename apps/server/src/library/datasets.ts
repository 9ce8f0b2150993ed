/** @file Data sets: a folder's pictures with the captions beside them, the folder browser, and saving a caption. */
import { LexemeError } from "@lexeme/core";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { captionFromFileName } from "@lexeme/domain/templates";
import type { Dataset, DatasetPicture, Folder } from "@lexeme/protocol";

import type { ListedLibrary, WatchedFolder } from "./listed-library.ts";
import { isPictureName, pictureSize, reasonOf } from "./pictures.ts";
import type { SettingsFile } from "./settings-file.ts";
import type { Roots } from "./roots.ts";
import { writeWholeFile } from "@lexeme/data-folder";

/** More would make neither a data set nor a page that can be shown. */
const MAX_PICTURES = 5000;
const SIZES_AT_ONCE = 8;

type Size = { width: number; height: number };

export interface DatasetSources {
  /** Where uploads and prepared pictures go; other folders are data sets too, and are not watched. */
  folder: string;
  roots: Roots;
  settings: Pick<SettingsFile, "options">;
  /** Told of a change in a data set. */
  changed: () => void;
}

export class DatasetLibrary implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  readonly changed: () => void;
  readonly #roots: Roots;
  readonly #settings: Pick<SettingsFile, "options">;
  readonly #sizes = new Map<string, { version: string; size: Size | string }>();

  constructor({ folder, roots, settings, changed }: DatasetSources) {
    this.watched = [{ path: folder, depth: 3 }];
    this.changed = changed;
    this.#roots = roots;
    this.#settings = settings;
  }

  /** Pictures of a folder in order of name. Those that cannot be read are named apart, with the reason. */
  async get(path: string): Promise<Dataset> {
    const folder = await this.#requireFolder(path);
    const names = (await pictureNames(folder)).slice(0, MAX_PICTURES);
    const dataset: Dataset = { path: folder, pictures: [], broken: [] };
    for (let at = 0; at < names.length; at += SIZES_AT_ONCE) {
      const batch = names.slice(at, at + SIZES_AT_ONCE);
      const described = await Promise.all(batch.map((name) => this.#describe(join(folder, name))));
      for (const picture of described) {
        if ("reason" in picture) dataset.broken.push(picture);
        else dataset.pictures.push(picture);
      }
    }
    return dataset;
  }

  /** How many files of a folder look like pictures. Throws LexemeError `DATASET_EMPTY` with `details.field` when none does. */
  async requirePictures(path: string, field: string): Promise<number> {
    const folder = await this.#requireFolder(path, field);
    const { length } = await pictureNames(folder);
    if (length === 0) {
      throw new LexemeError("DATASET_EMPTY", `There are no pictures in "${folder}": choose a folder that holds some`, {
        details: { field },
      });
    }
    return length;
  }

  /** Writes the caption beside a picture. */
  async saveCaption(path: string, caption: string): Promise<DatasetPicture> {
    const picture = await this.#roots.requireInside(path, { write: true });
    if (!isPictureName(basename(picture)))
      throw new LexemeError("NOT_A_PICTURE", `"${picture}" is not a picture, so it has no caption`);
    const captionPath = captionPathOf(picture);
    // The caption may be a link that leads elsewhere.
    await this.#roots.requireInsideEvenIfMissing(captionPath, { write: true });
    await writeWholeFile(captionPath, caption, { replace: true });
    const described = await this.#describe(picture);
    if ("reason" in described)
      throw new LexemeError("NOT_A_PICTURE", `"${picture}" cannot be read as a picture (${described.reason})`);
    return described;
  }

  /** A folder with its subfolders; without a path, the roots. */
  async browse(path: string | undefined): Promise<Folder> {
    const roots = this.#roots.list.map((root) => ({ ...root }));
    if (path === undefined || path === "") {
      const folders = await Promise.all(
        roots.map(async (root) => ({ name: root.name, path: root.path, pictures: await countPictures(root.path) })),
      );
      return { path: "", parent: null, folders, pictures: 0, roots };
    }
    const folder = await this.#requireFolder(path);
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries
      .filter((entry) => !entry.name.startsWith(".") && (entry.isDirectory() || entry.isSymbolicLink()))
      .map(({ name }) => name);
    const folders = [];
    for (const name of names.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }))) {
      const child = join(folder, name);
      const isFolder = await this.#requireFolder(child).then(
        () => true,
        () => false,
      );
      if (isFolder) folders.push({ name, path: child, pictures: await countPictures(child) });
    }
    const isRoot = this.#roots.list.some((root) => resolve(root.path) === folder);
    const parent = isRoot ? null : dirname(folder);
    return { path: folder, parent, folders, pictures: await countPictures(folder), roots };
  }

  async #requireFolder(path: string, field?: string): Promise<string> {
    const folder = await this.#roots.requireInside(path, field === undefined ? {} : { field });
    if (!(await stat(folder)).isDirectory()) {
      throw new LexemeError("FOLDER_MISSING", `"${folder}" is not a folder`, {
        details: field === undefined ? {} : { field },
      });
    }
    return folder;
  }

  async #describe(path: string): Promise<DatasetPicture | { file: string; reason: string }> {
    const file = basename(path);
    const size = await this.#sizeOf(path);
    if (typeof size === "string") return { file, reason: size };
    const caption = await readFile(captionPathOf(path), "utf8").catch(() => undefined);
    const { dataset_filename_word_regex: regex, dataset_filename_join_string: joinString } = this.#settings.options;
    return {
      path,
      file,
      ...size,
      caption: caption ?? captionFromFileName(file, { regex, joinString }),
      hasCaptionFile: caption !== undefined,
    };
  }

  /** Size of a picture, or the reason why it has none, remembered while the file stays the same. */
  async #sizeOf(path: string): Promise<Size | string> {
    const { mtimeMs, size: bytes } = await stat(path).catch(() => ({ mtimeMs: 0, size: 0 }));
    const version = `${mtimeMs}:${bytes}`;
    const known = this.#sizes.get(path);
    if (known?.version === version) return known.size;
    const size = await pictureSize(path).catch((error: unknown) => reasonOf((error as Error).cause ?? error));
    this.#sizes.set(path, { version, size });
    return size;
  }
}

/** Names of a folder's pictures in natural order. */
export async function pictureNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && isPictureName(entry.name))
    .map(({ name }) => name)
    .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

async function countPictures(folder: string): Promise<number> {
  return pictureNames(folder).then(
    ({ length }) => length,
    () => 0,
  );
}

function captionPathOf(picture: string): string {
  return `${picture.slice(0, picture.length - extname(picture).length)}.txt`;
}
