/** @file The lock of a data folder whose owner is gone, although another process has the owner's id. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, platform, tmpdir, uptime } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { takeDataLock } from "./data-lock.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lexeme-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true }));

/** A lock with the id of a living process, the parent of this test. */
const left = (more: object) =>
  writeFile(path, JSON.stringify({ pid: process.ppid, host: hostname(), startedAt: Date.now(), ...more }));
const isTaken = () =>
  takeDataLock(path, folder).then(
    async (lock) => {
      await lock.release();
      return true;
    },
    () => false,
  );

test("a lock from before the machine's last start is taken, although its process id is in use again", async () => {
  await left({ uptimeS: uptime() + 3600 });
  expect(await isTaken()).toBe(true);
  await left({ uptimeS: uptime() - 1 });
  expect(await isTaken()).toBe(false);
});

describe.runIf(platform() === "linux")("on Linux", () => {
  test("a lock whose process id belongs to a later process is taken; the lock of the same process is not", async () => {
    const own = await takeDataLock(path, folder);
    const { birth } = JSON.parse(await readFile(path, "utf8")) as { birth: string };
    await own.release();
    const [boot] = birth.split(" ");
    await left({ birth: `${boot} 1` });
    expect(await isTaken()).toBe(true);
    await left({ birth: `another-boot ${birth.split(" ")[1]}` });
    expect(await isTaken()).toBe(true);
    await left({ pid: process.pid, birth });
    expect(await isTaken()).toBe(false);
  });
});
