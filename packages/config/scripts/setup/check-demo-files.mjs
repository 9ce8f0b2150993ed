/** @file Checks that the demo checkpoint and photos are whole: a shallow download or a line-ending conversion must be said, not met later. */
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { SetupError } from "./setup-error.mjs";
import { ROOT } from "./workspace.mjs";

const DEMO_DIR = path.join(ROOT, "packages/demo");

/**
 * @param {string} [folder] that holds `checksums.json` and the files it names
 * @throws {SetupError} naming the file that is missing or differs
 */
export async function checkDemoFiles(folder = DEMO_DIR) {
  /** @type {Record<string, string>} */
  const checksums = JSON.parse(readFileSync(path.join(folder, "checksums.json"), "utf8"));
  for (const [file, expected] of Object.entries(checksums)) {
    const hash = createHash("sha256");
    try {
      await pipeline(createReadStream(path.join(folder, file)), hash);
    } catch (cause) {
      throw new SetupError(`The demo file "${path.join(folder, file)}" cannot be read: restore it with git checkout`, {
        cause,
      });
    }
    if (hash.digest("hex") !== expected) {
      throw new SetupError(
        `The demo file "${path.join(folder, file)}" is not the one that belongs here (its sha256 differs): restore it with git checkout`,
      );
    }
  }
}
