import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkDemoFiles } from "../scripts/setup/check-demo-files.mjs";

/** sha256 of the three bytes "abc" (FIPS 180-2, appendix B.1). */
const SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lexeme-demo-"));
  writeFileSync(path.join(folder, "checksums.json"), JSON.stringify({ "a.bin": SHA256_OF_ABC }));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the demo files of this clone are complete and unchanged", async () => {
  await expect(checkDemoFiles()).resolves.toBeUndefined();
});

test("a file with the right content passes", async () => {
  writeFileSync(path.join(folder, "a.bin"), "abc");
  await expect(checkDemoFiles(folder)).resolves.toBeUndefined();
});

test("the error for a file with other content names the file and says what to do", async () => {
  writeFileSync(path.join(folder, "a.bin"), "abd");
  await expect(checkDemoFiles(folder)).rejects.toThrow(/a\.bin" is changed or damaged.*git checkout/);
});

test("the error for a missing file names the file and says what to do", async () => {
  await expect(checkDemoFiles(folder)).rejects.toThrow(/a\.bin" cannot be read: restore it with git checkout/);
});
