/** @file Turns errors of the file system into LexemeErrors. */
import { LexemeError } from "@lexeme/core";
import { readFault } from "@lexeme/data-folder";

/** System calls that change nothing. `open` is not among them: whoever opens a file for reading explains the failure (`readFault`). */
const READING: ReadonlySet<string> = new Set([
  "access",
  "lstat",
  "opendir",
  "read",
  "readlink",
  "realpath",
  "scandir",
  "stat",
]);

/** Turns an error of the file system that a user can mend into a LexemeError; returns any other error unchanged. */
export function explainFileError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const where = "path" in error && typeof error.path === "string" ? ` "${error.path}"` : "";
  switch (error.code) {
    case "ENOSPC":
    case "EDQUOT":
      return new LexemeError(
        "DISK_FULL",
        `The disk is full, so${where || " the file"} was not written: make room and try again`,
        {
          cause: error,
        },
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      if ("syscall" in error && READING.has(String(error.syscall))) return readFault(error);
      return new LexemeError(
        "FOLDER_NOT_WRITABLE",
        `No permission for${where || " that file"}: give the user who runs Lexeme access to it`,
        {
          cause: error,
        },
      );
    default:
      return error;
  }
}
