/** @file Distinguishes a missing file from an unreadable file: a missing file is an answer, an unreadable file is a failure with a sentence. */
import { LexemeError } from "./errors.ts";

/**
 * The file system's codes for a path without a file: ENOTDIR if a part of the path is a file instead of a folder, ENAMETOOLONG if a part is longer
 * than any name can be.
 */
const ABSENT: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG"]);

/** The result of `reading`, or `otherwise` if the file is missing. Throws the error of `readFault` for any other failure. */
export async function ifAbsent<T, O>(reading: Promise<T>, otherwise: O): Promise<T | O> {
  try {
    return await reading;
  } catch (cause) {
    if (isAbsent(cause)) return otherwise;
    throw readFault(cause);
  }
}

/** True if a failure means only that the file is missing. */
export function isAbsent(cause: unknown): boolean {
  return ABSENT.has(codeOf(cause));
}

/** Turns a failure of the file system into a LexemeError `FILE_UNREADABLE`; returns other failures unchanged. */
export function readFault(cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === "" || cause instanceof LexemeError) return cause;
  const { path } = cause as { path?: string };
  const what = path === undefined ? "a file" : `"${path}"`;
  const why = ["EACCES", "EPERM"].includes(code)
    ? "give the user who runs Lexeme access to it"
    : (cause as Error).message;
  return new LexemeError("FILE_UNREADABLE", `Cannot read ${what}: ${why}`, {
    details: path === undefined ? {} : { path },
    cause,
  });
}

/** The file system's code of a failure, such as `ENOENT`; empty for failures of other kinds. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
