/** @file Finds a chromium for the browser tests: an installed browser, else Playwright's download, else Debian's package. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { runChild } from "./run-child.mjs";
import { SetupError } from "./setup-error.mjs";
import { ROOT, say, toolPath } from "./workspace.mjs";

/** The paths where packages and installers of each system put a browser that Playwright can use. */
const INSTALLED = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
    "/opt/google/chrome/chrome",
  ],
  darwin: [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ],
  win32: ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((name) =>
    process.env[name] === undefined ? [] : [path.join(process.env[name], "Google/Chrome/Application/chrome.exe")],
  ),
};

/**
 * The path of a chromium that starts, to be set as LEXEME_CHROMIUM for the browser tests.
 * @returns {Promise<string>}
 * @throws {SetupError} when no chromium is installed and none can be installed
 */
export async function findBrowser() {
  const chosen = process.env["LEXEME_CHROMIUM"];
  if (chosen !== undefined && chosen !== "") {
    if (await starts(chosen)) return chosen;
    throw new SetupError(
      `LEXEME_CHROMIUM is "${chosen}", but this browser does not start: set it to the path of a chromium or unset it`,
    );
  }
  return (await findInstalled()) ?? (await downloadPlaywrights()) ?? (await installDebians()) ?? giveUp();
}

async function findInstalled() {
  const known = INSTALLED[/** @type {keyof typeof INSTALLED} */ (process.platform)] ?? [];
  for (const file of [...known, await playwrightsPath()]) if (await starts(file)) return file;
  return undefined;
}

/** The path where Playwright installs the chromium for its version. */
async function playwrightsPath() {
  const { chromium } = createRequire(path.join(ROOT, "apps/web/package.json"))("@playwright/test");
  return /** @type {string} */ (chromium.executablePath());
}

async function downloadPlaywrights() {
  say("No chromium found: downloading the chromium of Playwright (about 170 MB, once) ...");
  const cli = toolPath("@playwright/test");
  const options = { quiet: true, timeoutMs: 600_000, env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "15000" } };
  const { code } = await runChild(process.execPath, [cli, "install", "--no-shell", "chromium"], options);
  if (code !== 0) {
    say("Playwright could not download its chromium");
    return undefined;
  }
  const file = await playwrightsPath();
  if (await starts(file)) return file;
  if (isRoot()) await runChild(process.execPath, [cli, "install-deps", "chromium"], options);
  return (await starts(file)) ? file : undefined;
}

/** Only on Debian, not on derived systems: Ubuntu's package of the same name only installs a snap, which does not run in containers. */
async function installDebians() {
  if (!isRoot() || !existsSync("/usr/bin/apt-get") || !/^ID=debian$/m.test(readOsRelease())) return undefined;
  say("Installing the chromium of Debian with apt-get ...");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runChild("apt-get", ["update"], { quiet: true, env });
  const args = ["install", "-y", "--no-install-recommends", "chromium"];
  const { code, output } = await runChild("apt-get", args, { quiet: true, env });
  if (code !== 0) say(output.trim().split("\n").slice(-5).join("\n"));
  return findInstalled();
}

/** @returns {never} */
function giveUp() {
  throw new SetupError(
    "The browser tests need a chromium and none could be installed: install Chromium or Google Chrome, or name one in LEXEME_CHROMIUM",
  );
}

/**
 * Whether the browser and its libraries are installed.
 * @param {string} file
 */
async function starts(file) {
  if (!existsSync(file)) return false;
  if (process.platform === "win32") return true; // chrome.exe --version prints nothing and opens a window
  const { code } = await runChild(file, ["--version"], { quiet: true, timeoutMs: 30_000 });
  return code === 0;
}

function isRoot() {
  return process.platform === "linux" && process.getuid?.() === 0;
}

function readOsRelease() {
  return existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
}
