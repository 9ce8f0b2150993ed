/** @file Finds model files in a folder and all its subfolders. */
import { walkFiles, type WalkedFile } from "@lexeme/data-folder";

/** The files whose names match, including those in hidden folders, as in A1111. Throws the errors of `walkFiles`. */
export async function filesUnder(folder: string, names: RegExp): Promise<WalkedFile[]> {
  const isWanted = (file: string): boolean => names.test(file) && !file.startsWith(".");
  return walkFiles(folder, { isWanted, entersHidden: true });
}

/** A text that changes when the file changes. */
export function versionOfFile({ sizeBytes, modifiedAt }: Pick<WalkedFile, "sizeBytes" | "modifiedAt">): string {
  return `${sizeBytes}:${modifiedAt}`;
}
