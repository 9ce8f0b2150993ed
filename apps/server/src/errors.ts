/** @file Turns errors of the file system into LexemeErrors. */
import { LexemeError, codeOf, readFault } from "@lexeme/core";
import { diskFull } from "@lexeme/data-folder";

/** System calls that change nothing. `open` is not among them: code that opens a file for reading explains the failure itself (`readFault`). */
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

/** PostgreSQL's code `disk_full`. */
const DATABASE_DISK_FULL = "53100";

/** Turns an error of the file system or the database that a user can fix into a LexemeError; returns any other error unchanged. */
export function explainFileError(error: unknown): unknown {
  if (isDatabaseFull(error)) return diskFull(undefined, error, "the job list");
  if (!(error instanceof Error) || !("code" in error)) return error;
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  const where = path === undefined ? "" : ` "${path}"`;
  switch (error.code) {
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(path, error);
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

/** The database's own error, or an error of the queue or of drizzle with it as the cause. */
function isDatabaseFull(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof LexemeError) return false;
  return codeOf(error) === DATABASE_DISK_FULL || isDatabaseFull(error.cause);
}
