/** @file Installs the workspace's dependencies when they are missing or the lockfile has changed since. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runChild } from "./run-child.mjs";
import { SetupError } from "./setup-error.mjs";
import { ROOT, say } from "./workspace.mjs";

/** pnpm 11 and later do not run on Node 20; earlier versions of pnpm 10 do not support every setting of pnpm-workspace.yaml. */
const PNPM_VERSION = "10.34.9";
const STAMP = path.join(ROOT, "node_modules/.lexeme-installed");
const WINDOWS = process.platform === "win32";

const INSTALL_ARGS = [
  "install",
  "--frozen-lockfile",
  "--prod=false", // with NODE_ENV=production pnpm would not install vite, which builds the page
  "--config.confirm-modules-purge=false", // no question from pnpm, because nobody can answer; it recreates only node_modules
  "--reporter=append-only",
];

/** Codes in the output of npm and pnpm when the registry does not answer, including the system's error codes. */
const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|META_FETCH_FAIL/;

/** @typedef {{ command: string, args: string[], shell: boolean }} Launcher */

/**
 * Does nothing when node_modules already matches the lockfile.
 * @throws {SetupError} when the install fails, with the likely reason
 */
export async function installDependencies() {
  const wanted = lockfileHash();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;

  say("Installing dependencies (about 700 MB on disk, only after a clone or an update) ...");
  const startedMs = Date.now();
  const pnpm = await findPnpm();
  const { code, output } = await runChild(pnpm.command, [...pnpm.args, ...INSTALL_ARGS], {
    cwd: ROOT,
    quiet: true,
    shell: pnpm.shell,
    // onnxruntime-node's install script would download CUDA libraries. The libraries for CPU and WebGPU are in the package.
    env: {
      ONNXRUNTIME_NODE_INSTALL: "skip",
      COREPACK_ENABLE_DOWNLOAD_PROMPT: "0",
      npm_config_update_notifier: "false", // it would announce pnpm 12, which this workspace does not support
      // Three more attempts within 20 s instead of the default two within 70 s, so that a missing network is reported soon.
      npm_config_fetch_retries: "3",
      npm_config_fetch_retry_mintimeout: "2000",
      npm_config_fetch_retry_maxtimeout: "8000",
    },
  });
  if (code !== 0) throw new SetupError(explainInstallFailure(output));
  writeFileSync(STAMP, wanted);
  say(`Installed dependencies in ${Math.round((Date.now() - startedMs) / 1000)} s`);
}

/** A hash of the inputs of node_modules. The platform is one of them, because some dependencies are native. */
function lockfileHash() {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}\n`);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(path.join(ROOT, file)));
  return hash.digest("hex");
}

/**
 * The pnpm on PATH if its version fits. Otherwise npm runs the right version from its cache.
 * @returns {Promise<Launcher>}
 */
async function findPnpm() {
  const onPath = await runChild("pnpm", ["--version"], { cwd: ROOT, quiet: true, shell: WINDOWS, timeoutMs: 20_000 });
  if (onPath.code === 0 && pnpmFits(onPath.output.trim())) return { command: "pnpm", args: [], shell: WINDOWS };
  const args = ["exec", "--yes", `pnpm@${PNPM_VERSION}`, "--"];
  // Running npm's own JavaScript file needs no PATH, and no shell on Windows.
  const npmCli = [
    process.env["npm_execpath"] ?? "",
    path.join(path.dirname(process.execPath), "node_modules/npm/bin/npm-cli.js"),
    path.join(path.dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js"),
  ].find((file) => path.basename(file) === "npm-cli.js" && existsSync(file));
  if (npmCli !== undefined) return { command: process.execPath, args: [npmCli, ...args], shell: false };
  return { command: "npm", args, shell: WINDOWS };
}

/**
 * Whether a version of pnpm can install this workspace: it has the major version of `PNPM_VERSION` and is not older.
 * @param {string} version
 */
export function pnpmFits(version) {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return false;
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0, wantedPatch = 0] = PNPM_VERSION.split(".").map(Number);
  return major === wantedMajor && (minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch));
}

/**
 * The message for a failed install.
 * @param {string} output of npm and pnpm
 */
export function explainInstallFailure(output) {
  const lines = output.trim().split("\n");
  const tail = lines.slice(-15).join("\n");
  if (/CERT|self[- ]signed/i.test(output)) {
    return `${tail}\n\nThe npm registry's certificate is not trusted: tell npm about your proxy's certificate (npm config set cafile FILE) and try again`;
  }
  if (/ENOSPC/.test(output)) {
    return `${tail}\n\nThe disk is full: dependencies need about 700 MB here and as much in pnpm's store; free some space and try again`;
  }
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return `${tail}\n\nCannot write to ${ROOT}: run as the user who owns this folder`;
  }
  if (/OUTDATED_LOCKFILE/.test(output)) {
    return `${tail}\n\nA package.json has changed since the lockfile was written: run pnpm install and commit pnpm-lock.yaml`;
  }
  // Tested after the other causes, because a connection that broke once and was restored also leaves such a line.
  const unreachable = lines.find((line) => UNREACHABLE.test(line));
  if (unreachable !== undefined) {
    return `${unreachable.trim()}\n\nCannot reach the npm registry, which the first start needs: check the connection or the proxy (npm config get registry) and try again`;
  }
  return `${tail}\n\nInstalling dependencies failed (above: the end of pnpm's output): remove the folder node_modules and try again`;
}
