/** @file sha256 of large files, one at a time in the background, remembered in `.lexeme/cache` while size and time of change stay the same. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writeWholeFile } from "@lexeme/data-folder";
import type { PortablePaths } from "../../portable-paths.ts";

const RememberedSchema = z.record(z.string(), z.object({ version: z.string(), sha256: z.string() }));

/** Hashing 1 MiB takes about a millisecond; the pause after each MiB leaves the rest of the time to requests and steps. */
const CHUNK_BYTES = 1 << 20;
const PAUSE_MS = 2;

export interface FileVersion {
  path: string;
  /** Changes with the file: its size and time of change. */
  version: string;
}

/** The most files whose hashes are remembered; those of moved and deleted files leave first. */
const MAX_KNOWN = 2000;

export interface HashParts {
  /** The file that holds the known hashes. */
  readonly cachePath: string;
  readonly paths: PortablePaths;
  /** Called with the path of a file whose hash has just been computed. */
  readonly onHash: (path: string) => void;
}

export class FileHashes {
  readonly #cachePath: string;
  readonly #paths: PortablePaths;
  readonly #known: Map<string, { version: string; sha256: string }>;
  readonly #queue = new Map<string, FileVersion>();
  readonly #onHash: (path: string) => void;
  #running: Promise<void> | undefined;
  #closed = false;

  private constructor({ cachePath, paths, onHash }: HashParts, known: z.infer<typeof RememberedSchema>) {
    this.#cachePath = cachePath;
    this.#paths = paths;
    this.#known = new Map(Object.entries(known).map(([path, hash]) => [paths.read(path), hash]));
    this.#onHash = onHash;
  }

  static async open(parts: HashParts): Promise<FileHashes> {
    const text = await readFile(parts.cachePath, "utf8").catch(() => "{}");
    let known: z.infer<typeof RememberedSchema> = {};
    try {
      known = RememberedSchema.parse(JSON.parse(text));
    } catch {
      // The hashes of an unreadable cache are computed again.
    }
    return new FileHashes(parts, known);
  }

  /** The hash if it is known; otherwise null, and the hash is computed in the background. */
  get(file: FileVersion): string | null {
    const known = this.#known.get(file.path);
    if (known?.version === file.version) return known.sha256;
    if (!this.#closed) {
      this.#queue.set(file.path, file);
      this.#running ??= this.#work().finally(() => (this.#running = undefined));
    }
    return null;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.clear();
    await this.#running;
  }

  async #work(): Promise<void> {
    for (let next = this.#queue.values().next(); !next.done; next = this.#queue.values().next()) {
      const file = next.value;
      this.#queue.delete(file.path);
      const sha256 = await this.#hash(file.path).catch(() => undefined);
      if (sha256 === undefined) continue;
      this.#known.delete(file.path);
      this.#known.set(file.path, { version: file.version, sha256 });
      const [oldest] = this.#known.keys();
      if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
      const stored = Object.fromEntries([...this.#known].map(([path, hash]) => [this.#paths.stored(path), hash]));
      await writeWholeFile(this.#cachePath, JSON.stringify(stored), { replace: true }).catch(() => undefined);
      this.#onHash(file.path);
    }
  }

  /** The sha256 of a file; undefined if the server is closing. */
  async #hash(path: string): Promise<string | undefined> {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      if (this.#closed) return undefined;
      hash.update(chunk as Buffer);
      await new Promise((wake) => setTimeout(wake, PAUSE_MS));
    }
    return hash.digest("hex");
  }
}
