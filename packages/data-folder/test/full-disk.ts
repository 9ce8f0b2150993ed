/** @file Run by `src/whole-file.test.ts` inside a folder on a tiny disk: overwrites an old file with more bytes than fit and prints the result. */
import { open, type FileHandle } from "node:fs/promises";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeWholeFile } from "../src/whole-file.ts";

const [disk = "", mode] = process.argv.slice(2);
const path = join(disk, "a.pt");
writeFileSync(path, "old");
if (mode === "hooked") {
  const handle = await open(path, "r");
  const prototype: FileHandle = Object.getPrototypeOf(handle);
  await handle.close();
  prototype.writeFile = () =>
    Promise.reject(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }));
}
const error: unknown = await writeWholeFile(path, new Uint8Array(256 * 1024), { replace: true }).catch(
  (e: unknown) => e,
);
const { code, kind, message } = error as { code?: string; kind?: string; message?: string };
process.stdout.write(
  JSON.stringify({ code, kind, message, kept: readFileSync(path, "utf8"), files: readdirSync(disk) }),
);
