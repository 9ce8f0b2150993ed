/** @file One check in a process of its own, which a faulty driver may kill. Prints each finding as a line of JSON as soon as it is known. */
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
  // Afterwards, because it loads drivers' libraries by itself and so could change what ONNX Runtime finds.
  if (!available) return print({ missing: missingParts(device) });
  const { selfTest } = await import("../src/self-test.ts");
  const start = performance.now();
  // Part by part, so that the others are known when one fails or ends the process.
  for (const part of SELF_TEST_PARTS) print({ errors: await selfTest({ device, threads, checkpointPath }, [part]) });
  print({ seconds: (performance.now() - start) / 1000 });
}

async function checkSpeed({ name, options }: Check & { kind: "measurement" }): Promise<void> {
  const { measure } = await import("../bench/measurements.ts");
  print({ result: await measure(name, options) });
}

function print(finding: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(finding)}\n`);
}
