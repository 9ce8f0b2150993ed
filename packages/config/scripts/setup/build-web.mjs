/** @file Builds the page when its sources have changed since the build. It compares contents, because git sets file times arbitrarily. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runChild } from "./run-child.mjs";
import { SetupError } from "./setup-error.mjs";
import { ROOT, say, toolPath } from "./workspace.mjs";

const WEB_DIR = path.join(ROOT, "apps/web");
/** The stamp is inside the build's folder, so that deleting or replacing the build also deletes the stamp. */
const STAMP = path.join(WEB_DIR, "dist/.sources");

/** All sources of the page. The lockfile represents its dependencies. */
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

/** @throws {SetupError} when the build fails, with vite's output and a sentence */
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
 * The message for a failed build.
 * @param {string} output of vite
 */
export function explainBuildFailure(output) {
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return `Cannot build the page, because this user may not write to ${WEB_DIR}: run as the folder's owner, or ask the owner to run npm start once`;
  }
  if (/ENOSPC/.test(output)) return "Cannot build the page, because the disk is full: free some space and try again";
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
 * The files under a folder, or the file itself, sorted, with forward slashes. Empty when the path does not exist.
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
