/** @file The numbers of passed and failed tests, from the JSON reports of vitest and Playwright. */
import { existsSync, readFileSync } from "node:fs";

export interface TestCounts {
  passed: number;
  failed: number;
}

/** Vitest's report has Jest's format. A file that does not load has no tests, and counts as one failed test. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/** A flaky test passed only when it was repeated. The gate counts it as failed. */
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number };
  errors: unknown[];
}

/** Counts from `vitest --reporter=json`; zeros when the report was not written. */
export function readVitestCounts(file: string): TestCounts {
  const report = readJson(file) as VitestReport | undefined;
  if (report === undefined) return { passed: 0, failed: 0 };
  const unloadable = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloadable.length };
}

/** Counts from Playwright's JSON reporter; zeros when the report was not written. */
export function readPlaywrightCounts(file: string): TestCounts {
  const report = readJson(file) as PlaywrightReport | undefined;
  if (report === undefined) return { passed: 0, failed: 0 };
  const { expected, unexpected, flaky } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length };
}

function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
