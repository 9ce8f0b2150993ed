/** @file The checkpoint list as the picker shows it: searched, and grouped by sub-folder. */
import type { Checkpoint } from "@lexeme/protocol";
import { FAMILY_NAMES } from "../../../parts/checkpoints/family-names.ts";

export interface CheckpointGroup {
  /** Path under the models folder, empty for the folder itself; or the heading of the unusable checkpoints. */
  title: string;
  checkpoints: Checkpoint[];
}

const UNUSABLE = "Cannot be used here";

/** The checkpoints whose name, type or hash contains every word of `search`, grouped by folder, unusable ones last. */
export function groupCheckpoints(all: readonly Checkpoint[], search: string): CheckpointGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Checkpoint[]>([["", []]]);
  for (const one of all) {
    const text = [one.name, FAMILY_NAMES[one.family], one.precision, one.sha256 ?? ""].join(" ").toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const title = one.unsupportedReason === null ? folderOf(one) : UNUSABLE;
    groups.set(title, [...(groups.get(title) ?? []), one]);
  }
  return [...groups]
    .filter(([, checkpoints]) => checkpoints.length > 0)
    .map(([title, checkpoints]) => ({ title, checkpoints }))
    .toSorted((a, b) => Number(a.title === UNUSABLE) - Number(b.title === UNUSABLE));
}

/** The file's name without folder and ending; a diffusers folder's name is whole. */
export function displayName({ name }: Checkpoint): string {
  return name.slice(name.lastIndexOf("/") + 1).replace(/\.(safetensors|ckpt)$/i, "");
}

function folderOf({ name }: Checkpoint): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}
