/** @file The folders in which files may be used, and the check that no path leads out of them, not even through ".." or a link. */
import { LexemeError, isAbsent, readFault } from "@lexeme/core";
import { isCaptionName, isPictureName } from "@lexeme/data-folder";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
import type { DataFolders } from "../data-folder.ts";

export interface Root {
  name: string;
  path: string;
  writable: boolean;
  /** Folders of the data folder inside this root that may be links to other places. The targets of these links count as inside. */
  linked?: readonly string[];
  /** True if hidden files and folders do not count as inside. */
  withoutHidden?: boolean;
}

export interface RootsOptions {
  /** A folder that is inside no root, whatever contains it. */
  closed?: string;
  /** Whether folders outside the roots may be read. */
  access?: { readonly state: "unavailable" | "closed" | "open" };
}

export interface PathUse {
  /** True if the path will be written to. */
  write?: boolean;
  /** The form's field that names the path. */
  field?: string;
}

/** The folders of the data folder, the data folder itself, the demo's photos, and the folders that the operator allowed. */
export function rootsOf(folders: DataFolders, allowed: readonly string[]): Root[] {
  const { dataDir, outputs, grids } = folders;
  return [
    { name: "Data sets", path: folders.datasets, writable: true },
    { name: "Outputs", path: join(dataDir, "outputs"), writable: true, linked: [outputs, grids] },
    { name: "Training runs", path: folders.runs, writable: true },
    { name: "Embeddings", path: folders.embeddings, writable: true },
    { name: "Models", path: join(dataDir, "models"), writable: false },
    { name: "Demo photos", path: DEMO_PHOTOS_DIR, writable: false },
    // Last among the folders of the data folder, because it holds all others.
    { name: "Data folder", path: dataDir, writable: true, withoutHidden: true },
    ...allowed.map((path): Root => ({ name: path, path, writable: true })),
  ];
}

export class Roots {
  readonly list: readonly Root[];
  readonly #places: readonly Root[];
  /** Real paths of the places, by path. */
  readonly #real = new Map<string, string>();

  readonly #options: RootsOptions;

  constructor(list: readonly Root[], options: RootsOptions = {}) {
    this.list = list;
    this.#options = options;
    // If a root itself is a link (an A1111 user's models folder often is), the root is the target of the link.
    this.#places = list.flatMap((root) => [root.path, ...(root.linked ?? [])].map((path) => ({ ...root, path })));
  }

  /** True if folders outside the roots may be read too. */
  get isOpen(): boolean {
    return this.#options.access?.state === "open";
  }

  /**
   * The absolute path of an existing file or folder inside a root. Links are resolved for the check but not in the result. Throws
   * LexemeError `PATH_OUTSIDE`, `FILE_MISSING` or `FILE_UNREADABLE`; a path outside is refused whether it exists or not.
   */
  async requireInside(path: string, use: PathUse = {}): Promise<string> {
    const given = this.#absolute(path, use);
    const real = await realpath(given).catch(() => undefined);
    if (real === undefined) {
      await this.requireInsideEvenIfMissing(given, use);
      throw new LexemeError("FILE_MISSING", `There is nothing at "${given}"`, { details: detailsOf(use, given) });
    }
    await this.#check(real, given, use);
    return given;
  }

  /**
   * Like `requireInside` for a place that Lexeme itself noted earlier: the path's names must lead into a root, and links on the way, which
   * the user made, may lead elsewhere. Throws LexemeError `PATH_OUTSIDE`.
   */
  requireNamedInside(path: string): void {
    const named = resolve(path);
    const [innermost] = this.#places
      .filter((root) => isInside(named, resolve(root.path)))
      .toSorted((a, b) => b.path.length - a.path.length);
    if (innermost?.writable !== true) throw outside(path);
    // The data folder also holds programs and settings, which no job has moved to the bin.
    const isOurs = isPictureName(named) || isCaptionName(named);
    if (innermost.withoutHidden === true && (isHidden(named, resolve(innermost.path)) || !isOurs)) throw outside(path);
  }

