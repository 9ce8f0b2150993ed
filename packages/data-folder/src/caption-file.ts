/** @file A caption: the text file beside a picture. */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { LexemeError, ifAbsent } from "@lexeme/core";
import { readRegularFile } from "./folder-walk.ts";
import { decodeText } from "./text-file.ts";

/** A caption is a line of text; a larger file is not a caption. */
export const MAX_CAPTION_BYTES = 64 * 1024;

/** The unchanged text of the caption; undefined if the file is missing or a folder. Throws LexemeError `CAPTION_UNREADABLE`. */
export async function readCaptionFile(path: string): Promise<string | undefined> {
  if (await isFolder(path)) return undefined;
  const bytes = await readRegularFile(path, MAX_CAPTION_BYTES).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message.replace(/^Cannot read "[^"]*": /u, "") : String(cause);
    throw unreadable(path, reason, cause);
  });
  if (bytes === undefined) return undefined;
  const text = decodeText(bytes);
  if (text === undefined) throw unreadable(path, "its encoding is not known. Save it as UTF-8");
  return text;
}

async function isFolder(path: string): Promise<boolean> {
  const status = await ifAbsent(stat(path), undefined).catch(() => undefined);
  return status?.isDirectory() ?? false;
}

/** True for the name of a caption file, which ends in `.txt` or `.TXT`. */
export function isCaptionName(name: string): boolean {
  return /\.txt$/iu.test(name);
}

function unreadable(path: string, reason: string, cause?: unknown): LexemeError {
  return new LexemeError("CAPTION_UNREADABLE", `Cannot read the caption "${basename(path)}": ${reason}`, {
    details: { path },
    cause,
  });
}
