/** @file The gate's stages in order, cheapest first. Each has its command and advice for a failure. */
import path from "node:path";
import { buildWeb } from "./setup/build-web.mjs";
import { checkDemoFiles } from "./setup/check-demo-files.mjs";
import { findBrowser } from "./setup/find-browser.mjs";
import { runChild } from "./setup/run-child.mjs";
import { ROOT, toolPath } from "./setup/workspace.mjs";
import { readPlaywrightCounts, readVitestCounts, type TestCounts } from "./test-counts.ts";
import { checkTypes } from "./types.ts";

/** The data of the whole run that a stage may use. */
export interface StageContext {
  /** An empty folder for reports, removed at the end. */
  reportsDir: string;
}

export interface StageResult {
  ok: boolean;
  /** Set by stages that run tests. */
  counts?: TestCounts;
}

export interface Stage {
  name: string;
  /** Shown when the stage fails. */
  advice: string;
  run(context: StageContext): Promise<StageResult>;
}

export const STAGES: readonly Stage[] = [
  { name: "format", advice: "pnpm format corrects the files", run: () => tool("oxfmt", ["--check"]) },
  {
    name: "lint",
    advice: "each finding above names its rule",
    run: () => tool("oxlint", ["--type-aware", "--deny-warnings"]),
  },
  { name: "types", advice: "tsc names the places above", run: async () => ({ ok: await checkTypes() }) },
  {
    name: "layers",
    advice: "an import crosses the layer table in .dependency-cruiser.mjs; to change the table, write an ADR",
    run: () => tool("dependency-cruiser", ["--config", ".dependency-cruiser.mjs", "packages", "apps"]),
  },
  {
    name: "dead-code",
    advice: "delete the unused code; .knip.json lists the entry points",
    run: () => tool("knip", ["--config", ".knip.json", "--no-progress", "--no-config-hints"]),
  },
  {
    name: "duplicates",
    advice: "the same lines are in two places: move them to one owner",
    run: () => tool("jscpd", ["--config", ".jscpd.json", "--no-colors", "--no-tips"]),
  },
  { name: "unit", advice: "vitest names the tests above", run: runVitest },
  { name: "build", advice: "the reason is in vite's output above", run: runBuild },
  { name: "browser", advice: "Playwright names the tests above; traces are in test-results", run: runPlaywright },
];

async function tool(packageName: string, args: string[]): Promise<StageResult> {
  const { code } = await runChild(process.execPath, [toolPath(packageName), ...args], { cwd: ROOT });
  return { ok: code === 0 };
}

async function runVitest(context: StageContext): Promise<StageResult> {
  const report = path.join(context.reportsDir, "vitest.json");
  const { ok } = await tool("vitest", [
    "run",
    "--config=packages/config/vitest.config.ts",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  return { ok, counts: readVitestCounts(report) };
}

async function runBuild(): Promise<StageResult> {
  await checkDemoFiles();
  await buildWeb();
  return { ok: true };
}

async function runPlaywright(context: StageContext): Promise<StageResult> {
  const report = path.join(context.reportsDir, "playwright.json");
  const browser = process.env["LEXEME_CHROMIUM"] ?? (await findBrowser());
  const { code } = await runChild(
    process.execPath,
    [toolPath("@playwright/test"), "test", "--config=apps/web/playwright.config.ts", "--reporter=list,json"],
    { cwd: ROOT, env: { LEXEME_CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report } },
  );
  return { ok: code === 0, counts: readPlaywrightCounts(report) };
}
