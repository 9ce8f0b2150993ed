/** @file Checks that the demo checkpoint and photos are complete, so that an incomplete download or a line-ending conversion is reported at the start. */
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { SetupError } from "./setup-error.mjs";
import { ROOT } from "./workspace.mjs";

const DEMO_DIR = path.join(ROOT, "packages/demo");

/**
 * @param {string} [folder] the folder of `checksums.json` and of the files listed there
 * @throws {SetupError} with the name of the missing or different file
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
        `The demo file "${path.join(folder, file)}" is changed or damaged (its sha256 differs): restore it with git checkout`,
      );
    }
  }
}
