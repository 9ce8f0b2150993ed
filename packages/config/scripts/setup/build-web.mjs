/** @file Builds the page when its sources are newer than the build, judged by content and not by times (git sets those at will). */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runChild } from "./run-child.mjs";
import { SetupError } from "./setup-error.mjs";
import { ROOT, say, toolPath } from "./workspace.mjs";

const WEB_DIR = path.join(ROOT, "apps/web");
/** Inside the build, so that whoever deletes or replaces the build also deletes this. */
const STAMP = path.join(WEB_DIR, "dist/.sources");

/** Everything the page is made of; the lockfile stands for its dependencies. */
const SOURCES = [
  "apps/web/index.html",
  "apps/web/package.json",
  "apps/web/public",
  "apps/web/src",
  "apps/web/vite.config.ts",
  "packages/config/tsconfig",
  "packages/core/src",
  "packages/domain/src",
  "packages/protocol/src",
  "packages/schedulers/src/catalogue",
  "pnpm-lock.yaml",
];

/** @throws {SetupError} when the build fails, after its output */
export async function buildWeb() {
  const wanted = sourcesHash();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;

  const startedMs = Date.now();
  const { code, output } = await runChild(process.execPath, [toolPath("vite", "apps/web"), "build"], {
    cwd: WEB_DIR,
    quiet: true,
    env: { NODE_ENV: "production" },
  });
  if (code !== 0) throw new SetupError(explainBuildFailure(output));
  writeFileSync(STAMP, wanted);
  say(`Built the page in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}

/**
 * The sentence for a failed build.
 * @param {string} output of vite
 */
export function explainBuildFailure(output) {
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return `Cannot build the page, for this user may not write to ${WEB_DIR}: run as the user who owns the folder, or have them run npm start once`;
  }
  if (/ENOSPC/.test(output)) return "Cannot build the page, for the disk is full: free some space and try again";
  return `${output}\nBuilding the page failed, see above`;
}

function sourcesHash() {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap((source) => listFiles(source))) {
    hash.update(`${file}\n`).update(readFileSync(path.join(ROOT, file)));
  }
  return hash.digest("hex");
}

/**
 * Files under a file or folder, sorted, with forward slashes; nothing when it does not exist.
 * @param {string} source
 * @returns {string[]}
 */
function listFiles(source) {
  const absolute = path.join(ROOT, source);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [source];
  return readdirSync(absolute)
    .toSorted()
    .flatMap((name) => listFiles(`${source}/${name}`));
}
