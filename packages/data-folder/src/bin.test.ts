/** @file The bin takes and restores all files or none, tells after a restart where they came from, and never puts a file over another. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Bin } from "./bin.ts";

let root: string;
let bin: Bin;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-bin-"));
  bin = binAt(root);
});
afterEach(() => rm(root, { recursive: true }));

const file = (...parts: string[]) => join(root, ...parts);

function binAt(dataDir: string): Bin {
  return new Bin({
    dataDir,
    bin: join(dataDir, "bin"),
    embeddings: join(dataDir, "embeddings"),
    outputs: join(dataDir, "outputs"),
  });
}

describe("Bin", () => {
  it("if one of several files cannot be moved, the others stay where they are", async () => {
    await writeFile(file("a.pt"), "a");
    await expect(bin.discard([file("a.pt"), file("gone.pt")])).rejects.toThrow("ENOENT");
    expect(await readFile(file("a.pt"), "utf8")).toBe("a");
    expect(await readdir(file("bin"))).toEqual([]);
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
    const names = ["Caf\u00e9.pt", "cafe\u0301.pt", "bin-entry.json"];
    for (const [i, name] of names.entries()) {
      await mkdir(file(String(i)));
      await writeFile(join(root, String(i), name), name);
    }
    const token = await bin.discard(names.map((name, i) => join(root, String(i), name)));
    const [folder = ""] = await readdir(file("bin"));
    expect((await readdir(join(root, "bin", folder))).toSorted()).toEqual(["1", "2", "Caf\u00e9.pt", "bin-entry.json"]);
    await bin.restore(token);
    expect(await readFile(file("2", "bin-entry.json"), "utf8")).toBe("bin-entry.json");
    expect(await readdir(file("bin"))).toEqual([]);
  });

  it("another process knows from the folder what was replaced, by what, and where it belongs, also in a moved data folder", async () => {
    await mkdir(file("embeddings"));
    await writeFile(file("embeddings", "mira.pt"), "mira");
    await bin.discard([file("embeddings", "mira.pt")], { why: "replaced", by: "Create Embedding" });
    const moved = `${root}-moved`;
    await mkdir(moved);
    await rename(file("bin"), join(moved, "bin"));
    const other = binAt(moved);
    const [entry] = await other.list();
    expect(entry).toMatchObject({ why: "replaced", by: "Create Embedding", kind: "embedding", sizeBytes: 4 });
    expect(Math.abs(Date.now() - entry!.at)).toBeLessThan(10_000);
    expect(await other.restore(entry!.id)).toEqual([join(moved, "embeddings", "mira.pt")]);
    expect(await other.list()).toEqual([]);
    await rm(moved, { recursive: true });
  });

  it("restores under a free name where another file has the place, and leaves that file alone", async () => {
    await writeFile(file("a.png"), "old");
    await writeFile(file("a.txt"), "caption");
    const token = await bin.discard([file("a.png"), file("a.txt")]);
    for (const name of ["a.png", "a-2.txt"]) await writeFile(file(name), "new");
    const refused = bin.restore(token);
    await expect(refused).rejects.toMatchObject({ code: "FILE_EXISTS", details: { freeName: "a-3" } });
    expect(await bin.restore(token, { name: "a-3" })).toEqual([file("a-3.png"), file("a-3.txt")]);
    expect(await readFile(file("a.png"), "utf8")).toBe("new");
    expect(await readFile(file("a-3.png"), "utf8")).toBe("old");
  });

  it("of two restores at once one succeeds, and a file that appears meanwhile is not replaced", async () => {
    await writeFile(file("a.pt"), "a");
    const token = await bin.discard([file("a.pt")]);
    const results = await Promise.allSettled([bin.restore(token), bin.restore(token), bin.restore(token)]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await readFile(file("a.pt"), "utf8")).toBe("a");
  });

  it("after a kill between two moves the moved files can be restored, and the others are not touched", async () => {
    for (const name of ["a.pt", "b.pt"]) await writeFile(file(name), name);
    const token = await bin.discard([file("a.pt"), file("b.pt")]);
    // As if the second move had not happened yet.
    await rm(file("bin", token, "b.pt"));
    await writeFile(file("b.pt"), "still here");
    expect((await bin.list()).map(({ files }) => files.length)).toEqual([1]);
    expect(await bin.restore(token)).toEqual([file("a.pt")]);
    expect(await readFile(file("b.pt"), "utf8")).toBe("still here");
  });

  it("shows entries without a record, of earlier versions, with their time and a likely place", async () => {
    const old = file("bin", "2026-11-20T10-11-12.345Z-1a2b3c4d");
    await mkdir(join(old, "1"), { recursive: true });
    await writeFile(join(old, "mira.pt"), "top");
    await writeFile(join(old, "1", "mira.pt"), "people");
    await mkdir(file("bin", "empty"));
    const entries = await bin.list();
    expect(entries).toMatchObject([
      { at: Date.UTC(2026, 10, 20, 10, 11, 12, 345), kind: "embedding", isPlaceKnown: false },
    ]);
    expect(entries[0]!.files.map((one) => one.file)).toEqual(["mira.pt", "1/mira.pt"]);
    expect(await bin.restore(entries[0]!.id)).toEqual([
      file("embeddings", "mira.pt"),
      file("embeddings", "1", "mira.pt"),
    ]);
  });

  it("an id or a record that leads out of the bin is refused", async () => {
    await writeFile(file("secret.txt"), "secret");
    for (const id of ["..", "../..", "a/b", "."]) {
      await expect(bin.remove(id)).rejects.toMatchObject({ code: "BIN_ENTRY_MISSING" });
    }
    await mkdir(file("bin", "evil"), { recursive: true });
    const files = [{ file: "../../secret.txt", from: "stolen.txt" }];
    await writeFile(file("bin", "evil", "bin-entry.json"), JSON.stringify({ at: 1, why: "deleted", files }));
    expect(await bin.list()).toEqual([]);
  });
});
