/** @file Entries of the bin as the page names, finds and sorts them. Knows no React. */
import type { CallOutput } from "../../api/client.ts";
import { baseName } from "../../ui/text/folder-path.ts";
import { formatPlural } from "../../ui/text/format.ts";

export type BinEntry = CallOutput<"listBin">["entries"][number];

export const KIND_TEXTS: Readonly<Record<BinEntry["kind"], string>> = {
  embedding: "Embedding",
  picture: "Picture",
  caption: "Caption",
  other: "File",
};

/** The name of the entry's first file, and how many more files it has. */
export function nameOf({ files }: BinEntry): string {
  const name = `“${baseName(files[0]?.from ?? "")}”`;
  return files.length < 2 ? name : `${name} and ${formatPlural(files.length - 1, "more file")}`;
}

/** Why the files are in the bin, such as "Replaced by Create Embedding". */
export function reasonOf({ why, by }: BinEntry): string {
  const reason = why === "replaced" ? "Replaced" : "Deleted";
  return by === null ? reason : `${reason} by ${by}`;
}

/** The entries with a file whose name contains the text, in any case. */
export function findEntries(entries: readonly BinEntry[], search: string): BinEntry[] {
  const wanted = search.trim().toLowerCase();
  return entries.filter(({ files }) => files.some(({ from }) => baseName(from).toLowerCase().includes(wanted)));
}

/** `entries`, newest first, under their days. */
export function entriesByDay(entries: readonly BinEntry[]): { day: string; entries: BinEntry[] }[] {
  const days: { day: string; entries: BinEntry[] }[] = [];
  for (const entry of entries) {
    const last = days.at(-1);
    if (last?.day === entry.day) last.entries.push(entry);
    else days.push({ day: entry.day, entries: [entry] });
  }
  return days;
}
