/** @file Files are written whole or not at all: taken names, missing folders, a really full disk. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { writeWholeFile } from "./whole-file.ts";

/** Part of util-linux; absent elsewhere. */
const NAMESPACE_TOOL = "unshare";

const folder = mkdtempSync(join(tmpdir(), "lexeme-write-"));
afterAll(() => rmSync(folder, { recursive: true }));
const bytes = (text: string) => new TextEncoder().encode(text);

describe("writeWholeFile", () => {
  it("writes a new file and leaves nothing else behind", async () => {
    const inner = mkdtempSync(join(folder, "new-"));
    await writeWholeFile(join(inner, "a.pt"), bytes("one"), { replace: false });
    expect(readdirSync(inner)).toEqual(["a.pt"]);
    expect(readFileSync(join(inner, "a.pt"), "utf8")).toBe("one");
  });

  it("does not touch an existing file, unless asked", async () => {
    const path = join(folder, "taken.pt");
    await writeWholeFile(path, bytes("one"), { replace: false });
    await expect(writeWholeFile(path, bytes("two"), { replace: false })).rejects.toMatchObject({
      code: "FILE_EXISTS",
      kind: "conflict",
    });
    expect(readFileSync(path, "utf8")).toBe("one");
    await writeWholeFile(path, bytes("two"), { replace: true });
    expect(readFileSync(path, "utf8")).toBe("two");
  });

  it("exactly one of many simultaneous writers gets a new name", async () => {
    const path = join(folder, "race.pt");
    const tries = Array.from({ length: 20 }, (_, i) => writeWholeFile(path, bytes(String(i)), { replace: false }));
    const results = await Promise.allSettled(tries);
    const winners = results.flatMap(({ status }, i) => (status === "fulfilled" ? [String(i)] : []));
    expect(winners).toEqual([readFileSync(path, "utf8")]);
  });

  it("replaces the target of a link, and keeps the link", async () => {
    const [target, link] = [join(folder, "target.pt"), join(folder, "link.pt")];
    writeFileSync(target, "old");
    symlinkSync(target, link);
    await writeWholeFile(link, bytes("new"), { replace: true });
    expect(readFileSync(target, "utf8")).toBe("new");
  });

  it("writes a file with the longest name that the file system allows", async () => {
    const path = join(folder, `${"n".repeat(252)}.pt`);
    await writeWholeFile(path, bytes("long"), { replace: false });
    expect(readFileSync(path, "utf8")).toBe("long");
  });

  it("gives an error for a missing folder", async () => {
    const path = join(folder, "nowhere", "a.pt");
    await expect(writeWholeFile(path, bytes("x"), { replace: true })).rejects.toMatchObject({
      code: "FOLDER_MISSING",
      kind: "missing",
    });
  });

  it("on a full disk keeps the old file, removes the half-written file and gives an error", () => {
    // Uses a disk of 64 KiB in its own mount namespace. If the system does not allow one, a hook makes every write fail like on a full disk.
    const disk = mkdtempSync(join(folder, "disk-"));
    const script = fileURLToPath(new URL("../test/full-disk.ts", import.meta.url));
    const node = [process.execPath, "--import", "tsx", script, disk];
    const mount = `mount -t tmpfs -o size=64k tmpfs "${disk}" && exec "$@"`;
    const canMount = spawnSync(NAMESPACE_TOOL, ["-rm", "sh", "-c", `mount -t tmpfs tmpfs "${disk}"`]).status === 0;
    const output = canMount
      ? execFileSync(NAMESPACE_TOOL, ["-rm", "sh", "-c", mount, "sh", ...node], { encoding: "utf8" })
      : execFileSync(node[0]!, [...node.slice(1), "hooked"], { encoding: "utf8" });
    const { code, kind, kept, files } = JSON.parse(output);
    expect({ code, kind, kept, files }).toEqual({
      code: "DISK_FULL",
      kind: "environment",
      kept: "old",
      files: ["a.pt"],
    });
  }, 30_000);
});
