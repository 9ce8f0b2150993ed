/** @file The door to the disk: CLIP's tokenizer from the data files of this package. */
import { readFileSync } from "node:fs";
import { ClipTokenizer } from "./clip-tokenizer.ts";

let loaded: ClipTokenizer | undefined;

/** CLIP's tokenizer, read once per process (about 0.1 s). */
export function loadClipTokenizer(): ClipTokenizer {
  if (loaded) return loaded;
  const entities: Record<string, string> = JSON.parse(readData("html-entities.json"));
  const merges = readData("clip-merges.txt").trimEnd().split("\n");
  loaded = new ClipTokenizer({ merges, entities: new Map(Object.entries(entities)) });
  return loaded;
}

function readData(name: string): string {
  return readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8");
}
