/** @file Ends every change of files at a chosen operation, as a kill of the process would: that operation and all later ones do not happen. */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/** Functions that change the folder. `open` for reading is one too: after a kill nothing is read either. */
const CHANGES = ["link", "symlink", "rename", "rm", "mkdir", "copyFile", "writeFile", "open"] as const;

/** Looks like an error of the disk, because what the server remembers of a file does not include such errors. */
const DEAD = Object.assign(new Error("the process is dead"), { code: "EIO", errno: -5 });

/**
 * Runs `change` and lets it die before its operation number `at` (from 0). Resolves with false if the change ended before it came to this
 * operation, and with true otherwise. Failures of the change are ignored.
 */
export async function diesAt(at: number, change: () => Promise<unknown>): Promise<boolean> {
  const real = Object.fromEntries(CHANGES.map((name) => [name, fs[name]]));
  let count = 0;
  for (const name of CHANGES) {
    const operation = (...args: unknown[]) =>
      count++ < at ? (real[name] as (...all: unknown[]) => Promise<unknown>)(...args) : Promise.reject(DEAD);
    Object.assign(fs, { [name]: operation });
  }
  syncBuiltinESMExports();
  try {
    await change().catch(() => undefined);
    return count > at;
  } finally {
    Object.assign(fs, real);
    syncBuiltinESMExports();
  }
}
