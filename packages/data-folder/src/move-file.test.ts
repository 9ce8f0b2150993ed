/** @file Files are moved and shared without ever replacing a file; changes of one path follow each other. */
import { access, mkdtemp, readdir, readFile, readlink, rm, symlink, utimes, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { moveFile, shareFile } from "./move-file.ts";
import { inTurn } from "./turns.ts";

/** On Linux another file system than the folder for temporary files, which proves a move between disks. */
const OTHER_DISK = "/dev/shm";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-move-"));
});
afterEach(() => rm(root, { recursive: true }));
const file = (name: string) => join(root, name);

describe("moveFile", () => {
  it("never replaces a file, even if twenty files are moved to one name at once", async () => {
    const names = Array.from({ length: 20 }, (_, i) => `${i}.pt`);
    for (const name of names) await writeFile(file(name), name);
    const results = await Promise.allSettled(
      names.map((name) => moveFile(file(name), file("mira.pt"), { replace: false })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const left = await readdir(root);
    expect(left).toHaveLength(20);
    const contents = await Promise.all(left.map((name) => readFile(file(name), "utf8")));
    expect(contents.toSorted()).toEqual(names.toSorted());
  });

  it("a link stays a link, also if its target is gone", async () => {
    await symlink("nowhere.pt", file("link.pt"));
    await moveFile(file("link.pt"), file("other.pt"), { replace: false });
    expect(await readdir(root)).toEqual(["other.pt"]);
    expect(await readlink(file("other.pt"))).toBe("nowhere.pt");
  });

  it("moves a file to another disk with its time, and replaces nothing there", async (context) => {
    const elsewhere = await access(OTHER_DISK).then(
      () => mkdtemp(join(OTHER_DISK, "lexeme-move-")),
      () => context.skip(),
    );
    try {
      const time = new Date("2024-05-06T07:08:09Z");
      for (const name of ["a.png", "b.png"]) await writeFile(file(name), name);
      await utimes(file("a.png"), time, time);
      await moveFile(file("a.png"), join(elsewhere, "a.png"), { replace: false });
      expect((await stat(join(elsewhere, "a.png"))).mtime).toEqual(time);
      await expect(moveFile(file("b.png"), join(elsewhere, "a.png"), { replace: false })).rejects.toMatchObject({
        code: "EEXIST",
      });
      expect(await readdir(root)).toEqual(["b.png"]);
      expect(await readdir(elsewhere)).toEqual(["a.png"]);
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });
});

it("a shared file stays where it is, and a later file of its name does not change the second place", async () => {
  await writeFile(file("mira.pt"), "old");
  await shareFile(file("mira.pt"), file("kept.pt"));
  await rm(file("mira.pt"));
  await writeFile(file("mira.pt"), "new");
  expect(await readFile(file("kept.pt"), "utf8")).toBe("old");
  await expect(shareFile(file("mira.pt"), file("kept.pt"))).rejects.toMatchObject({ code: "EEXIST" });
});

it("changes of one path follow each other, also after a failed change; other paths do not wait", async () => {
  const done: string[] = [];
  const change = (name: string, ms: number) => async () => {
    await setTimeout(ms);
    done.push(name);
    if (name === "fails") throw new Error(name);
    return name;
  };
  const results = await Promise.allSettled([
    inTurn(root, change("slow", 40)),
    inTurn(`${root}/.`, change("fails", 20)),
    inTurn(root, change("last", 0)),
    inTurn(file("other"), change("other", 0)),
  ]);
  expect(done).toEqual(["other", "slow", "fails", "last"]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
});
