import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPlaywrightCounts, readVitestCounts } from "../scripts/test-counts.ts";

let file: string;
beforeEach(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), "lexeme-counts-")), "report.json");
});
afterEach(() => rmSync(path.dirname(file), { recursive: true }));

test("a report that was never written gives zeros", () => {
  expect(readVitestCounts(file)).toEqual({ passed: 0, failed: 0 });
  expect(readPlaywrightCounts(file)).toEqual({ passed: 0, failed: 0 });
});

test("a vitest file that does not load counts as one failure", () => {
  const testResults = [
    { status: "passed", assertionResults: [{}, {}] },
    { status: "failed", assertionResults: [{}] },
    { status: "failed", assertionResults: [] },
  ];
  writeFileSync(file, JSON.stringify({ numPassedTests: 2, numFailedTests: 1, testResults }));
  expect(readVitestCounts(file)).toEqual({ passed: 2, failed: 2 });
});

test("a Playwright test that passed only when repeated counts as a failure", () => {
  writeFileSync(file, JSON.stringify({ stats: { expected: 5, unexpected: 1, flaky: 1 }, errors: [] }));
  expect(readPlaywrightCounts(file)).toEqual({ passed: 5, failed: 2 });
});

test("a Playwright run that could not begin counts its errors", () => {
  writeFileSync(file, JSON.stringify({ stats: { expected: 0, unexpected: 0, flaky: 0 }, errors: [{}] }));
  expect(readPlaywrightCounts(file)).toEqual({ passed: 0, failed: 1 });
});
