/** @file The formats of an embedding's file. Settings, routes, menus, the names of copies, readers and writers all use this table. */

interface EmbeddingFormatFacts {
  /** Lexeme writes embeddings and a run's copies in this format. */
  readonly isWritten?: true;
  /** The vectors lie in the pixels or the text of a picture. */
  readonly isPicture?: true;
}

/** The formats by the file's ending, without the dot. */
const FORMATS = {
  /** A1111's own format. */
  pt: { isWritten: true },
  safetensors: { isWritten: true },
  /** diffusers' older format. It has no place for the steps, so it is read and not written. */
  bin: {},
  png: { isPicture: true },
  webp: { isPicture: true },
  avif: { isPicture: true },
} as const satisfies Record<string, EmbeddingFormatFacts>;

export type EmbeddingFormat = keyof typeof FORMATS;
/** The formats that Lexeme writes. */
export type WrittenFormat = {
  [F in EmbeddingFormat]: (typeof FORMATS)[F] extends { readonly isWritten: true } ? F : never;
}[EmbeddingFormat];

/** The format of a new embedding: A1111 reads and writes it. */
export const DEFAULT_FORMAT: WrittenFormat = "pt";
export const EMBEDDING_FORMATS = Object.keys(FORMATS) as EmbeddingFormat[];
export const WRITTEN_FORMATS = EMBEDDING_FORMATS.filter(isWritten);
/** The formats of a download: an embedding file, or a picture to share that holds the embedding. */
export const EXPORT_FORMATS = [...WRITTEN_FORMATS, "png"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The format for a file's ending; undefined for a file that is not an embedding. */
export function embeddingFormatOf(file: string): EmbeddingFormat | undefined {
  const ending = /\.([^./\\]+)$/u.exec(file)?.[1]?.toLowerCase();
  return EMBEDDING_FORMATS.find((format) => format === ending);
}

/** The format in which an embedding is written again: its own if Lexeme writes that format, else the default. A picture is only for sharing. */
export function writtenFormatFor(format: EmbeddingFormat | undefined): WrittenFormat {
  return format !== undefined && isWritten(format) ? format : DEFAULT_FORMAT;
}

function isWritten(format: EmbeddingFormat): format is WrittenFormat {
  return "isWritten" in FORMATS[format];
}

/** Whether embeddings of this format are pictures. */
export function isPictureFormat(format: EmbeddingFormat | undefined): boolean {
  return format !== undefined && "isPicture" in FORMATS[format];
}
