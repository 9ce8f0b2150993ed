/** @file Small WebP copies of pictures, made once and kept in `.lexeme/cache`. Their names depend on the picture's path, time, size and on the thumbnail's size. */
import { ifAbsent } from "@lexeme/core";
import { notAPicture, openPicture, requireSmallDecoding } from "@lexeme/data-folder";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

/** The most thumbnails that are kept; above this number the thumbnails that were not used for the longest time are removed. A thumbnail of 256 px has about 10 KB. */
const MAX_KEPT = 20_000;
const PRUNE_EVERY = 1000;
const MAX_AT_ONCE = 2;

export interface Thumbnail {
  path: string;
  /** Changes with the picture. */
  etag: string;
}

export class Thumbnails {
  readonly #folder: string;
  readonly #making = new Map<string, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #atWork = 0;
  #made = 0;

  constructor(cacheFolder: string) {
    this.#folder = join(cacheFolder, "thumbnails");
  }

  /** A thumbnail of at most `size` pixels on each side. Throws LexemeError `NOT_A_PICTURE`. */
  async of(picture: string, size: number): Promise<Thumbnail> {
    const { mtimeMs, size: bytes } = await stat(picture);
    const etag = createHash("sha1").update(`${picture}\0${mtimeMs}\0${bytes}\0${size}`).digest("hex");
    const path = join(this.#folder, etag.slice(0, 2), `${etag}.webp`);
    const made = await utimes(path, new Date(), new Date()).then(
      () => true,
      () => false,
    );
    if (!made) {
      const making =
        this.#making.get(path) ?? this.#make(picture, { path, size }).finally(() => this.#making.delete(path));
      this.#making.set(path, making);
      await making;
    }
    return { path, etag };
  }

  async #make(picture: string, { path, size }: { path: string; size: number }): Promise<void> {
    await this.#turn();
    const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
    try {
      await mkdir(join(path, ".."), { recursive: true });
      await requireSmallDecoding(picture);
      await openPicture(picture)
        .rotate()
        .resize(size, size, { fit: "inside", withoutEnlargement: true })
        .webp({ quality: 82 })
        .toFile(temporary)
        .catch((cause: unknown) => {
          throw notAPicture(picture, cause);
        });
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
      this.#atWork--;
      this.#waiting.shift()?.();
    }
    if (++this.#made % PRUNE_EVERY === 0) await this.prune();
  }

  async #turn(): Promise<void> {
    if (this.#atWork >= MAX_AT_ONCE) await new Promise<void>((go) => this.#waiting.push(go));
    this.#atWork++;
  }

  /** If there are too many thumbnails, removes those that were not used for the longest time. */
  async prune(): Promise<void> {
    const entries = await ifAbsent(readdir(this.#folder, { recursive: true, withFileTypes: true }), []);
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    if (paths.length <= MAX_KEPT) return;
    const dated = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
    const oldest = dated.toSorted((a, b) => a.at - b.at).slice(0, paths.length - MAX_KEPT);
    for (const { path } of oldest) await rm(path, { force: true });
  }
}
