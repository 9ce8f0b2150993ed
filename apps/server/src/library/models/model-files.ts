/** @file Finds model files in a folder and all its subfolders. */
import { walkFiles, type WalkedFile } from "@lexeme/data-folder";

/** The files whose names match, also in hidden folders, where A1111 lists models too. Throws the errors of `walkFiles`. */
export async function filesUnder(folder: string, names: RegExp): Promise<WalkedFile[]> {
  const isWanted = (file: string): boolean => names.test(file) && !file.startsWith(".");
  return walkFiles(folder, { isWanted, entersHidden: true });
}

/** Changes with the file. */
export function versionOfFile({ sizeBytes, modifiedAt }: Pick<WalkedFile, "sizeBytes" | "modifiedAt">): string {
  return `${sizeBytes}:${modifiedAt}`;
}
