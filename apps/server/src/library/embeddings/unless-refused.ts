/** @file Tells a file that holds no embedding from a file that the file system refuses: only the first means that there is no embedding. */
import { LexemeError, readFault } from "@lexeme/core";
import { isRefusal } from "@lexeme/data-folder";

/**
 * The embedding; undefined if there is none, or if the file's content is none. Throws the LexemeError of a file that the file system refuses, such as
 * `FILE_UNREADABLE`: it may be read another time.
 */
export async function unlessRefused<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof LexemeError && !isRefusal(cause)) return undefined;
    throw readFault(cause);
  }
}
