/** @file Data sets: a folder's pictures with the captions beside them, the folder browser, and saving a caption. */
import { LexemeError, withField, ifAbsent } from "@lexeme/core";
import {
  byName,
  captionOfFileName,
  DatasetFolder,
  FileFacts,
  folderNames,
  isPictureName,
  planPreprocess,
  requirePictureName,
  pictureFault,
  pictureSize,
  readCaptionFile,
  writeCaption,
  type FolderPicture,
  type PreprocessPlan,
} from "@lexeme/data-folder";
import type { PreprocessSettings } from "@lexeme/domain/settings";
import { promptFault } from "@lexeme/tokenizer";
import { lstat, readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, parse, resolve } from "node:path";
import type { Dataset, DatasetPicture, Folder } from "@lexeme/protocol";

import type { ListedLibrary, WatchedFolder } from "../listed-library.ts";
import type { SettingsFile } from "../options/settings-file.ts";
import type { Root, Roots } from "../roots.ts";

/** The most pictures that are listed. A page could not show more, and no data set needs more. */
const MAX_PICTURES = 5000;
const SIZES_AT_ONCE = 8;

const LEADS_OUT = "a link to a place outside the folders that Lexeme may use";

type Size = { width: number; height: number };
/** A caption, if there is one, or the sentence that says why it cannot be read. */
type Caption = { caption?: string | undefined; fault: string | null };
type Described = Pick<FolderPicture, "path" | "captionPath">;

export interface DatasetSources {
  /** The folder for uploads and prepared pictures. Other folders can be data sets too, but are not watched. */
  folder: string;
  /** Holds a folder for each upload. */
  uploads: string;
  /** Records of preprocessings that are not finished. */
  records: string;
  roots: Roots;
  settings: Pick<SettingsFile, "options">;
  /** Called when a data set has changed. */
  changed: () => void;
}

