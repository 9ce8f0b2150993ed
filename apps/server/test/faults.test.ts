/** @file The short form of `pnpm faults`: every trial on a real server, with few faults each. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { TYPESCRIPT_LOADER } from "../src/worker-launch.ts";

const CAMPAIGN = fileURLToPath(new URL("../faults/main.ts", import.meta.url));

// Windows and macOS have no /proc, by which the campaign finds the workers.
test.runIf(process.platform === "linux")(
  "kills, full disks, read-only folders, clock jumps, many jobs and pages, and hostile files break no promise",
  async () => {
    const child = spawn(process.execPath, ["--import", TYPESCRIPT_LOADER, CAMPAIGN, "--short"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => void child.kill());
    let table = "";
    let progress = "";
    child.stdout.on("data", (bytes: Buffer) => (table += bytes.toString("utf8")));
    child.stderr.on("data", (bytes: Buffer) => (progress += bytes.toString("utf8")));
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect({ status, table, progress }).toMatchObject({ status: 0, table: expect.not.stringContaining("broken") });
    // Where no user may mount a file system, two trials are left out with a sentence.
    expect(table.split("\n").filter((line) => line.includes("| held |")).length).toBeGreaterThanOrEqual(6);
  },
  // The short form takes four minutes, and longer beside other tests.
  1_200_000,
);
