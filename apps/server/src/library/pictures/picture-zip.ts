/** @file Several pictures as one zip, written while it is sent: one file is open at a time, and no picture is in memory. */
import { LexemeError } from "@lexeme/core";
import type { OpenedFile } from "@lexeme/data-folder";
import { randomUUID } from "node:crypto";
import { basename, extname } from "node:path";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { ZipFile } from "yazl";

/** An order is for one download, which a browser begins at once. */
const KEPT_MS = 10 * 60 * 1000;
const MAX_ORDERS = 20;

/** Which pictures a download will have: the list is too long for an address. */
export class ZipOrders {
  readonly #orders = new Map<string, { paths: readonly string[]; until: number }>();

  add(paths: readonly string[]): string {
    const id = randomUUID();
    this.#orders.set(id, { paths, until: performance.now() + KEPT_MS });
    for (const old of [...this.#orders.keys()].slice(0, -MAX_ORDERS)) this.#orders.delete(old);
    return id;
  }

  /** Throws LexemeError `DOWNLOAD_EXPIRED`. */
  require(id: string): readonly string[] {
    const order = this.#orders.get(id);
    if (order === undefined || order.until < performance.now()) throw new LexemeError("DOWNLOAD_EXPIRED");
    return order.paths;
  }
}

/**
 * The zip of the files at `paths`, without compression, because pictures are compressed. `open` gives each file when its turn comes; a file that
 * it does not give is left out and named in a text inside the zip. Two files with one name get different names.
 */
export function zipOf(paths: readonly string[], open: (path: string) => Promise<OpenedFile | undefined>): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const gone = new AbortController();
  output.once("close", () => gone.abort());
  addAll(zip, { paths, open, gone: gone.signal }).catch((error: unknown) =>
    output.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return output;
}

interface ZipParts {
  paths: readonly string[];
  open: (path: string) => Promise<OpenedFile | undefined>;
  /** Aborted when nobody takes the zip any more. */
  gone: AbortSignal;
}

async function addAll(zip: ZipFile, { paths, open, gone }: ZipParts): Promise<void> {
  const taken = new Set<string>();
  const missing: string[] = [];
  for (const path of paths) {
    const opened = await open(path);
    if (opened === undefined) {
      missing.push(path);
      continue;
    }
    const { handle, status } = opened;
    const file = handle.createReadStream();
    // A zip stores no time before 1970.
    const mtime = new Date(Math.max(0, status.mtimeMs));
    try {
      zip.addReadStream(file, freeName(zipName(path), taken), { compress: false, mtime });
    } catch (cause) {
      file.destroy();
      throw cause;
    }
    const abort = (): void => void file.destroy(new Error("The download was given up"));
    if (gone.aborted) abort();
    else gone.addEventListener("abort", abort, { once: true });
    await finished(file);
    gone.removeEventListener("abort", abort);
  }
  if (missing.length > 0) zip.addBuffer(Buffer.from(missingText(missing)), freeName("Missing pictures.txt", taken));
  zip.end();
}

/** The file's name without the characters that separate folders and drives on some systems: a zip with them is refused. */
function zipName(path: string): string {
  return basename(path).replaceAll(/[\\:]/gu, "_");
}

/** The name, or the name with a number if it is taken. Names that differ in case alone are one file on some systems. */
function freeName(name: string, taken: Set<string>): string {
  const ending = extname(name);
  const stem = name.slice(0, name.length - ending.length);
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${stem} (${number})${ending}`;
  taken.add(free.toLowerCase());
  return free;
}

function missingText(paths: readonly string[]): string {
  return `These pictures were deleted or moved before they could be added:\n${paths.join("\n")}\n`;
}
