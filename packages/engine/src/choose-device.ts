/** @file Chooses the device: the requested device if it is available and computes the same results as the CPU, else the CPU, with the reason. */
import type { Device, DeviceReport } from "@lexeme/domain/jobs";
import { MAX_ERROR } from "./self-test-parts.ts";
import { selfTest } from "./self-test.ts";

export interface DeviceChoice {
  readonly device: Device;
  readonly threads: number;
  readonly selfTestCheckpoint: string;
}

export async function chooseDevice({ device, threads, selfTestCheckpoint }: DeviceChoice): Promise<DeviceReport> {
  const onCpu = (fallbackReason: string | null): DeviceReport => {
    return { asked: device, used: "cpu", fallbackReason, threads, selfTest: null };
  };
  if (device === "cpu") return onCpu(null);
  const { listDevices } = await import("@lexeme/runtime");
  const found = (await listDevices()).find(({ name }) => name === device);
  if (!found?.available) return onCpu(`${device} is not available here: ${found?.reason ?? "it is unknown"}`);
  try {
    const { picture: pictureError, gradient: gradientError } = await selfTest(
      { device, threads, checkpointPath: selfTestCheckpoint },
      ["picture", "gradient"],
    );
    if (pictureError <= MAX_ERROR && gradientError <= MAX_ERROR) {
      return { asked: device, used: device, fallbackReason: null, threads, selfTest: { pictureError, gradientError } };
    }
    return onCpu(
      `${device} does not compute the same results as the CPU (picture differs by ${pictureError.toExponential(1)}, gradient by ${gradientError.toExponential(1)})`,
    );
  } catch (cause) {
    return onCpu(`${device} failed its self-test: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
