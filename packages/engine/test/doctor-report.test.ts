import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runJsonChild } from "../bench/child.ts";
import { formatReport } from "../doctor/report.ts";
import type { DeviceFinding, SpeedFinding } from "../doctor/run-checks.ts";

const WORKING: DeviceFinding = {
  device: "cpu",
  state: "works",
  errors: { "text encoder": 0, UNet: 0, "VAE encoder": 0, "VAE decoder": 0, picture: 0, gradient: 0 },
  seconds: 3.21,
  reason: null,
  missing: [],
  ortVersion: "1.30.0",
};

function report(devices: readonly DeviceFinding[], speeds: readonly SpeedFinding[] = []): string {
  const sides = { train: 128, draw: 128 };
  return formatReport({ machine: [["CPU", "an abacus"]], devices, speeds, sides, checkpoint: "a small checkpoint" });
}

describe("a device that fails has a row and its reason in the report", () => {
  test("a device whose driver ended the process keeps the earlier results", () => {
    const reason = "its process ended with signal SIGSEGV";
    const text = report([
      WORKING,
      { ...WORKING, device: "webgpu", state: "failed", errors: { UNet: 2e-5 }, seconds: null, reason },
    ]);
    expect(text).toMatch(/^\| webgpu \| fails +\| - +\| 2\.0e-5 \| - /m);
    expect(text).toContain(`\nwebgpu: ${reason}\n`);
  });

  test("a device with wrong results shows the differences, including that of NaN", () => {
    const errors = { ...WORKING.errors, UNet: 0.25, gradient: Infinity };
    const text = report([WORKING, { ...WORKING, device: "cuda", state: "wrong", errors }]);
    expect(text).toMatch(/^\| cuda +\| wrong results \| 0\.0e\+0 +\| 2\.5e-1 .*\| Infinity \|/m);
  });

  test("an unavailable device names its missing parts, and no folder of the user", () => {
    const missing = [{ part: "libvulkan.so.1", source: "the package libvulkan1" }];
    const reason = `cannot open "${join(homedir(), "lib", "x.so")}"`;
    const text = report([WORKING, { ...WORKING, device: "webgpu", state: "absent", errors: {}, reason, missing }]);
    expect(text).toContain("- missing: libvulkan.so.1 (the package libvulkan1)");
    expect(text).toContain(`webgpu: cannot open "~`);
    expect(text).not.toContain(homedir());
  });

  test("a failed measurement leaves the other rows", () => {
    const result = { openSeconds: 1, firstSeconds: 2, seconds: 0.5, peakGb: 3 };
    const text = report(
      [WORKING],
      [
        { device: "cpu", name: "unet", result, cardGb: null, reason: null },
        { device: "cpu", name: "vae", result: null, cardGb: null, reason: "Memory ran out" },
      ],
    );
    expect(text).toMatch(/^\| cpu +\| UNet, one call, 128 x 128 +\| 1\.00 +\| 2\.00 +\| 0\.500 +\| 3\.00 +\| - +\|/m);
    expect(text).toMatch(/^\| cpu +\| VAE decode, 128 x 128 +\| - +\| - +\| failed +\| - /m);
    expect(text).toContain("\ncpu, VAE decode, 128 x 128: Memory ran out\n");
  });
});

describe("a check in a separate process", () => {
  const run = (code: string, timeoutMs = 30_000) => runJsonChild(process.execPath, ["-e", code], { timeoutMs });

  test("a process that fails keeps its earlier lines", async () => {
    const { lines, failure } = await run(`console.log('{"a":1}'); setTimeout(() => process.exit(3), 50)`);
    expect(lines).toEqual([{ a: 1 }]);
    expect(failure).toBe("exit code 3");
  });

  test("a process that does not end is killed after its time limit", async () => {
    expect((await run("setInterval(() => {}, 1000)", 1000)).failure).toBe("no end after 1 s");
  });

  test("a program that cannot start is a failure and throws nothing", async () => {
    expect((await runJsonChild("lexeme-no-such-program", [])).failure).toMatch(/ENOENT/);
  });
});
