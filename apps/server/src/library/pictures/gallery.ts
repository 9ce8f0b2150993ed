/** @file Pictures of the outputs folders, newest first, with the settings that A1111 and Lexeme keep in their PNG text or EXIF. */
import { basename, relative } from "node:path";
import { byName, isPictureName, localDay, walkFiles } from "@lexeme/data-folder";
import type { GalleryImage } from "@lexeme/protocol";
import type { ListedLibrary, WatchedFolder } from "../listed-library.ts";
import type { Roots } from "../roots.ts";
import { possibleOriginals, readPictureFacts, type PictureFacts } from "./picture-facts.ts";

/** The watcher empties the list after a change; this limit is for folders that cannot be watched. */
const LIST_KEPT_MS = 10_000;
const READ_AT_ONCE = 8;

interface Listed {
  path: string;
  /** The outputs folder in which the picture was found. */
  root: string;
  createdAt: number;
  version: string;
}

export interface GalleryQuery {
  /** Only pictures after this picture, the last of the previous page: its time in milliseconds since the epoch, and its path. */
  before?: number | undefined;
  beforePath?: string | undefined;
  limit: number;
  search?: string | undefined;
}

export class Gallery implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  readonly #tell: () => void;
  readonly #folders: readonly string[];
  readonly #roots: Roots;
  readonly #facts = new Map<string, { version: string; facts: PictureFacts }>();
  #listed: { at: number; files: Promise<Listed[]> } | undefined;

  /** A picture that is a link to a place outside `roots` is not listed. `tell` is called when the list has changed. */
  constructor(folders: readonly string[], roots: Roots, tell: () => void) {
    this.#folders = folders;
    this.#roots = roots;
    this.#tell = tell;
    // Name patterns can make nested folders.
    this.watched = folders.map((path) => ({ path, depth: 4 }));
  }

  /** Forgets the listing and tells pages. The facts of each picture stay until its file changes. */
  changed(): void {
    this.#listed = undefined;
    this.#tell();
  }

  async list({
    before,
    beforePath,
    limit,
    search = "",
  }: GalleryQuery): Promise<{ images: GalleryImage[]; more: boolean }> {
    const wanted = search.trim().toLowerCase();
    const all = await this.#files();
    const byPath = new Map(all.map((file) => [file.path, file]));
    const files = before === undefined ? all : all.filter((file) => isBehind(file, before, beforePath));
    const images: GalleryImage[] = [];
    for (let at = 0; at < files.length && images.length <= limit; at += READ_AT_ONCE) {
      const read = await Promise.all(files.slice(at, at + READ_AT_ONCE).map((file) => this.#read(file)));
      for (const image of read) {
        if (image === undefined || (await this.#isSmallCopy(image, byPath))) continue;
        const isWanted = wanted === "" || `${image.file}\n${image.infotext ?? ""}`.toLowerCase().includes(wanted);
        if (isWanted) images.push(image);
      }
    }
    return { images: images.slice(0, limit), more: images.length > limit };
  }

  #files(): Promise<Listed[]> {
    if (this.#listed === undefined || performance.now() - this.#listed.at > LIST_KEPT_MS) {
      this.#listed = { at: performance.now(), files: listFiles(this.#folders) };
    }
    return this.#listed.files;
  }

  /** True for the smaller JPEG copy of a picture that is in the list too. */
  async #isSmallCopy({ path, infotext }: GalleryImage, byPath: ReadonlyMap<string, Listed>): Promise<boolean> {
    if (infotext === null) return false;
    const originals = possibleOriginals(path).flatMap((one) => byPath.get(one) ?? []);
    const read = await Promise.all(originals.map((one) => this.#read(one)));
    return read.some((one) => one?.infotext === infotext);
  }

  async #read({ path, root, createdAt, version }: Listed): Promise<GalleryImage | undefined> {
    let known = this.#facts.get(path);
    if (known?.version !== version) {
      // A picture that another program is still writing is left out until it can be read.
      const facts = (await this.#roots.leadsOut(path))
        ? undefined
        : await readPictureFacts(path).catch(() => undefined);
      if (facts === undefined) return undefined;
      known = { version, facts };
      this.#facts.set(path, known);
    }
    const folder = relative(root, path).split(/[\\/]/)[0] ?? "";
    return {
      path,
      file: basename(path),
      day: /^\d{4}-\d\d-\d\d$/.test(folder) ? folder : localDay(new Date(createdAt)),
      createdAt,
      ...known.facts,
    };
  }
}

/** Newest first. Many pictures can have the same time (a copied folder), and then their paths decide. */
async function listFiles(folders: readonly string[]): Promise<Listed[]> {
  const files = (await Promise.all(folders.map(listFolder))).flat();
  return files.toSorted((a, b) => b.createdAt - a.createdAt || byName(b.path, a.path));
}

/** True if a picture comes after the picture with that time and path; without a path, after all pictures of that time. */
function isBehind({ createdAt, path }: Listed, time: number, beforePath: string | undefined): boolean {
  return createdAt < time || (createdAt === time && beforePath !== undefined && byName(path, beforePath) < 0);
}

async function listFolder(root: string): Promise<Listed[]> {
  // The target of a link may lie outside the folders that pages may read.
  const files = await walkFiles(root, { isWanted: isPictureName, entersLinks: false });
  return files.map(({ path, sizeBytes, modifiedAt }) => {
    return { path, root, createdAt: modifiedAt, version: `${sizeBytes}:${modifiedAt}` };
  });
}
