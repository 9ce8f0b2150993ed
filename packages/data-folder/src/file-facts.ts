/** @file Remembers what files contain for as long as the files stay the same. */
import { LexemeError } from "@lexeme/core";

export class FileFacts<T> {
  readonly #known = new Map<string, { version: string; facts: Promise<T> }>();

  /**
   * The result of `read` for this version of the file. A failure is remembered too, except a refusal of the file system: reading may become
   * permitted while size and time of change stay the same.
   */
  of({ path, version }: { path: string; version: string }, read: () => Promise<T>): Promise<T> {
    const known = this.#known.get(path);
    if (known?.version === version) return known.facts;
    const entry = { version, facts: read() };
    this.#known.set(path, entry);
    entry.facts.catch((cause: unknown) => {
      if ((isRefusal(cause) || isUnreadable(cause)) && this.#known.get(path) === entry) this.#known.delete(path);
    });
    return entry.facts;
  }

  /** Forgets all other files. */
  keepOnly(paths: Iterable<string>): void {
    const kept = new Set(paths);
    for (const path of this.#known.keys()) if (!kept.has(path)) this.#known.delete(path);
  }
}

/** Whether reading failed because the file system refused it, in contrast to a fault of the content: the same file may be read another time. */
export function isRefusal(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause instanceof LexemeError) return isRefusal(cause.cause);
  return "errno" in cause && typeof cause.errno === "number";
}

function isUnreadable(cause: unknown): boolean {
  return cause instanceof LexemeError && (cause.code === "FILE_UNREADABLE" || isUnreadable(cause.cause));
}
