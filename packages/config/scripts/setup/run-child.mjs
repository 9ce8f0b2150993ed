/** @file Runs one child process to its end. The child is stopped when this process ends. */
import { spawn } from "node:child_process";

/**
 * @typedef {object} ChildOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] added to this process's environment
 * @property {boolean} [quiet] collect the output instead of showing it
 * @property {number} [timeoutMs] after which the child is killed
 * @property {boolean} [shell] for `.cmd` files on Windows; arguments must then be free of spaces and quotes
 */

/**
 * @typedef {object} ChildResult
 * @property {number} code the exit code; 1 when it was killed or could not be started
 * @property {string} output the child's output, when `quiet`
 */

/**
 * @param {string} command
 * @param {string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<ChildResult>} never rejects: for a command that does not exist, `code` is 1 and `output` says so
 */
export function runChild(command, args, options = {}) {
  const { cwd, env, quiet = false, timeoutMs, shell = false } = options;
  return new Promise((resolve) => {
    // With a shell, the command is one string, because Node warns (DEP0190) about an argument list that it only joins.
    const [file, list] = shell ? [[command, ...args].join(" "), []] : [command, args];
    const child = spawn(file, list, {
      cwd,
      shell,
      env: { ...process.env, ...env },
      stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
      timeout: timeoutMs,
      windowsHide: true,
    });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));

    /** @param {NodeJS.Signals} signal */
    function stop(signal) {
      child.kill(signal);
      process.exitCode = 130;
      process.exit();
    }
    process.once("SIGINT", stop).once("SIGTERM", stop);

    /** @param {number} code */
    function finish(code) {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve({ code, output });
    }
    child.once("error", (error) => {
      output += `${error.message}\n`;
      finish(1);
    });
    child.once("close", (code) => finish(code ?? 1));
  });
}
