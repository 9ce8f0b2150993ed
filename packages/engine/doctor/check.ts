/** @file Runs one check in a separate process, because a faulty driver can end its process. Each finding is printed at once as a line of JSON. */
import type { Device } from "@lexeme/domain/jobs";
import { missingParts, ORT_VERSION, tryDevice } from "@lexeme/runtime";
import type { Measurement, MeasurementOptions } from "../bench/measurement.ts";
import { SELF_TEST_PARTS } from "../src/self-test-parts.ts";

export type Check =
  | { readonly kind: "device"; readonly device: Device; readonly threads: number; readonly checkpointPath: string }
  | { readonly kind: "measurement"; readonly name: Measurement; readonly options: MeasurementOptions };

const check = JSON.parse(process.argv[2] ?? "") as Check;
try {
  if (check.kind === "device") await checkDevice(check);
  else await checkSpeed(check);
} catch (error) {
  print({ reason: error instanceof Error ? error.message : String(error) });
}

async function checkDevice({ device, threads, checkpointPath }: Check & { kind: "device" }): Promise<void> {
  print({ ortVersion: ORT_VERSION });
  const { available, reason } = await tryDevice(device);
  print({ isAvailable: available, reason });
  // After the test, because the search loads libraries of drivers, which could change what ONNX Runtime finds.
  if (!available) return print({ missing: missingParts(device) });
  const { selfTest } = await import("../src/self-test.ts");
  const start = performance.now();
  try {
    // One part after the other, so that earlier results are known when a part fails or ends the process.
    for (const part of SELF_TEST_PARTS) print({ errors: await selfTest({ device, threads, checkpointPath }, [part]) });
    print({ seconds: (performance.now() - start) / 1000 });
  } catch (error) {
    print({ missing: missingParts(device) });
    throw error;
  }
}

async function checkSpeed({ name, options }: Check & { kind: "measurement" }): Promise<void> {
  const { measure } = await import("../bench/measurements.ts");
  print({ result: await measure(name, options) });
}

function print(finding: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(finding)}\n`);
}
