/** @file The name of the embedding to which a run belongs. A run keeps its folder when the embedding is renamed, and a file in the folder then says the new name. */
import { LexemeError } from "@lexeme/core";
import { isSameWord } from "@lexeme/domain/libraries";
import { basename, join } from "node:path";
import { fileNameOf } from "./file-name.ts";
import { readRegularFile } from "./folder-walk.ts";
import { numberOfRun, readRunSettings, stemsInside } from "./run-folder.ts";
import { readRunRecord } from "./run-record.ts";
import { writeWholeFile } from "./whole-file.ts";

/** The file has one name, which is at most a file's name. */
const MAX_RENAMED_BYTES = 16 << 10;

/** The name of a run's embedding. */
export interface NamedRun {
  readonly name: string;
  /** Whether the name comes from the run's settings or its record. Otherwise it comes from the names of the folder and its files. */
  readonly isStated: boolean;
}

/**
 * The embedding of a run: the name that a rename gave it, else the name in the run's settings or in its record. Without these, the names of
 * copies and previews show whether a number belongs to the name; without copies and previews, the number does not belong to the name if the day has a
 * run without the number.
 */
export async function embeddingOfRun(path: string, namesOfDay: ReadonlySet<string>): Promise<NamedRun> {
  const stated =
    (await renamedEmbedding(path)) ??
    (await readRunSettings(path)).last.embeddingName ??
    (await embeddingInRecord(path));
  return stated === undefined
    ? { name: await embeddingInNames(path, namesOfDay), isStated: false }
    : { name: stated, isStated: true };
}

async function embeddingInNames(path: string, namesOfDay: ReadonlySet<string>): Promise<string> {
  const name = basename(path);
  const { base } = numberOfRun(name);
  if (base === name) return name;
  const stems = await stemsInside(path);
  if (stems.has(name)) return name;
  return stems.has(base) || namesOfDay.has(base) ? base : name;
}

async function embeddingInRecord(path: string): Promise<string | undefined> {
  const { beginnings, kept } = await readRunRecord(path);
  return beginnings.at(-1)?.embedding ?? kept?.embedding;
}

/** Gives the run to the embedding `name`. Throws the errors of `writeWholeFile`. */
export async function renameRun(path: string, name: string): Promise<void> {
  await writeWholeFile(renamedPath(path), `${JSON.stringify({ embedding: name })}\n`, { replace: true });
}

/** The name that a rename gave the run's embedding; undefined without a rename, and for a file that somebody else wrote. */
async function renamedEmbedding(path: string): Promise<string | undefined> {
  const bytes = await readRegularFile(renamedPath(path), MAX_RENAMED_BYTES);
  if (bytes === undefined) return undefined;
  try {
    const { embedding } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    return typeof embedding === "string" && embedding !== "" ? embedding : undefined;
  } catch {
    return undefined;
  }
}

function renamedPath(path: string): string {
  return join(path, "renamed.json");
}

/** Whether the run can belong to the embedding: its folder has the embedding's name, alone or with a number, or a rename gave it this name. */
export async function mayBeRunOf(path: string, embedding: string): Promise<boolean> {
  if (isRunName(basename(path), embedding)) return true;
  // A folder of another name need not be readable.
  const renamed = await renamedEmbedding(path).catch(unlessUnreadable);
  return renamed !== undefined && isSameWord(renamed, embedding);
}

/** Whether a run of the embedding can have a folder of this name. */
export function isRunName(folderName: string, embedding: string): boolean {
  const name = fileNameOf(embedding);
  return isSameWord(folderName, name) || isSameWord(numberOfRun(folderName).base, name);
}

/** Settings contain the exact name. File names contain `_` in place of characters that they must not have. */
export function isRunOf({ name, isStated }: NamedRun, embedding: string): boolean {
  return isSameWord(name, embedding) || (!isStated && isSameWord(name, fileNameOf(embedding)));
}

/** Undefined for an error that names what cannot be read; other errors are thrown again. */
function unlessUnreadable(cause: unknown): undefined {
  if (cause instanceof LexemeError) return undefined;
  throw cause;
}
