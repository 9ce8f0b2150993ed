/** @file The path of the workspace, and functions that run its installed tools without a shell. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SetupError } from "./setup-error.mjs";

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));

/**
 * Prints one line about a step of the set-up.
 * @param {string} line
 */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * The JavaScript file of an installed command. Run with `process.execPath`, it needs no `.cmd` shim and no shell.
 * @param {string} packageName a dependency of the package in `from`
 * @param {string} [from] a folder relative to the root
 * @returns {string}
 */
export function toolPath(packageName, from = ".") {
  const folder = path.join(ROOT, from, "node_modules", packageName);
  /** @type {{ bin?: string | Record<string, string> }} */
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  } catch (cause) {
    throw new SetupError(`The tool "${packageName}" is not installed: run npm start or npm test once`, { cause });
  }
  const command = packageName.split("/").at(-1) ?? packageName;
  const bin =
    typeof manifest.bin === "string" ? manifest.bin : (manifest.bin?.[command] ?? Object.values(manifest.bin ?? {})[0]);
  if (bin === undefined) throw new SetupError(`The package "${packageName}" has no command`);
  return path.join(folder, bin);
}

/**
 * Runs a TypeScript entry point in this process, as `node --import tsx FILE ARGS` would; child processes inherit the loader.
 * It runs in this process, so that signals, exit codes and the terminal need no forwarding, also on Windows.
 * @param {string} file relative to the root
 * @param {string[]} args
 */
export async function runTypeScript(file, args) {
  const entry = path.join(ROOT, file);
  // The file to which `--import tsx` resolves from the root. It must be a URL, because Node would read `C:\…` on Windows as a scheme.
  const loader = pathToFileURL(path.join(ROOT, "node_modules/tsx/dist/loader.mjs")).href;
  process.execArgv = ["--import", loader];
  process.argv = [process.argv[0] ?? process.execPath, entry, ...args];
  await import(loader);
  await import(pathToFileURL(entry).href);
}
