/** @file Where the workspace lies, and how its installed tools are run without a shell. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SetupError } from "./setup-error.mjs";

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));

/**
 * One quiet line for one step.
 * @param {string} line
 */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * The JavaScript file behind an installed command, to be run with `process.execPath`: no `.cmd` shims, no shell.
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
  if (bin === undefined) throw new SetupError(`The package "${packageName}" brings no command`);
  return path.join(folder, bin);
}

/**
 * Runs a TypeScript entry point in this process, as `node --import tsx FILE ARGS` would; child processes inherit the loader.
 * In this process because signals, exit codes and the terminal then need no forwarding, on Windows neither.
 * @param {string} file relative to the root
 * @param {string[]} args
 */
export async function runTypeScript(file, args) {
  const entry = path.join(ROOT, file);
  // What `--import tsx` resolves to from the root; a URL, because on Windows `C:\…` would be read as a scheme.
  const loader = pathToFileURL(path.join(ROOT, "node_modules/tsx/dist/loader.mjs")).href;
  process.execArgv = ["--import", loader];
  process.argv = [process.argv[0] ?? process.execPath, entry, ...args];
  await import(loader);
  await import(pathToFileURL(entry).href);
}
