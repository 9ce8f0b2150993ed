/** @file Files that may not be read or written: each failure says which of the two failed, and a new permission is noticed at once. */
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeEmbedding } from "./embedding-file.ts";
import { EmbeddingFolder } from "./embedding-folder.ts";
import { FileFacts } from "./file-facts.ts";
import { readWholeFile } from "./folder-walk.ts";
import { pictureFault, pictureSize } from "./picture-file.ts";
import { withoutRights } from "./testing.ts";
import { writeWholeFile } from "./whole-file.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-permissions-"));
  await chmod(root, 0o777);
});
afterEach(async () => {
  await chmod(root, 0o777);
  await rm(root, { recursive: true });
});

describe("permissions", () => {
  it("a folder that may not be entered is a failure to write, not to read", async () => {
    const path = join(root, "closed", "a.txt");
    await mkdir(join(root, "closed"), { mode: 0o000 });
    const written = await withoutRights(() => writeWholeFile(path, "new", { replace: true }).catch((error) => error));
    expect(written).toMatchObject({ code: "FOLDER_NOT_WRITABLE", message: expect.stringContaining("Cannot write") });
    await symlink("loop", join(root, "loop"));
    await expect(writeWholeFile(join(root, "loop"), "new", { replace: true })).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
    });
  });

  it("a file that may not be read is a failure to read, not to write", async () => {
    const path = join(root, "a.png");
    await writeFile(path, "x", { mode: 0o000 });
    const read = await withoutRights(() => readWholeFile(path).catch((error) => error));
    expect(read).toMatchObject({ code: "FILE_UNREADABLE", message: expect.stringContaining("give the user") });
    await expect(readWholeFile(join(root, "gone.png"))).rejects.toMatchObject({ code: "FILE_MISSING" });
  });

  it("an embedding is read as soon as this is permitted, although size and time of change stay the same", async () => {
    const path = join(root, "mira.pt");
    const vectors = Float32Array.from([1, 2]);
    const mira = { name: "mira", vectors, count: 1, width: 2, step: 3, sdCheckpoint: undefined };
    await writeFile(path, encodeEmbedding({ ...mira, sdCheckpointName: undefined }, "pt"));
    await chmod(path, 0o000);
    const folder = new EmbeddingFolder(root);
    const scan = () => withoutRights(() => folder.scan());
    expect(await scan()).toMatchObject([{ name: "mira", facts: undefined, fault: { code: "FILE_UNREADABLE" } }]);
    await chmod(path, 0o644);
    expect(await scan()).toMatchObject([{ name: "mira", facts: { step: 3 }, fault: undefined }]);
  });

  it("a picture is read as soon as this is permitted, and the reason names the remedy", async () => {
    const path = join(root, "a.png");
    await sharp({ create: { width: 8, height: 4, channels: 3, background: "red" } }).toFile(path);
    await chmod(path, 0o000);
    const sizes = new FileFacts<{ width: number; height: number }>();
    const size = () =>
      withoutRights(() =>
        sizes.of({ path, version: "1" }, () => pictureSize(path)).catch((error) => pictureFault(error, path)),
      );
    expect(await size()).toBe("it may not be read: give the user who runs Lexeme access to it");
    await chmod(path, 0o644);
    expect(await size()).toMatchObject({ width: 8, height: 4 });
  });
});

describe("FileFacts", () => {
  it("remembers results and faults of the content for one version, and forgets other files when told", async () => {
    const facts = new FileFacts<number>();
    let reads = 0;
    const read = async () => {
      reads++;
      if (reads > 1) throw new RangeError("damaged");
      return reads;
    };
    const ask = (version: string) => facts.of({ path: "a", version }, read).catch((error: Error) => error.message);
    expect([await ask("1"), await ask("1"), await ask("2"), await ask("2")]).toEqual([1, 1, "damaged", "damaged"]);
    expect(reads).toBe(2);
    facts.keepOnly(["b"]);
    await ask("2");
    expect(reads).toBe(3);
  });
});
