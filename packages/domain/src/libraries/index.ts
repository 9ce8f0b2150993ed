export {
  EMBEDDING_FORMATS,
  embeddingFormatOf,
  EXPORT_FORMATS,
  isPictureFormat,
  WRITTEN_FORMATS,
  writtenFormatFor,
  type EmbeddingFormat,
  type ExportFormat,
  type WrittenFormat,
} from "./embedding-formats.ts";
export { cutToBytes, isDeviceName, MAX_FILE_NAME_BYTES, REFUSED_IN_FILE_NAMES } from "./file-name.ts";
export { isSameWord, wordOfName } from "./embedding-word.ts";
export { LIBRARY_NAMES, type LibraryName } from "./library-names.ts";
