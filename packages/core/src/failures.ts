/** @file The only list of failures that a person can cause or fix: code, kind, HTTP status and sentence of each. */

/** The cause: `input` is wrong input, `missing` a file or name that does not exist, `conflict` a name or resource already in use, `environment` the disk, memory or device. */
export const ERROR_KINDS = ["input", "missing", "conflict", "environment"] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

interface Failure {
  readonly kind: ErrorKind;
  /** Set when HTTP has a more exact status than the status of the kind. */
  readonly status?: number;
  /** The message when the code that throws gives none. It also explains the code to a reader. */
  readonly sentence: string;
}

export const FAILURES = {
  ADDRESS_UNUSABLE: { kind: "environment", sentence: "`--host` is an address that this machine does not have" },
  AUTH_NEEDED: {
    kind: "input",
    sentence: "Other machines could reach the server, and neither `--auth` nor `--no-auth` was given",
  },
  BIN_ENTRY_MISSING: { kind: "missing", sentence: "The bin no longer has these files" },
  CAPTION_UNREADABLE: { kind: "input", sentence: "A caption file cannot be read; the message gives the reason" },
  CHECKPOINT_DTYPE: {
    kind: "input",
    sentence: "A checkpoint's tensor has an element type that the networks do not support",
  },
  CHECKPOINT_KEY_MISSING: { kind: "input", sentence: "A checkpoint lacks a tensor that its family has" },
  CHECKPOINT_KEY_SHAPE: {
    kind: "input",
    sentence: "The shape of a checkpoint's tensor does not fit the shapes of its other tensors",
  },
  CHECKPOINT_LAYOUT: { kind: "input", sentence: "A checkpoint's UNet is not built like Stable Diffusion 1's" },
  CHECKPOINT_MISSING: {
    kind: "missing",
    sentence: "The models folder has no checkpoint, or no checkpoint of that name",
  },
  CHECKPOINT_UNSUPPORTED: { kind: "input", sentence: "The file is a model of another family, which the message names" },
  CHECKPOINT_UNUSABLE: { kind: "input", sentence: "The checkpoint lacks data that the request needs" },
  CLIP_SKIP_TOO_LARGE: { kind: "input", sentence: "Clip skip leaves out more layers than the text encoder has" },
  COMPUTATION_FAILED: {
    kind: "environment",
    sentence: "ONNX Runtime could not compute a result; the message has its reason",
  },
  COPY_MISSING: { kind: "missing", sentence: "A plot names a step for which the embedding has no training copy" },
  DATABASE_UNUSABLE: { kind: "environment", sentence: "The job list cannot be opened" },
  DATA_FOLDER_IN_USE: { kind: "conflict", sentence: "A second server was started on the same data folder" },
  DESTINATION_HAS_FILES: {
    kind: "conflict",
    sentence: "Preprocess would overwrite existing files, and overwriting is not allowed",
  },
  DESTINATION_IS_SOURCE: { kind: "input", sentence: "Preprocess would write into its source folder" },
  DEVICE_UNAVAILABLE: { kind: "environment", sentence: "The device asked for cannot be used here" },
  DIFFUSERS_FOLDER: {
    kind: "input",
    sentence: "A diffusers folder lacks a file, or its kind is not supported; the message names the file or the kind",
  },
  DISK_FULL: { kind: "environment", status: 507, sentence: "There was no room to write; the old file is intact" },
  DOWNLOAD_EXPIRED: {
    kind: "missing",
    sentence: "This download is not ready any more: choose the pictures again",
  },
  EMBEDDING_BUSY: { kind: "conflict", sentence: "A job uses the embedding" },
  EMBEDDING_CHANGED: { kind: "conflict", sentence: "The embedding is no longer the one that was to be replaced" },
  EMBEDDING_EXISTS: { kind: "conflict", sentence: "The name is taken" },
  EMBEDDING_FOR_SDXL: { kind: "input", sentence: "The embedding was made for Stable Diffusion XL" },
  EMBEDDING_MISFIT: { kind: "input", sentence: "The embedding's width is not that of the checkpoint" },
  EMBEDDING_MISSING: { kind: "missing", sentence: "There is no embedding of that name" },
  EMBEDDING_NAME_UNUSABLE: { kind: "input", sentence: "The embedding's name cannot be the name of a file" },
  EMBEDDING_NOT_FINITE: { kind: "input", sentence: "The embedding's vectors hold NaN or infinity" },
  EMBEDDING_NOT_IN_PROMPTS: {
    kind: "input",
    sentence: "A training prompt does not call the embedding, so nothing could be learned",
  },
  EMBEDDING_NOT_RENAMABLE: { kind: "conflict", sentence: "The embedding's word differs from its file name" },
  EMBEDDING_TOO_LONG_FOR_PROMPT: {
    kind: "input",
    sentence: "The embedding has more vectors than the 75 that a chunk holds",
  },
  EMBEDDING_UNREADABLE: { kind: "input", sentence: "The file holds no table of vectors, or several" },
  FILE_EXISTS: { kind: "conflict", sentence: "The name is taken and may not be overwritten" },
  FILE_MISSING: { kind: "missing", sentence: "There is no file at that path" },
  FILE_UNREADABLE: { kind: "environment", sentence: "The file cannot be opened for reading" },
  FILE_UNWRITABLE: { kind: "environment", sentence: "The file cannot be written, for a reason that the message gives" },
  FOLDER_ACCESS_REFUSED: {
    kind: "input",
    status: 403,
    sentence:
      "Reading any folder can be allowed only on the machine of the server itself, and only if nobody else can reach its page",
  },
  FOLDER_MISSING: { kind: "missing", sentence: "There is no folder at that path" },
  FOLDER_NOT_WRITABLE: { kind: "environment", sentence: "The folder cannot be made or may not be written to" },
  HIRES_TOO_SMALL: { kind: "input", sentence: "The picture size of hires fix is too small" },
  HOST_REFUSED: {
    kind: "input",
    status: 403,
    sentence: "A request used a host name that does not belong to the server",
  },
  INIT_TEXT_EMPTY: { kind: "input", sentence: "The initialization text is only white space" },
  INTERNAL: {
    kind: "environment",
    status: 500,
    sentence: "Something went wrong inside Lexeme; the log has the details",
  },
  INTERRUPTED: { kind: "environment", sentence: "The server stopped or was ended before the job was done" },
  JOB_CANNOT_GO_FIRST: {
    kind: "conflict",
    sentence: "A job of this kind cannot go before the next step of another job",
  },
  JOB_MISSING: { kind: "missing", sentence: "There is no such job" },
  JOB_NOT_FINISHED: { kind: "conflict", sentence: "The job is still waiting or running" },
  JOB_NOT_RUNNING: { kind: "conflict", sentence: "The job is not running" },
  JOB_NOT_WAITING: { kind: "conflict", sentence: "The job does not wait any more" },
  JOB_RUNNING: { kind: "conflict", sentence: "The job is already running" },
  LEARNING_RATE_UNREADABLE: {
    kind: "input",
    sentence: "The learning-rate schedule cannot be read; `details.position` is the character",
  },
  MEMORY_TOO_SMALL: {
    kind: "input",
    sentence: "The job needs more memory than is available; the message names settings that would fit",
  },
  NOTEBOOK_MISSING: { kind: "missing", sentence: "The job made no notebook, or it is no longer kept" },
  NOTHING_TO_TRAIN: { kind: "input", sentence: "The embedding already has the number of steps asked for" },
  NOT_A_PICTURE: { kind: "input", sentence: "The file is not a picture that can be read" },
  NO_PICTURES: { kind: "input", sentence: "The folder has no pictures that can be read" },
  OPTION_MALFORMED: { kind: "input", sentence: "A command-line option or environment variable cannot be read" },
  OPTION_UNKNOWN: { kind: "input", sentence: "The settings have no option of that name" },
  ORIGIN_REFUSED: {
    kind: "input",
    status: 403,
    sentence: "A page of another site tried to use Lexeme: open Lexeme in a tab of its own",
  },
  OUT_OF_MEMORY: { kind: "environment", sentence: "Memory ran out on the device" },
  PATH_OUTSIDE: { kind: "input", status: 403, sentence: "A path is outside the folders that the server may use" },
  PICKLE_FORBIDDEN: {
    kind: "input",
    sentence: "A `.pt` file names a function that a model does not need; no part of the file was run",
  },
  PICKLE_UNREADABLE: { kind: "input", sentence: "The pickle in a `.pt` file is damaged or too large" },
  PICTURE_NOT_FINITE: { kind: "input", sentence: "A drawn picture holds NaN: a damaged checkpoint or embedding" },
  PNG_UNREADABLE: { kind: "input", sentence: "The file is not a PNG, or it is cut short" },
  PORT_TAKEN: { kind: "conflict", sentence: "Another program uses the port" },
  PROMPT_WEIGHT_UNREADABLE: {
    kind: "input",
    sentence: "A weight such as `(a:1.2.3)`; `details.position` is the character",
  },
  REQUEST_MALFORMED: { kind: "input", status: 400, sentence: "A request does not fit its schema" },
  REQUEST_TOO_LARGE: { kind: "input", status: 413, sentence: "A request has more bytes than its route accepts" },
  REQUEST_TOO_SLOW: { kind: "input", status: 408, sentence: "A request did not arrive in time" },
  ROUTE_MISSING: { kind: "missing", sentence: "There is no such address" },
  SAFETENSORS_HEADER: { kind: "input", sentence: "A safetensors header contradicts itself or its file" },
  SAFETENSORS_NOT: { kind: "input", sentence: "The file is not a safetensors file" },
  SAFETENSORS_TRUNCATED: { kind: "input", sentence: "A safetensors file ends too early" },
  SDAPI_UNSUPPORTED: { kind: "input", sentence: "A program asked A1111's API for something that Lexeme does not have" },
  SERVER_ANSWER_UNREADABLE: { kind: "environment", sentence: "The page cannot read the server's answer" },
  SERVER_UNREACHABLE: { kind: "environment", sentence: "The server did not answer the page" },
  SETTINGS_UNREADABLE: {
    kind: "conflict",
    sentence: "The settings file is broken, and saving would lose its contents",
  },
  SETTING_UNKNOWN: { kind: "input", sentence: "A job was sent with a setting that its kind does not have" },
  SIGN_IN_NEEDED: { kind: "input", status: 401, sentence: "The server wants a user and password" },
  SIGN_IN_TOO_OFTEN: {
    kind: "input",
    status: 429,
    sentence: "Too many attempts to sign in: wait a minute and try again",
  },
  SIGN_IN_WRONG: { kind: "input", status: 401, sentence: "User or password is wrong" },
  STEPS_TOO_MANY: {
    kind: "input",
    sentence: "The second pass would need a schedule with more steps than its sampler or schedule allows",
  },
  STYLES_CHANGED: { kind: "conflict", sentence: "Another program changed `styles.csv` after it was read" },
  STYLES_UNREADABLE: {
    kind: "conflict",
    sentence: "`styles.csv` cannot be read completely, so writing it would lose styles",
  },
  STYLE_EXISTS: { kind: "conflict", sentence: "There is a style of that name already" },
  STYLE_MISSING: { kind: "missing", sentence: "There is no style of that name" },
  TEMPLATE_EMPTY: { kind: "input", sentence: "The prompt template has no lines" },
  TEMPLATE_MISSING: { kind: "missing", sentence: "There is no prompt template of that name" },
  TEMPLATE_UNREADABLE: {
    kind: "input",
    sentence: "The prompt template is not text in a known encoding, or a line of it cannot be a prompt",
  },
  TEMPLATE_WITHOUT_NAME: { kind: "input", sentence: "A line of the prompt template lacks `[name]`" },
  TORCH_FILE: { kind: "input", sentence: "The file was not written by torch, or it is damaged" },
  TORCH_LAYOUT: {
    kind: "input",
    sentence: "A `.ckpt` stores a tensor transposed or compressed, so the tensor has no plain byte range",
  },
  TORCH_TENSOR: { kind: "input", sentence: "A tensor in a torch file contradicts its storage" },
  TRAINING_DIVERGED: {
    kind: "input",
    sentence: "The loss became NaN, most likely because the learning rate is too high",
  },
  UNDO_EXPIRED: { kind: "missing", sentence: "The time for undoing with one click is over" },
  UPLOAD_EMPTY: { kind: "input", sentence: "An upload holds no picture" },
  UPSCALER_MISSING: { kind: "missing", sentence: "There is no upscaler of that name" },
  UPSCALER_UNSUPPORTED: { kind: "input", sentence: "The upscaler file holds no supported network" },
  UPSCALER_UNUSABLE: {
    kind: "input",
    sentence: "The file of the chosen upscaler cannot be used; the message gives the reason",
  },
  VAE_MISSING: { kind: "missing", sentence: "The models folder has no VAE of that name" },
  VAE_UNSUPPORTED: { kind: "input", sentence: "The file is not a VAE for Stable Diffusion" },
  WEIGHTS_NOT_FOUND: { kind: "missing", sentence: "The checkpoint's file disappeared while it was being opened" },
  WEIGHTS_ON_DIFFERENT_DRIVES: {
    kind: "input",
    sentence: "A graph's weights lie on different drives, which ONNX Runtime cannot map together",
  },
  WEIGHTS_TRUNCATED: { kind: "input", sentence: "The checkpoint's file ends before its tensors do" },
  WORKER_EXITED: { kind: "environment", sentence: "The process that computes ended unexpectedly" },
  XYZ_TOO_LARGE: { kind: "input", sentence: "A plot has too many pictures, or its grid has too many pixels" },
  XYZ_VALUE_UNREADABLE: {
    kind: "input",
    sentence: "A value of a plot's axis cannot be used; `details.field` names the axis",
  },
  ZIP_UNREADABLE: { kind: "input", sentence: "The zip in a `.pt` file is damaged" },
} as const satisfies Record<string, Failure>;

/** Stable name of a failure, as `DISK_FULL`. */
export type FailureCode = keyof typeof FAILURES;

const STATUS_OF_KIND: Record<ErrorKind, number> = { input: 422, missing: 404, conflict: 409, environment: 503 };

/** HTTP status of a failure. */
export function statusOf(code: FailureCode): number {
  const { kind, status }: Failure = FAILURES[code];
  return status ?? STATUS_OF_KIND[kind];
}

/** Whether a text from outside is the code of a failure that this version knows. */
export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(FAILURES, code);
}
