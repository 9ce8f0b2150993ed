/** @file Tells "it is not there" from "it may not be read": the first is an answer, the second a failure with its sentence. */
import { LexemeError } from "@lexeme/core";

/** What the file system says where nothing lies at a path: ENOTDIR when a file stands in a folder's place. */
const ABSENT: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR"]);

/** What `reading` gives, or `otherwise` where there is nothing to read. Throws LexemeError as `readFault` says for any other failure. */
export async function ifAbsent<T, O>(reading: Promise<T>, otherwise: O): Promise<T | O> {
  try {
    return await reading;
  } catch (cause) {
    if (isAbsent(cause)) return otherwise;
    throw readFault(cause);
  }
}

/** Whether a failure only says that nothing lies there. */
export function isAbsent(cause: unknown): boolean {
  return ABSENT.has(codeOf(cause));
}

/** A failure of reading as a sentence: LexemeError `FILE_UNREADABLE`. What is no failure of the file system stays as it is. */
export function readFault(cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === "" || cause instanceof LexemeError) return cause;
  const { path } = cause as NodeJS.ErrnoException;
  const what = path === undefined ? "a file" : `"${path}"`;
  const why = ["EACCES", "EPERM"].includes(code)
    ? "give the user who runs Lexeme access to it"
    : (cause as Error).message;
  return new LexemeError("FILE_UNREADABLE", `Cannot read ${what}: ${why}`, {
    details: path === undefined ? {} : { path },
    cause,
  });
}

/** The file system's code of a failure, as `ENOENT`; empty for failures of other kinds. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
