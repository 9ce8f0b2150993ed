/** @file Ends this process with SIGTERM when the npm process that started it has ended. */

const CHECK_EVERY_MS = 500;

/**
 * npm passes a signal to the shell that runs the script, and some shells end without passing the signal to their child. So
 * `kill` on npm would leave the server running in the background. When the shell ends, the system gives this process another
 * parent, which the check below sees. Does nothing when npm did not start this process, and nothing on Windows, where the
 * parent's number does not change and a closed console ends all its processes.
 */
export function endWithNpm() {
  if (process.env["npm_lifecycle_event"] === undefined || process.platform === "win32") return;
  const parent = process.ppid;
  const checking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(checking);
    process.kill(process.pid, "SIGTERM");
  }, CHECK_EVERY_MS);
  checking.unref();
}
