/** @file Ends this process in order when the npm that started it is gone. */

const CHECK_EVERY_MS = 500;

/**
 * npm passes a signal on to the shell that it starts scripts with, and some shells die of it without telling their child:
 * `kill` on npm would leave a server that nobody sees. Orphans are given to another parent, which is how one notices.
 * Does nothing when this process was not started by npm; there is no such sign on Windows, where a closed console ends all.
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
