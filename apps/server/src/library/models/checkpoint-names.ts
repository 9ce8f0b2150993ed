/** @file The names under which A1111 lists a checkpoint, and the search for a checkpoint by any of them. */
import { LexemeError } from "@lexeme/core";
import { basename, extname } from "node:path";
import type { Checkpoint } from "@lexeme/protocol";

/** `folder/name.safetensors [6ce0161689]`; without the hash while the hash is unknown. */
export function checkpointTitle({ name, shortHash }: Pick<Checkpoint, "name" | "shortHash">): string {
  return shortHash === null ? name : `${name} [${shortHash}]`;
}

/** `folder_name`: the value of "Model" in infotext. */
export function checkpointModelName({ name }: Pick<Checkpoint, "name">): string {
  const flat = name.replaceAll(/[/\\]/gu, "_");
  return flat.slice(0, flat.length - extname(flat).length);
}

/**
 * The checkpoint that a text means in any of A1111's forms: its title, else its name with or without folder and ending, its model name or its
 * hash, else the shortest title that contains the text. A match in the same case is preferred. Undefined if no checkpoint is meant.
 */
export function checkpointMeant(all: readonly Checkpoint[], wanted: string): Checkpoint | undefined {
  const text = wanted.trim();
  if (text === "") return undefined;
  const bare = text.replace(/\s*\[[0-9a-f]+\]$/u, "").replaceAll("\\", "/");
  const lower = bare.toLowerCase();
  return (
    all.find((one) => checkpointTitle(one) === text) ??
    all.find((one) => one.name === bare) ??
    all.find((one) => namesOf(one).includes(bare)) ??
    all.find((one) => namesOf(one).some((name) => name.toLowerCase() === lower)) ??
    closest(all, lower)
  );
}

/** As `checkpointMeant`. Throws LexemeError `CHECKPOINT_MISSING` with `field` in its details. */
export function findCheckpoint(all: readonly Checkpoint[], wanted: string, field: string): Checkpoint {
  const found = checkpointMeant(all, wanted);
  if (found !== undefined) return found;
  const message = `There is no checkpoint "${wanted}": GET /sdapi/v1/sd-models lists them`;
  throw new LexemeError("CHECKPOINT_MISSING", message, { details: { field } });
}

function namesOf(one: Checkpoint): string[] {
  const file = basename(one.name);
  const names = [one.name, withoutEnding(one.name), checkpointModelName(one), file, withoutEnding(file)];
  return [...names, ...[one.shortHash, one.sha256].filter((hash) => hash !== null)];
}

function withoutEnding(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}

/** `lower` is in lower case. */
function closest(all: readonly Checkpoint[], lower: string): Checkpoint | undefined {
  return all
    .filter((one) => checkpointTitle(one).toLowerCase().includes(lower))
    .toSorted((a, b) => checkpointTitle(a).length - checkpointTitle(b).length)[0];
}
