/** @file Opens the job list again and again while there is no room for it: the user can make room while the server runs. */
import { LexemeError } from "@lexeme/core";

const TRY_EVERY_MS = 3000;

export interface LastingOpeningOptions<T> {
  open: () => Promise<T>;
  /** Called if a later attempt than the first succeeds. */
  onLate: (opened: T) => void;
}

export class LastingOpening<T> {
  /** Resolves at the first success; rejects with a failure that does not pass. */
  readonly ready: Promise<void>;
  readonly #options: LastingOpeningOptions<T>;
  #attempt: Promise<T>;
  /** The attempt that is under way, which has not ended yet. */
  #next: Promise<T> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LastingOpeningOptions<T>) {
    this.#options = options;
    this.#attempt = options.open();
    this.ready = new Promise((resolve, reject) => this.#follow({ resolve, reject }, true));
    // A later request gets the reason. Until then the rejections must not count as unhandled.
    this.ready.catch(() => undefined);
  }

  /** The opened list, or the reason why the last attempt failed. */
  get current(): Promise<T> {
    return this.#attempt;
  }

  /** Like `current`; undefined while the disk is full or the folder is read-only. */
  async openedIfRoom(): Promise<T | undefined> {
    return this.#attempt.catch((cause: unknown) => {
      if (isLackOfRoom(cause)) return undefined;
      throw cause;
    });
  }

  /** Makes no more attempts. Resolves with what is open, also by the attempt that is under way: the caller closes it. */
  async close(): Promise<T | undefined> {
    this.#closed = true;
    clearTimeout(this.#timer);
    return (this.#next ?? this.#attempt).catch(() => undefined);
  }

  #follow(end: { resolve: () => void; reject: (cause: unknown) => void }, isFirst: boolean): void {
    this.#attempt.then(
      (opened) => {
        if (!isFirst && !this.#closed) this.#options.onLate(opened);
        end.resolve();
      },
      (cause: unknown) => {
        if (!isLackOfRoom(cause)) return end.reject(cause);
        if (this.#closed) return;
        this.#timer = setTimeout(() => {
          const next = this.#options.open();
          this.#next = next;
          // Requests get the old reason until the new attempt has ended.
          const take = (): void => {
            this.#attempt = next;
            this.#next = undefined;
            this.#follow(end, false);
          };
          next.then(take, take);
        }, TRY_EVERY_MS);
      },
    );
  }
}

/** A reason that the user can end while the server runs. */
function isLackOfRoom(cause: unknown): boolean {
  return cause instanceof LexemeError && (cause.code === "DISK_FULL" || cause.code === "FOLDER_NOT_WRITABLE");
}
