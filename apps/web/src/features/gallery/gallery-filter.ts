/** @file What the gallery shows: a search, a kind of picture, an embedding and a checkpoint. */
import type { GalleryImage } from "@lexeme/protocol";
import { parseInfotext } from "@lexeme/domain/infotext";

export const SHOWN = ["all", "pictures", "grids"] as const;

export interface GalleryFilter {
  search: string;
  show: (typeof SHOWN)[number];
  /** The name of an embedding; null for all pictures. */
  word: string | null;
  /** The name of a checkpoint as infotexts have it; null for all pictures. */
  checkpoint: string | null;
}

export const NO_FILTER: GalleryFilter = { search: "", show: "all", word: null, checkpoint: null };

/** Why the list is empty, for a filter that finds nothing. */
export function nothingFound({ search, show, word, checkpoint }: GalleryFilter): string {
  if (show === "all" && word === null && checkpoint === null) return `No prompt contains “${search}”`;
  const what = show === "grids" ? "grid" : "picture";
  const parts = [
    search === "" ? null : `with “${search}” in its prompt or settings`,
    word === null ? null : `that uses “${word}”`,
    checkpoint === null ? null : `drawn with “${checkpoint}”`,
  ].filter((part) => part !== null);
  return ["There is no", what, ...parts].join(" ");
}

/** The name of a checkpoint's file as infotexts write it: without folder and ending. */
export function infotextName(checkpoint: string): string {
  return checkpoint
    .split("/")
    .at(-1)!
    .replace(/\.[^.]*$/u, "");
}

/** Names of checkpoints that the pictures were drawn with. */
export function checkpointsOf(images: readonly GalleryImage[]): string[] {
  const names = images.flatMap(({ infotext }) => (infotext === null ? [] : (modelOf(infotext) ?? [])));
  return [...new Set(names)];
}

/** Parsing every infotext of a long list is slow, so the line is read by its one key; a name in quotes is parsed. */
function modelOf(infotext: string): string | undefined {
  const [, name] = /, Model: ("|[^,"\n]+)/u.exec(infotext) ?? [];
  return name === '"' ? parseInfotext(infotext).parameters.get("Model") : name;
}
