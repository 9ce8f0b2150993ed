/** @file Pictures of the outputs folders, by day and in it newest first, with the settings that A1111 and Lexeme keep in their PNG text or EXIF. */
import { basename, relative } from "node:path";
import { byName, isPictureName, localDay, walkFiles } from "@lexeme/data-folder";
import type { GalleryImage } from "@lexeme/protocol";
import type { ListedLibrary, WatchedFolder } from "../listed-library.ts";
import type { Roots } from "../roots.ts";
import { pictureTest, type PictureFilter } from "./picture-filter.ts";
import { possibleOriginals, readPictureFacts, type PictureFacts } from "./picture-facts.ts";

/** The watcher empties the list after a change; this limit is for folders that cannot be watched. */
const LIST_KEPT_MS = 10_000;
const READ_AT_ONCE = 16;
/** A search through many pictures that were never read answers in this time with what it has found, and where it goes on. */
const SCAN_MS = 1500;
/** The beginning of the names of grids, in A1111 and here. */
const GRID_NAME = /^(?:xyz_)?grid-/u;

interface Listed {
  path: string;
  /** The outputs folder in which the picture was found. */
  root: string;
  createdAt: number;
  /** The folder of its day, or the day of its time: `2026-11-24`. */
  day: string;
  version: string;
}

/** The folders whose pictures are listed. */
export interface GalleryFolders {
  outputs: string;
  grids: string;
}

/** A place in the order of the gallery. */
interface Place {
  day: string;
  createdAt: number;
  path: string;
}

export interface GalleryQuery extends PictureFilter {
  /** Only pictures after this place: a day, a time in milliseconds since the epoch, and a path. Without a day, only the time and the path count. */
  beforeDay?: string | undefined;
  before?: number | undefined;
  beforePath?: string | undefined;
  limit: number;
  show?: "all" | "pictures" | "grids" | undefined;
}

export interface GalleryPage {
  images: GalleryImage[];
  /** True if there are more pictures, or if there may be more: a search that takes long is answered in parts. */
  more: boolean;
  /** The place after which the next page begins; only if there are more. */
  next?: Place;
}

export class Gallery implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  readonly #tell: () => void;
  readonly #folders: GalleryFolders;
  readonly #roots: Roots;
  readonly #facts = new Map<string, { version: string; facts: PictureFacts }>();
  #listed: { at: number; files: Promise<Listed[]> } | undefined;

  /** A picture that is a link to a place outside `roots` is not listed. `tell` is called when the list has changed. */
  constructor(folders: GalleryFolders, roots: Roots, tell: () => void) {
    this.#folders = folders;
    this.#roots = roots;
    this.#tell = tell;
    // Name patterns can make nested folders.
    this.watched = [folders.outputs, folders.grids].map((path) => ({ path, depth: 4 }));
  }

  /** Forgets the listing and tells pages. The facts of each picture stay until its file changes. */
  changed(): void {
    this.#listed = undefined;
    this.#tell();
  }

  async list({ before, beforePath, beforeDay, limit, show = "all", ...filter }: GalleryQuery): Promise<GalleryPage> {
    const isWanted = pictureTest(filter);
    const all = await this.#files();
    const byPath = new Map(all.map((file) => [file.path, file]));
    const files = all.filter(
      (file) =>
        (before === undefined || isBehind(file, { day: beforeDay, createdAt: before, path: beforePath })) &&
        (show === "all" || this.#isGrid(file) === (show === "grids")),
    );
    const images: GalleryImage[] = [];
    const end = performance.now() + SCAN_MS;
    let at = 0;
    for (; at < files.length && images.length <= limit && (at === 0 || performance.now() < end); at += READ_AT_ONCE) {
      const read = await Promise.all(files.slice(at, at + READ_AT_ONCE).map((file) => this.#read(file)));
      for (const image of read) {
        if (image !== undefined && !(await this.#isSmallCopy(image, byPath)) && isWanted(image)) images.push(image);
      }
    }
    const page = images.slice(0, limit);
    const last = images.length > limit ? page.at(-1) : at < files.length ? files[at - 1] : undefined;
    return last === undefined ? { images: page, more: false } : { images: page, more: true, next: placeOf(last) };
  }

  #files(): Promise<Listed[]> {
    if (this.#listed === undefined || performance.now() - this.#listed.at > LIST_KEPT_MS) {
      this.#listed = { at: performance.now(), files: this.#listFiles() };
    }
    return this.#listed.files;
  }

  /** Also forgets the facts of pictures that are gone. */
  async #listFiles(): Promise<Listed[]> {
    const files = await listFiles(this.#folders);
    if (this.#facts.size > files.length) {
      const paths = new Set(files.map(({ path }) => path));
      for (const path of this.#facts.keys()) if (!paths.has(path)) this.#facts.delete(path);
    }
    return files;
  }

  #isGrid({ path, root }: Listed): boolean {
    const { grids, outputs } = this.#folders;
    return (root === grids && grids !== outputs) || GRID_NAME.test(basename(path));
  }

  /** True for the smaller JPEG copy of a picture that is in the list too. */
  async #isSmallCopy({ path, infotext }: GalleryImage, byPath: ReadonlyMap<string, Listed>): Promise<boolean> {
    if (infotext === null) return false;
    const originals = possibleOriginals(path).flatMap((one) => byPath.get(one) ?? []);
    const read = await Promise.all(originals.map((one) => this.#read(one)));
    return read.some((one) => one?.infotext === infotext);
  }

  async #read({ path, createdAt, day, version }: Listed): Promise<GalleryImage | undefined> {
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
    return { path, file: basename(path), day, createdAt, ...known.facts };
  }
}

/** The newest day first, and in a day the newest picture: a file that was copied or changed later stays in the day that its folder says. */
async function listFiles({ outputs, grids }: GalleryFolders): Promise<Listed[]> {
  const files = (await Promise.all([outputs, grids].map(listFolder))).flat();
  return files.toSorted(inGalleryOrder);
}

/** Many pictures can have the same time (a copied folder), and then their paths decide. */
function inGalleryOrder(a: Place, b: Place): number {
  return byCode(b.day, a.day) || b.createdAt - a.createdAt || byName(b.path, a.path);
}

/** True if a picture comes after the given place; without a path, after all pictures of that time. */
function isBehind(
  file: Listed,
  place: { day: string | undefined; createdAt: number; path: string | undefined },
): boolean {
  const { day = file.day, createdAt, path } = place;
  if (file.day !== day || file.createdAt !== createdAt) return inGalleryOrder({ day, createdAt, path: "" }, file) < 0;
  return path !== undefined && byName(file.path, path) < 0;
}

function placeOf({ day, createdAt, path }: Place): Place {
  return { day, createdAt, path };
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function listFolder(root: string): Promise<Listed[]> {
  // The target of a link may lie outside the folders that pages may read.
  const files = await walkFiles(root, { isWanted: isPictureName, entersLinks: false });
  return files.map(({ path, sizeBytes, modifiedAt }) => {
    const folder = relative(root, path).split(/[\\/]/)[0] ?? "";
    const day = /^\d{4}-\d\d-\d\d$/.test(folder) ? folder : localDay(new Date(modifiedAt));
    return { path, root, createdAt: modifiedAt, day, version: `${sizeBytes}:${modifiedAt}` };
  });
}
