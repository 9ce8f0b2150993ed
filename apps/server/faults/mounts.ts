/** @file Small and read-only file systems for trials, in a name space of their own, so that nothing stays mounted and no rights are needed. Linux only. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";

/** Set for the campaign's process inside the name space. */
const INSIDE = "LEXEME_FAULTS_MAY_MOUNT";

export function mayMount(): boolean {
  return process.env[INSIDE] === "1";
}

/** Runs this program again where it may mount, and returns its exit status; null where the system does not allow that. */
export async function runWhereMountsAreAllowed(): Promise<number | null> {
  if (mayMount() || spawnSync("unshare", ["-Urm", "true"]).status !== 0) return null;
  const child = spawn("unshare", ["-Urm", process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [INSIDE]: "1" },
  });
  process.once("exit", () => child.kill("SIGTERM"));
  return new Promise((resolve) => child.once("exit", (status) => resolve(status ?? 1)));
}

/** Makes the folder a file system of its own of this many megabytes. */
export async function mountSmall(folder: string, megabytes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
}

export async function mountReadOnly(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  execFileSync("mount", ["--bind", folder, folder]);
  execFileSync("mount", ["-o", "remount,bind,ro", folder]);
}

export function unmount(folder: string): void {
  execFileSync("umount", ["-l", folder]);
}

/** Fills the folder's file system to its last byte. Returns a function that makes room again. */
export async function fillDisk(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, ".ballast");
  const file = await open(path, "a");
  try {
    for (let bytes = 1 << 20; bytes >= 1; bytes >>= 1) {
      const block = Buffer.alloc(bytes, 1);
      for (;;)
        if (
          (await file.write(block).then(
            ({ bytesWritten }) => bytesWritten,
            () => 0,
          )) < bytes
        )
          break;
    }
  } finally {
    await file.close();
  }
  return () => rm(path);
}
