/** @file Opens a file for ranged reads. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { isAbsent, LexemeError, readFault } from "@lexeme/core";
import type { RandomAccess } from "../random-access.ts";

/** Without this flag, opening a pipe would wait for a writer; Windows has neither such pipes nor the flag. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Opens `path` for ranged reads, passes it to `use`, and always closes it. Throws LexemeError `FILE_MISSING` or `FILE_UNREADABLE`. */
export async function withRandomAccess<T>(path: string, use: (file: RandomAccess) => Promise<T>): Promise<T> {
  const handle = await open(path, WITHOUT_WAITING).catch((cause: unknown) => {
    throw isAbsent(cause) ? new LexemeError("FILE_MISSING", `There is no file "${path}"`, { cause }) : readFault(cause);
  });
  try {
    const status = await handle.stat();
    if (!status.isFile()) {
      throw new LexemeError("FILE_UNREADABLE", `Cannot read "${path}": it is not a file`);
    }
    return await use({
      sizeBytes: status.size,
      async read(offset, length) {
        const bytes = new Uint8Array(length);
        let done = 0;
        while (done < length) {
          const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
          if (bytesRead === 0)
            throw new RangeError(`Cannot read ${length} bytes at ${offset} of ${path}: the file is shorter`);
          done += bytesRead;
        }
        return bytes;
      },
    });
  } finally {
    await handle.close();
  }
}