  /** True if the file at `path`, in a folder that was checked, is a link to a place outside the roots. */
  async leadsOut(path: string): Promise<boolean> {
    const status = await lstat(path).catch(() => undefined);
    if (status?.isSymbolicLink() !== true) return false;
    const { real } = await nearestReal(path);
    return (await this.#holdersOf(real)).length === 0;
  }

  /**
   * Like `requireInside`, for a path that may not exist yet: its nearest existing ancestor must be inside. Throws `FILE_UNREADABLE` if the
   * file system does not tell whether the path exists.
   */
  async requireInsideEvenIfMissing(path: string, use: PathUse = {}): Promise<string> {
    const given = this.#absolute(path, use);
    const { real, fault } = await nearestReal(given);
    await this.#check(real, given, use);
    if (fault !== undefined) throw new LexemeError("FILE_UNREADABLE", fault, { details: detailsOf(use, given) });
    return given;
  }

  #absolute(path: string, use: PathUse): string {
    if (path.includes("\0") || !isAbsolute(path)) {
      throw new LexemeError("PATH_OUTSIDE", `"${path}" is not a full path: choose a folder with the browser`, {
        details: detailsOf(use, path),
      });
    }
    return resolve(path);
  }

  /** A root that cannot be resolved yet, because it is missing or unreadable, is tried again at the next check. */
  async #realOf({ path }: Pick<Root, "path">): Promise<string> {
    const known = this.#real.get(path);
    if (known !== undefined) return known;
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined) this.#real.set(path, real);
    return real ?? resolve(path);
  }

  /** The roots that contain a real path, the innermost first. */
  async #holdersOf(real: string): Promise<Root[]> {
    if (await this.#isClosed(real)) return [];
    const places = await Promise.all(this.#places.map(async (root) => ({ ...root, real: await this.#realOf(root) })));
    return places
      .filter((root) => isInside(real, root.real) && !(root.withoutHidden === true && isHidden(real, root.real)))
      .toSorted((a, b) => b.real.length - a.real.length);
  }

  async #isClosed(real: string): Promise<boolean> {
    const { closed } = this.#options;
    return closed !== undefined && isInside(real, await this.#realOf({ path: closed }));
  }

  /**
   * True for a path outside the roots that may be read, because every folder may. A link that leaves a root, or that leads to a place outside,
   * is refused all the same: somebody else may have put it there.
   */
  async #isReadable(real: string, given: string): Promise<boolean> {
    if (!this.isOpen || (await this.#isClosed(real))) return false;
    for (const root of this.#places) {
      if (isInside(given, resolve(root.path)) || isInside(given, await this.#realOf(root))) return false;
    }
    return (await lstat(given).catch(() => undefined))?.isSymbolicLink() !== true;
  }

  async #check(real: string, given: string, use: PathUse): Promise<void> {
    const [innermost] = await this.#holdersOf(real);
    if (innermost === undefined) {
      if (use.write !== true && (await this.#isReadable(real, given))) return;
      throw outside(given, use);
    }
    if (use.write === true && !innermost.writable) {
      throw new LexemeError("FOLDER_NOT_WRITABLE", `"${given}" is read-only: choose another folder to write to`, {
        details: detailsOf(use, given),
      });
    }
  }
}

function outside(given: string, use: PathUse = {}): LexemeError {
  return new LexemeError(
    "PATH_OUTSIDE",
    `"${given}" is outside the folders that Lexeme may use: choose a path inside them, or start Lexeme with --allow-dir for that folder`,
    { details: detailsOf(use, given) },
  );
}

function detailsOf({ field }: PathUse, path: string): Record<string, unknown> {
  return field === undefined ? { path } : { field, path };
}

/**
 * The real path of the longest existing part of `path`, with the rest appended. `fault` is the reason if a part of the path could not be
 * examined, which is different from a missing part.
 */
async function nearestReal(path: string): Promise<{ real: string; fault: string | undefined }> {
  const rest: string[] = [];
  let fault: string | undefined;
  for (let at = path; ; at = dirname(at)) {
    try {
      return { real: join(await realpath(at), ...rest), fault };
    } catch (cause) {
      if (!isAbsent(cause)) fault ??= (readFault(cause) as Error).message;
    }
    if (dirname(at) === at) return { real: path, fault };
    rest.unshift(basename(at));
  }
}

/** True if a part of the path below the root begins with a dot. */
function isHidden(path: string, root: string): boolean {
  return path
    .slice(root.length)
    .split(sep)
    .some((part) => part.startsWith("."));
}

function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
