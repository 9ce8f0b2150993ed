/** @file The door to the disk: CLIP's tokenizer from the data files of this package. */
import { readFileSync } from "node:fs";
import { ClipTokenizer } from "./clip-tokenizer.ts";

let loaded: ClipTokenizer | undefined;

/** CLIP's tokenizer, read once per process (about 50 ms). */
export function loadClipTokenizer(): ClipTokenizer {
  return (loaded ??= new ClipTokenizer({
    merges: readData("clip-merges.txt").trimEnd().split("\n"),
    entities: new Map(Object.entries(JSON.parse(readData("html-entities.json")) as Record<string, string>)),
  }));
}

function readData(name: string): string {
  return readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8");
}
