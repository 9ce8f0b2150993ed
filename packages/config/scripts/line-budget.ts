/** @file Counts lines of source and of tests for each package, so that deleted code shows. The limit is the linter's rule max-lines. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./setup/workspace.mjs";
import { listPackages } from "./types.ts";

const SKIPPED_FOLDERS = new Set(["node_modules", "dist", "fixtures", "test-results", "playwright-report"]);
const TEST_FILE = /[.](test|spec)[.]tsx?$|[/\\](test|e2e|bench)[/\\]/;

export interface LineCount {
  source: number;
  tests: number;
}

/** Non-blank lines of a package's code and stylesheets. */
export function countLines(folder: string): LineCount {
  const count: LineCount = { source: 0, tests: 0 };
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (SKIPPED_FOLDERS.has(entry.name)) continue;
      const inner = countLines(full);
      count.source += inner.source;
      count.tests += inner.tests;
    } else if (/[.](ts|tsx|mjs|css)$/.test(entry.name) && !entry.name.endsWith("_pb.ts")) {
      const lines = readFileSync(full, "utf8").split("\n");
      count[TEST_FILE.test(full) ? "tests" : "source"] += lines.filter((line) => line.trim() !== "").length;
    }
  }
  return count;
}

/** The table that the gate prints. */
export function formatLineBudget(): string {
  const rows = listPackages().map((folder) => ({ folder, ...countLines(path.join(ROOT, folder)) }));
  const total = {
    folder: "all",
    source: rows.reduce((sum, row) => sum + row.source, 0),
    tests: rows.reduce((sum, row) => sum + row.tests, 0),
  };
  return [...rows, total]
    .map(
      ({ folder, source, tests }) =>
        `  ${folder.padEnd(22)}${String(source).padStart(7)} lines${String(tests).padStart(7)} of tests`,
    )
    .join("\n");
}
