/** @file The server's own errors: one table of codes, and one table from errors to HTTP status. */
import { LexemeError, type ErrorKind } from "@lexeme/core";

/** Every code that this package raises. `core/ERRORS.md` lists them for people. */
export const SERVER_ERRORS = {
  REQUEST_MALFORMED: "input",
  REQUEST_TOO_LARGE: "input",
  SIGN_IN_NEEDED: "input",
  SIGN_IN_WRONG: "input",
  SIGN_IN_TOO_OFTEN: "input",
  HOST_REFUSED: "input",
  ORIGIN_REFUSED: "input",
  OPTION_MALFORMED: "input",
  OPTION_UNKNOWN: "input",
  SETTING_UNKNOWN: "input",
  SETTINGS_UNREADABLE: "conflict",
  STYLE_MISSING: "missing",
  STYLE_EXISTS: "conflict",
  STYLES_CHANGED: "conflict",
  STYLES_UNREADABLE: "conflict",
  AUTH_NEEDED: "input",
  ROUTE_MISSING: "missing",
  SDAPI_UNSUPPORTED: "input",
  PATH_OUTSIDE: "input",
  FILE_MISSING: "missing",
  FOLDER_MISSING: "missing",
  NOT_A_PICTURE: "input",
  FILE_EXISTS: "conflict",
  FOLDER_READ_ONLY: "environment",
  DISK_FULL: "environment",
  PORT_TAKEN: "conflict",
  ADDRESS_UNUSABLE: "environment",
  DATA_FOLDER_IN_USE: "conflict",
  DATABASE_UNUSABLE: "environment",
  CHECKPOINT_MISSING: "missing",
  CHECKPOINT_UNUSABLE: "input",
  VAE_MISSING: "missing",
  UPSCALER_MISSING: "missing",
  UPSCALER_UNUSABLE: "input",
  MEMORY_TOO_SMALL: "input",
  EMBEDDING_MISSING: "missing",
  EMBEDDING_EXISTS: "conflict",
  EMBEDDING_MISFIT: "input",
  EMBEDDING_BUSY: "conflict",
  COPY_MISSING: "missing",
  EMBEDDING_NOT_RENAMABLE: "conflict",
  NOTEBOOK_MISSING: "missing",
  INIT_TEXT_EMPTY: "input",
  UNDO_EXPIRED: "missing",
  DATASET_EMPTY: "input",
  DESTINATION_IS_SOURCE: "input",
  TEMPLATE_MISSING: "missing",
  UPLOAD_EMPTY: "input",
  JOB_MISSING: "missing",
  JOB_NOT_RUNNING: "conflict",
  JOB_NOT_FINISHED: "conflict",
  JOB_RUNNING: "conflict",
  WORKER_EXITED: "environment",
  INTERRUPTED: "environment",
} as const satisfies Record<string, ErrorKind>;

export type ServerErrorCode = keyof typeof SERVER_ERRORS;

/** An error of this package. `details.field` names the field of a form that it belongs beside. */
export function serverError(
  code: ServerErrorCode,
  message: string,
  more: { details?: Record<string, unknown>; cause?: unknown } = {},
): LexemeError {
  return new LexemeError(message, { code, kind: SERVER_ERRORS[code], ...more });
}

/** Kinds to status: the user's input, something absent, something in the way, the machine. */
const STATUS_OF_KIND: Record<ErrorKind, number> = { input: 422, missing: 404, conflict: 409, environment: 503 };

/** Codes that HTTP has a more exact status for. */
const STATUS_OF_CODE: Partial<Record<string, number>> = {
  REQUEST_MALFORMED: 400,
  REQUEST_TOO_LARGE: 413,
  SIGN_IN_NEEDED: 401,
  SIGN_IN_WRONG: 401,
  SIGN_IN_TOO_OFTEN: 429,
  HOST_REFUSED: 403,
  ORIGIN_REFUSED: 403,
  PATH_OUTSIDE: 403,
  DISK_FULL: 507,
};

export function statusOf(error: LexemeError): number {
  return STATUS_OF_CODE[error.code] ?? STATUS_OF_KIND[error.kind];
}

/** Errors of the file system that a user can mend, as sentences; anything else as it is. */
export function explainFileError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const where = "path" in error && typeof error.path === "string" ? ` "${error.path}"` : "";
  switch (error.code) {
    case "ENOSPC":
    case "EDQUOT":
      return serverError(
        "DISK_FULL",
        `The disk is full, so${where || " the file"} was not written: make room and try again`,
        {
          cause: error,
        },
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return serverError(
        "FOLDER_READ_ONLY",
        `No permission for${where || " that file"}: give the user who runs Lexeme access to it`,
        {
          cause: error,
        },
      );
    default:
      return error;
  }
}

/** Runs a check and puts the field's name into the error that it throws. */
export async function withField<T>(field: string, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof LexemeError)) throw error;
    const { code, kind, details = {} } = error;
    throw new LexemeError(error.message, { code, kind, details: { ...details, field }, cause: error });
  }
}
