/** @file The bin takes and restores all files or none. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Bin } from "./bin.ts";

let root: string;
let bin: Bin;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-bin-"));
  bin = new Bin(join(root, "bin"));
});
afterEach(() => rm(root, { recursive: true }));

const file = (name: string) => join(root, name);

describe("Bin", () => {
  it("if one of several files cannot be moved, the others stay where they are", async () => {
    await writeFile(file("a.pt"), "a");
    await expect(bin.discard([file("a.pt"), file("gone.pt")])).rejects.toThrow("ENOENT");
    expect(await readFile(file("a.pt"), "utf8")).toBe("a");
  });

  it("if one of several files cannot be restored, all stay in the bin and can be restored later", async () => {
    for (const name of ["a.pt", "b.pt"]) await writeFile(file(name), name);
    await mkdir(file("sub"));
    await writeFile(join(root, "sub", "c.pt"), "c");
    const token = await bin.discard([file("a.pt"), join(root, "sub", "c.pt"), file("b.pt")]);
    await rm(file("sub"), { recursive: true });
    await writeFile(file("sub"), "a file in the place of the folder");
    await expect(bin.restore(token)).rejects.toThrow(/E(?:NOTDIR|EXIST)/u);
    expect((await readdir(root)).toSorted()).toEqual(["bin", "sub"]);
    await rm(file("sub"));
    expect(await bin.restore(token)).toHaveLength(3);
    expect(await readFile(file("a.pt"), "utf8")).toBe("a.pt");
  });

  it("files whose names differ only in case or normal form do not collide in the bin", async () => {
    const names = ["Caf\u00e9.pt", "cafe\u0301.pt"];
    for (const [i, name] of names.entries()) {
      await mkdir(file(String(i)));
      await writeFile(join(root, String(i), name), name);
    }
    await bin.discard(names.map((name, i) => join(root, String(i), name)));
    const [folder = ""] = await readdir(file("bin"));
    expect((await readdir(join(root, "bin", folder))).toSorted()).toEqual(["1", "Caf\u00e9.pt"]);
  });
});
