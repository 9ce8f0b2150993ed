import { expect, test } from "vitest";
import { DEMO_CHECKPOINT } from "../test/demo-world.ts";
import { chooseDevice } from "./choose-device.ts";
import { relativeError, selfTest } from "./self-test.ts";

test("a device with the CPU's results has no error", async () => {
  const options = { device: "cpu", threads: 1, checkpointPath: DEMO_CHECKPOINT } as const;
  expect(await selfTest(options, ["picture", "gradient"])).toEqual({ picture: 0, gradient: 0 });
});

test("errors are relative to the largest value, and NaN is an infinite error", () => {
  expect(relativeError(Float32Array.of(1, -4.4), Float32Array.of(1, -4))).toBeCloseTo(0.1, 6);
  expect(relativeError(Float32Array.of(1, Number.NaN), Float32Array.of(1, 2))).toBe(Infinity);
});

test("a device that this build of ONNX Runtime lacks becomes the CPU, with the reason", async () => {
  const device = process.platform === "darwin" ? "dml" : "coreml";
  const report = await chooseDevice({ device, threads: 2, selfTestCheckpoint: DEMO_CHECKPOINT });
  expect(report).toMatchObject({ asked: device, used: "cpu", threads: 2, selfTest: null });
  expect(report.fallbackReason).toMatch(/is not available here: ./);
});