export class DatasetLibrary implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  readonly changed: () => void;
  readonly #uploads: string;
  readonly #records: string;
  readonly #roots: Roots;
  readonly #settings: Pick<SettingsFile, "options">;
  readonly #sizes = new FileFacts<Size>();

  constructor({ folder, uploads, records, roots, settings, changed }: DatasetSources) {
    this.#uploads = uploads;
    this.#records = records;
    this.watched = [{ path: folder, depth: 3 }];
    this.changed = changed;
    this.#roots = roots;
    this.#settings = settings;
  }

  /** Pictures of a folder in the order of their names. Unreadable pictures are listed separately, with the reason. */
  async get(path: string): Promise<Dataset> {
    const folder = await this.#requireFolder(path);
    const pictures = (await new DatasetFolder(folder).pictures()).slice(0, MAX_PICTURES);
    const dataset: Dataset = { path: folder, pictures: [], broken: [], isUpload: await this.#isUpload(folder) };
    for (let at = 0; at < pictures.length; at += SIZES_AT_ONCE) {
      const batch = pictures.slice(at, at + SIZES_AT_ONCE);
      const described = await Promise.all(batch.map((picture) => this.#describe(picture)));
      for (const picture of described) {
        if ("reason" in picture) dataset.broken.push(picture);
        else dataset.pictures.push(picture);
      }
    }
    return dataset;
  }

  /**
   * Throws LexemeError `NO_PICTURES` with `details.field` if no file of the folder looks like a picture, and the errors of `Roots`: also
   * `PATH_OUTSIDE` for a picture or caption that is a link to a place outside, because a job follows links.
   */
  async requirePictures(path: string, field: string): Promise<void> {
    const folder = await this.#requireFolder(path, field);
    const pictures = await withField(field, () => new DatasetFolder(folder).requirePictures());
    const names = pictures.flatMap(({ file, captionPath }) => [file, basename(captionPath)]);
    await this.#requireNoWayOut({ folder, field }, names);
  }

  /** The pictures of a folder that are links to a place outside the roots, by file name, with the reason to leave them out. */
  async linkedOutside(folder: string): Promise<Record<string, string>> {
    const links = (await linkNames(folder)).filter(isPictureName);
    const leadOut = await Promise.all(links.map((name) => this.#roots.leadsOut(join(folder, name))));
    return Object.fromEntries(links.filter((_, i) => leadOut[i]).map((name) => [name, `it is ${LEADS_OUT}`]));
  }

  /** The checked source of a preprocessing. Its pictures may be links to anywhere, because the plan leaves them out; its captions may not. */
  async #requireSource(path: string): Promise<string> {
    const field = "processSrc";
    const folder = await this.#requireFolder(path, field);
    const pictures = await withField(field, () => new DatasetFolder(folder).requirePictures());
    await this.#requireNoWayOut(
      { folder, field },
      pictures.map(({ captionPath }) => basename(captionPath)),
    );
    return folder;
  }

  /**
   * The plan of a preprocessing, made without writing anything. A picture that is a link to a place outside is left out. Throws the errors of
   * `requirePictures`, and LexemeError `PATH_OUTSIDE`,
   * `FOLDER_NOT_WRITABLE`, `DESTINATION_IS_SOURCE` with `details.field`.
   */
  async planPreprocess(settings: PreprocessSettings): Promise<PreprocessPlan> {
    const { processSrc, processDst } = settings;
    const source = await this.#requireSource(processSrc);
    const folder = await this.#roots.requireInsideEvenIfMissing(processDst, { write: true, field: "processDst" });
    await withField("processDst", () => new DatasetFolder(processSrc).requireOther(folder));
    const sizeOf = async (path: string): Promise<Size> => {
      const size = await this.#sizeOf(path);
      if (typeof size === "string") throw new LexemeError("NOT_A_PICTURE", size, { details: { reason: size } });
      return size;
    };
    const plan = await planPreprocess(settings, {
      records: this.#records,
      sizeOf,
      leftOut: await this.linkedOutside(source),
    });
    const names = plan.pictures.flatMap(({ variants }) =>
      variants.flatMap(({ file, captionFile }) => [file, captionFile]),
    );
    await this.#requireNoWayOut({ folder, field: "processDst" }, names);
    return plan;
  }

  /** Throws LexemeError `PATH_OUTSIDE` if one of these files of the folder is a link to a place outside, because a job follows links. */
  async #requireNoWayOut({ folder, field }: { folder: string; field: string }, names: string[]): Promise<void> {
    const links = new Set(await linkNames(folder));
    for (const name of names.filter((one) => links.has(one))) {
      if (!(await this.#roots.leadsOut(join(folder, name)))) continue;
      const message = `"${name}" in "${folder}" is ${LEADS_OUT}: put the file itself there, or start Lexeme with --allow-dir for the folder that the link leads to`;
      throw new LexemeError("PATH_OUTSIDE", message, { details: { field, path: join(folder, name) } });
    }
  }

  /** The folder of an earlier upload, checked. Throws LexemeError `PATH_OUTSIDE` for any other folder, and the errors of `Roots`. */
  async requireUpload(path: string): Promise<string> {
    const folder = await this.#requireFolder(path);
    if (await this.#isUpload(folder)) return folder;
    const message = `"${folder}" is not the folder of an upload: leave out "into" to upload into a new folder`;
    throw new LexemeError("PATH_OUTSIDE", message, { details: { path: folder } });
  }

  /** The files of an uploaded picture: the picture, and its caption if no other picture shares it. Throws the errors of `requireUpload`. */
  async filesOfUploaded(path: string): Promise<string[]> {
    const picture = await this.#roots.requireInside(path, { write: true });
    requirePictureName(picture);
    const pictures = await new DatasetFolder(await this.requireUpload(dirname(picture))).pictures();
    const captionPath = await captionPathOf(picture);
    const sharing = pictures.filter((one) => one.captionPath === captionPath);
    const hasCaption = sharing.length === 1 && (await isFile(captionPath));
    return hasCaption ? [picture, captionPath] : [picture];
  }

  /** Writes the caption beside a picture. Throws LexemeError `CAPTION_UNREADABLE` if there is a caption file that cannot be read. */
  async saveCaption(path: string, caption: string): Promise<DatasetPicture> {
    const picture = await this.#roots.requireInside(path, { write: true });
    requirePictureName(picture);
    const captionPath = await captionPathOf(picture);
    // The caption file may be a link to a path outside the roots.
    await this.#roots.requireInsideEvenIfMissing(captionPath, { write: true });
    await writeCaption(captionPath, caption, { replace: true });
    const described = await this.#describe({ path: picture, captionPath });
    if ("reason" in described)
      throw new LexemeError("NOT_A_PICTURE", `"${picture}" cannot be read as a picture: ${described.reason}`);
    return described;
  }

  /** A folder with its subfolders; without a path, the roots. */
  async browse(path: string | undefined): Promise<Folder> {
    const listed = this.#roots.list.map(({ name, path: at, writable }) => ({ name, path: at, writable }));
    const roots = this.#roots.isOpen ? [...listed, ...placesOfThisComputer()] : listed;
    if (path === undefined || path === "") {
      const folders = await Promise.all(
        roots.map(async (root) => ({ name: root.name, path: root.path, pictures: await countPictures(root.path) })),
      );
      return { path: "", parent: null, folders, pictures: 0, roots };
    }
    const folder = await this.#requireFolder(path);
    const folders = [];
    for (const name of (await folderNames(folder)).toSorted(byName)) {
      const child = join(folder, name);
      const isInside = await this.#requireFolder(child).then(
        () => true,
        () => false,
      );
      if (isInside) folders.push({ name, path: child, pictures: await countPictures(child) });
    }
    const isTop = dirname(folder) === folder || roots.some((root) => resolve(root.path) === folder);
    const parent = isTop ? null : dirname(folder);
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

  /** Uploads are folders directly in their folder, and no links. */
  async #isUpload(folder: string): Promise<boolean> {
    if (dirname(folder) !== resolve(this.#uploads)) return false;
    return (await lstat(folder)).isDirectory();
  }

  async #describe({ path, captionPath }: Described): Promise<DatasetPicture | { file: string; reason: string }> {
    const file = basename(path);
    if (await this.#roots.leadsOut(path)) return { file, reason: `it is ${LEADS_OUT}` };
    const size = await this.#sizeOf(path);
    if (typeof size === "string") return { file, reason: size };
    const own: Caption = (await this.#roots.leadsOut(captionPath))
      ? { fault: `The caption "${basename(captionPath)}" is ${LEADS_OUT}` }
      : await captionOrFault(() => readCaptionFile(captionPath));
    const hasCaptionFile = own.caption !== undefined || own.fault !== null;
    const { caption, fault } = hasCaptionFile
      ? own
      : await captionOrFault(async () => captionOfFileName(file, this.#settings.options));
    return {
      path,
      file,
      ...size,
      caption: caption ?? "",
      hasCaptionFile,
      captionFault: fault,
      promptFault: promptFault(caption ?? "") ?? null,
    };
  }

  /** Size of a picture, or the reason why it cannot be read, remembered while the file stays the same. */
  async #sizeOf(path: string): Promise<Size | string> {
    const { mtimeMs, size: bytes } = await stat(path).catch(() => ({ mtimeMs: 0, size: 0 }));
    return this.#sizes
      .of({ path, version: `${mtimeMs}:${bytes}` }, () => pictureSize(path))
      .catch((error: unknown) => pictureFault(error, path));
  }
}

/** The beginnings of a walk to any folder. */
function placesOfThisComputer(): Root[] {
  const home = homedir();
  return [
    { name: "Home folder", path: home, writable: false },
    { name: "This computer", path: parse(home).root, writable: false },
  ];
}

/** Number of files that look like pictures; 0 for an unreadable folder, whose error is shown when it is opened. */
async function countPictures(folder: string): Promise<number> {
  try {
    return (await new DatasetFolder(folder).pictures()).length;
  } catch (error) {
    if (error instanceof LexemeError) return 0;
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await ifAbsent(lstat(path), undefined))?.isFile() ?? false;
}

async function linkNames(folder: string): Promise<string[]> {
  const entries = await ifAbsent(readdir(folder, { withFileTypes: true }), []);
  return entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name);
}

async function captionPathOf(picture: string): Promise<string> {
  const { dir, name } = parse(picture);
  return (await new DatasetFolder(dir).captionPaths())(name);
}

async function captionOrFault(read: () => Promise<string | undefined>): Promise<Caption> {
  try {
    return { caption: await read(), fault: null };
  } catch (error) {
    if (error instanceof LexemeError) return { fault: error.message };
    throw error;
  }
}
