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
 * Finds a checkpoint by title, name, model name or hash in any of A1111's forms, otherwise by the shortest title that contains the text. Throws LexemeError
 * `CHECKPOINT_MISSING` with `field` in its details.
 */
export function findCheckpoint(all: readonly Checkpoint[], wanted: string, field: string): Checkpoint {
  const text = wanted.trim();
  const bare = text.replace(/ \[[0-9a-f]+\]$/u, "").replaceAll("\\", "/");
  const found =
    all.find((one) => checkpointTitle(one) === text) ??
    all.find((one) => namesOf(one).includes(bare)) ??
    closest(all, bare);
  if (found !== undefined && text !== "") return found;
  throw new LexemeError(
    "CHECKPOINT_MISSING",
    `There is no checkpoint "${wanted}": GET /sdapi/v1/sd-models lists them`,
    {
      details: { field },
    },
  );
}

function namesOf(one: Checkpoint): (string | null)[] {
  const file = basename(one.name);
  return [
    one.name,
    checkpointModelName(one),
    file,
    file.slice(0, file.length - extname(file).length),
    one.shortHash,
    one.sha256,
  ];
}

function closest(all: readonly Checkpoint[], text: string): Checkpoint | undefined {
  return all
    .filter((one) => checkpointTitle(one).toLowerCase().includes(text.toLowerCase()))
    .toSorted((a, b) => checkpointTitle(a).length - checkpointTitle(b).length)[0];
}
