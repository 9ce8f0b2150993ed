/** @file The pictures of a folder as it is now. */
import type { LexemeError } from "@lexeme/core";
import type { Dataset } from "@lexeme/protocol";
import { useRoute } from "../../api/queries.ts";

export interface FolderPictures {
  /** Undefined while it is not known, and once the folder is gone or may not be read any more. */
  data: Dataset | undefined;
  error: LexemeError | null;
}

/** Nothing is asked for an empty path. A lost connection takes nothing away that was known. */
export function useFolderPictures(path: string): FolderPictures {
  const { data, error } = useRoute("getDataset", path === "" ? null : { query: { path } });
  const isGone = error !== null && error.code !== "SERVER_UNREACHABLE";
  return { data: isGone ? undefined : data, error };
}
