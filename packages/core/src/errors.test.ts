/** @file `ERRORS.md` lists exactly the codes that the sources of all packages raise. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { LexemeError } from "./errors.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** Upper-case names that are other programs' codes and files, or environment variables. */
const FOREIGN = /^(?:ERR|FST|LEXEME|PG)_/u;
const KINDS = "input|missing|conflict|environment";

function sourceFiles(): string[] {
  const packages = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name, "src")),
  );
  return packages
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => /\.tsx?$/u.test(file) && !/\.(?:test|spec|tmp)\.tsx?$/u.test(file))
        .map((file) => join(folder, file)),
    );
}

/** `code: "X"`, an entry of a table of codes and kinds, and any text of that shape in a file that makes a LexemeError. */
function codesIn(source: string): string[] {
  const patterns = [/code: "([A-Z][A-Z0-9_]+)"/gu, new RegExp(`^\\s+([A-Z][A-Z0-9_]+): "(?:${KINDS})"`, "gmu")];
  if (source.includes("LexemeError")) patterns.push(/"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/gu);
  return patterns
    .flatMap((pattern) => [...source.matchAll(pattern)].map((match) => match[1]!))
    .filter((code) => !FOREIGN.test(code));
}

describe("ERRORS.md", () => {
  const table = readFileSync(join(root, "packages/core/ERRORS.md"), "utf8");
  const rows = [...table.matchAll(new RegExp(`^\\| \`([A-Z0-9_]+)\` +\\| (?:${KINDS}) +\\| \\S.* \\|$`, "gmu"))].map(
    (match) => match[1]!,
  );
  const used = new Set(sourceFiles().flatMap((file) => codesIn(readFileSync(file, "utf8"))));

  it("lists every code that the sources use: add a row for each one named here", () => {
    expect([...used].filter((code) => !rows.includes(code))).toEqual([]);
  });

  it("lists no code that nothing uses: take out each one named here", () => {
    expect(rows.filter((code) => !used.has(code))).toEqual([]);
  });

  it("is sorted, each code once, and every line of the table is a row", () => {
    expect(rows).toEqual([...new Set(rows)].toSorted());
    expect(table.split("\n").filter((line) => line.startsWith("| `")).length).toBe(rows.length);
  });
});

describe("LexemeError", () => {
  it("carries code, kind, details and cause", () => {
    const cause = new Error("below");
    const error = new LexemeError("Cannot do that", {
      code: "FILE_EXISTS",
      kind: "conflict",
      details: { path: "a" },
      cause,
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "LexemeError",
      message: "Cannot do that",
      code: "FILE_EXISTS",
      kind: "conflict",
      details: { path: "a" },
      cause,
    });
    expect("cause" in new LexemeError("x", { code: "FILE_EXISTS", kind: "conflict" })).toBe(false);
  });
});
