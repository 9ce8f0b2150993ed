/** @file Loads CLIP's tokenizer from the data files of this package; the only module here that reads files. */
import { readFileSync } from "node:fs";
import type { ClipDialect } from "@lexeme/core";
import { ClipTokenizer } from "./clip-tokenizer.ts";

const loaded = new Map<ClipDialect, ClipTokenizer>();

/** CLIP's tokenizer, loaded once per process (about 0.1 s). For SD 2.x the dialect is "openClip". */
export function loadClipTokenizer(dialect: ClipDialect = "clip"): ClipTokenizer {
  const known = loaded.get(dialect);
  if (known) return known;
  const entities: Record<string, string> = JSON.parse(readData("html-entities.json"));
  const bareEntities: string[] = JSON.parse(readData("bare-html-entities.json"));
  const tokenizer = new ClipTokenizer({
    merges: readData("clip-merges.txt").trimEnd().split("\n"),
    entities: new Map(Object.entries(entities)),
    bareEntities: new Set(bareEntities),
    dialect,
  });
  loaded.set(dialect, tokenizer);
  return tokenizer;
}

function readData(name: string): string {
  return readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8");
}
