/** @file Names of finished pictures: `<outputs>/<YYYY-MM-DD>/<number>-<seed>.png`, as A1111 numbers them. */
import { LexemeError } from "@lexeme/core";
import { writeFileAtomically } from "@lexeme/formats/node";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { localDay } from "../local-date.ts";

/** The folder of the day, made if need be. */
export async function openDayFolder(outputsDir: string, now: Date): Promise<string> {
  const folder = join(outputsDir, localDay(now));
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new LexemeError(`Cannot make the folder "${folder}": ${(cause as Error).message}`, {
      code: "FOLDER_NOT_WRITABLE",
      kind: "environment",
      details: { path: folder },
      cause,
    });
  });
  return folder;
}

/** Writes a PNG under the next free number: one more than the largest that a name in the folder begins with, from 00000. Never overwrites. */
export async function saveNumbered(folder: string, seed: number, png: Uint8Array): Promise<string> {
  for (let number = await nextNumber(folder); ; number++) {
    const path = join(folder, `${String(number).padStart(5, "0")}-${seed}.png`);
    try {
      await writeFileAtomically(path, png, { overwrite: false });
      return path;
    } catch (cause) {
      if (!(cause instanceof LexemeError && cause.code === "FILE_EXISTS")) throw cause;
    }
  }
}

async function nextNumber(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).map((name) => Number(/^\d+/.exec(name)?.[0] ?? -1));
  return 1 + numbers.reduce((max, number) => Math.max(max, number), -1);
}
