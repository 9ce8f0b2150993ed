/** @file Paths inside the data folder move with it; all other texts come back as they were. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { PortablePaths } from "./portable-paths.ts";

const root = mkdtempSync(join(tmpdir(), "lexeme-paths-"));
afterAll(() => rmSync(root, { recursive: true }));

test("paths inside the folder get the folder's new place, in any depth of a value", () => {
  const stored = new PortablePaths("/old/data").stored({ results: [{ path: "/old/data/a/b.png" }, "/old/data"] });
  expect(JSON.stringify(stored)).not.toContain("/old");
  expect(new PortablePaths("/new").read(stored)).toEqual({ results: [{ path: "/new/a/b.png" }, "/new"] });
});

test("other values come back unchanged", () => {
  const value = {
    texts: ["", "/old/database/x", "data-folder:/x", "data-folder:=x", "data-folder:", "say /old/data/x", "a\nb"],
    rest: [1, null, true, { a: undefined }],
  };
  const paths = new PortablePaths("/old/data");
  expect(paths.read(paths.stored(value))).toEqual(value);
});

test("the folder behind a link is the same folder", () => {
  symlinkSync(root, join(root, "link"));
  const paths = new PortablePaths(join(root, "link"));
  expect(paths.read(paths.stored(join(root, "a.png")))).toBe(join(root, "link", "a.png"));
});
