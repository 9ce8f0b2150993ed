/** @file An entry of the bin as the page lists it, read from its folder: with the record, or guessed for entries of earlier versions. */
import { ifAbsent } from "@lexeme/core";
import { embeddingFormatOf, isPictureFormat } from "@lexeme/domain/libraries";
import { lstat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { BIN_RECORD_NAME, readBinRecord, type BinnedFile, type BinRecord } from "./bin-record.ts";
import { walkFiles } from "./folder-walk.ts";
import { localDay } from "./local-date.ts";
import { isPictureName } from "./picture-file.ts";

export interface BinPlaces {
  dataDir: string;
  embeddings: string;
  /** Pictures of txt2img, a folder for each day. */
  outputs: string;
}

export interface BinEntry {
  readonly id: string;
  /** When the files were moved to the bin, in milliseconds since the epoch. */
  readonly at: number;
  /** The day of `at`, as `2026-11-24`. */
  readonly day: string;
  readonly why: BinRecord["why"];
  /** The action that replaced the files; null if unknown. */
  readonly by: string | null;
  /** The kind of its first file. */
  readonly kind: "embedding" | "picture" | "caption" | "other";
  readonly files: readonly (BinnedFile & { readonly sizeBytes: number })[];
  readonly sizeBytes: number;
  /** The file in the entry that is shown as its picture; null if there is none. */
  readonly picture: string | null;
  /** False if the places of the files are guesses, because an earlier version moved them to the bin. */
  readonly isPlaceKnown: boolean;
}

type FoundEntry = Pick<BinEntry, "at" | "why" | "by" | "files" | "isPlaceKnown">;

/** The files of an entry that are in its folder; undefined if there are none. Throws the errors of `walkFiles`. */
export async function filesOfEntry(folder: string, places: BinPlaces): Promise<FoundEntry | undefined> {
  const record = await readBinRecord(folder, places.dataDir);
  const found = record ?? (await guessedRecord(folder, places));
  const files: BinEntry["files"][number][] = [];
  for (const file of found?.files ?? []) {
    // A kill while the files were moved leaves some of them at their places.
    const status = await ifAbsent(lstat(join(folder, file.file)), undefined);
    if (status !== undefined && !status.isDirectory()) files.push({ ...file, sizeBytes: status.size });
  }
  if (found === undefined || files.length === 0) return undefined;
  const { at, why, by = null } = found;
  return { at, why, by, files, isPlaceKnown: record !== undefined };
}

export function describeBinEntry(id: string, found: FoundEntry, places: BinPlaces): BinEntry {
  return {
    id,
    ...found,
    day: localDay(new Date(found.at)),
    kind: kindOf(found.files[0]!, places),
    sizeBytes: found.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    picture: found.files.find(({ file }) => isPictureName(file))?.file ?? null,
  };
}

function kindOf({ file, from }: BinnedFile, { embeddings }: BinPlaces): BinEntry["kind"] {
  const format = embeddingFormatOf(file);
  if (format !== undefined && (!isPictureFormat(format) || from.startsWith(embeddings + sep))) return "embedding";
  if (isPictureName(file)) return "picture";
  return /\.txt$/iu.test(file) ? "caption" : "other";
}

/** Entries of versions before the record: the folder's name holds the time, and each kind of file has one likely place. */
async function guessedRecord(folder: string, places: BinPlaces): Promise<BinRecord | undefined> {
  const found = (await walkFiles(folder, { entersLinks: false })).filter(({ file }) => file !== BIN_RECORD_NAME);
  if (found.length === 0) return undefined;
  const [, day, time] = /^(\d{4}-\d\d-\d\dT)(\d\d-\d\d-\d\d(?:\.\d+)?Z)/u.exec(basename(folder)) ?? [];
  const named = day === undefined || time === undefined ? NaN : Date.parse(day + time.replaceAll("-", ":"));
  const at = Number.isNaN(named) ? Math.max(...found.map(({ modifiedAt }) => modifiedAt)) : named;
  const firstPicture = found.find(({ file }) => isPictureName(file));
  const pictures = join(places.outputs, localDay(new Date(firstPicture?.modifiedAt ?? at)));
  const placeOf = (file: string): string => {
    const format = embeddingFormatOf(file);
    if (format !== undefined && !isPictureFormat(format)) return places.embeddings;
    return pictures;
  };
  return {
    at,
    why: "deleted",
    files: found.map(({ folder: inside, file }) => ({
      file: inside === "" ? file : `${inside}/${file}`,
      // Files of the same name lie in numbered folders, which keep them apart at the guessed place too.
      from: join(placeOf(file), inside, file),
    })),
  };
}
