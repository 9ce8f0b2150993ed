/** @file Runs a test as a user to whom file permissions apply, because root may read everything. */

/** Usually the user `nobody`. */
const UNPRIVILEGED = 65_534;

/** Runs `work` as another user if the process is root's. A test file runs in a process of its own, so no other file is affected. */
export async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  const own = process.geteuid?.();
  if (own !== 0) return work();
  process.seteuid?.(UNPRIVILEGED);
  try {
    return await work();
  } finally {
    process.seteuid?.(own);
  }
}
