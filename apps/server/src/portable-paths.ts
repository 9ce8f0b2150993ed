/** @file Paths inside the data folder are stored relative to it, so that the folder can be moved with its jobs. */
import { realpathSync } from "node:fs";
import { resolve, sep } from "node:path";

/** Begins the stored form of a path inside the data folder. */
const INSIDE = "data-folder:/";
/** Begins the stored form of any other text that begins like a stored path. */
const LITERAL = "data-folder:=";

export class PortablePaths {
  readonly #dataDir: string;
  /** The folder's name as it was given and without links: settings of requests have the latter. */
  readonly #prefixes: readonly string[];

  constructor(dataDir: string) {
    this.#dataDir = resolve(dataDir);
    this.#prefixes = [...new Set([this.#dataDir, realPathOf(this.#dataDir)])];
  }

  /** The value with the stored form of every text in it that is a path inside the data folder. */
  stored<T>(value: T): T {
    return mapTexts(value, (text) => {
      const prefix = this.#prefixes.find((one) => text === one || text.startsWith(one + sep));
      if (prefix !== undefined) return INSIDE + text.slice(prefix.length + 1);
      return text.startsWith("data-folder:") ? LITERAL + text : text;
    });
  }

  /** The value that `stored` was given, in the folder's present place. Absolute paths of rows of earlier versions stay as they are. */
  read<T>(value: T): T {
    return mapTexts(value, (text) => {
      if (text === INSIDE) return this.#dataDir;
      if (text.startsWith(INSIDE)) return this.#dataDir + sep + text.slice(INSIDE.length);
      return text.startsWith(LITERAL) ? text.slice(LITERAL.length) : text;
    });
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The value with `change` applied to every text in it, except keys. Values are JSON. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === "string") return change(value) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts<unknown>(item, change)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts<unknown>(item, change)])) as T;
}
