/** @file Runs checks in separate processes and turns their output and exit status into findings. */
import type { Device } from "@lexeme/domain/jobs";
import type { MissingPart } from "@lexeme/runtime";
import { fileURLToPath } from "node:url";
import { runJsonChild } from "../bench/child.ts";
import type { Measurement, MeasurementOptions, MeasurementResult } from "../bench/measurement.ts";
import { MAX_ERROR, SELF_TEST_PARTS, type SelfTestPart } from "../src/self-test-parts.ts";
import { watchCardMemory } from "./cards.ts";
import type { Check } from "./check.ts";

const CHECK_FILE = fileURLToPath(new URL("check.ts", import.meta.url));
/** The self-test takes seconds; drivers that compile each kernel at its first use take longer. */
const DEVICE_LIMIT_MS = 600_000;
/** A picture of 20 steps takes some four minutes on two cores. */
const MEASUREMENT_LIMIT_MS = 1_800_000;

export interface DeviceFinding {
  readonly device: Device;
  /** `wrong`: its results differ from the CPU's; `failed`: it opens, but a test fails; `absent`: it does not open. */
  readonly state: "works" | "wrong" | "failed" | "absent";
  readonly errors: Partial<Record<SelfTestPart, number>>;
  readonly seconds: number | null;
  readonly reason: string | null;
  readonly missing: readonly MissingPart[];
  readonly ortVersion: string | null;
}

export interface SpeedFinding {
  readonly device: Device;
  readonly name: Measurement;
  /** Null if the measurement failed. */
  readonly result: MeasurementResult | null;
  /** Peak memory of all cards minus that before the measurement; null where no program reports it. */
  readonly cardGb: number | null;
  readonly reason: string | null;
}

export async function findDevice(options: {
  device: Device;
  threads: number;
  checkpointPath: string;
}): Promise<DeviceFinding> {
  const { found, failure } = await runCheck({ kind: "device", ...options }, DEVICE_LIMIT_MS);
  const errors: DeviceFinding["errors"] = {};
  for (const line of found) Object.assign(errors, line["errors"]);
  const one = (name: string): unknown => found.find((line) => name in line)?.[name];
  const reason = failure ?? (one("reason") as string | undefined) ?? null;
  return {
    device: options.device,
    state: one("isAvailable") === true ? stateOf(errors) : "absent",
    errors,
    seconds: (one("seconds") as number | undefined) ?? null,
    reason,
    missing: (one("missing") as MissingPart[] | undefined) ?? [],
    ortVersion: (one("ortVersion") as string | undefined) ?? null,
  };
}

/** A process that ends with an error only after all results, which some drivers cause at exit, does not change the state. */
function stateOf(errors: DeviceFinding["errors"]): DeviceFinding["state"] {
  if (SELF_TEST_PARTS.some((part) => errors[part] === undefined)) return "failed";
  return Object.values(errors).every((error) => error <= MAX_ERROR) ? "works" : "wrong";
}

export async function findSpeed(name: Measurement, options: MeasurementOptions): Promise<SpeedFinding> {
  const { device } = options;
  const card = device === "cpu" ? undefined : await watchCardMemory();
  const { found, failure } = await runCheck({ kind: "measurement", name, options }, MEASUREMENT_LIMIT_MS);
  const result = found.find((line) => "result" in line)?.["result"] as MeasurementResult | undefined;
  const told = found.find((line) => "reason" in line)?.["reason"] as string | undefined;
  const reason = result === undefined ? (failure ?? told ?? "no answer") : null;
  return { device, name, result: result ?? null, cardGb: (await card?.stop()) ?? null, reason };
}

async function runCheck(check: Check, timeoutMs: number) {
  const args = [...process.execArgv, CHECK_FILE, JSON.stringify(check)];
  const { lines, failure, errors } = await runJsonChild(process.execPath, args, { timeoutMs });
  const errorLines = errors.trim().split("\n");
  const detail = (errorLines.find((line) => line.includes("Error: ")) ?? errorLines.at(-1) ?? "").trim();
  const ending = failure === null ? null : `its process ended with ${failure}${detail === "" ? "" : `: ${detail}`}`;
  // JSON has no Infinity: the error of a NaN result arrives as null.
  const found = lines.map((line) => ("errors" in line ? { ...line, errors: withInfinity(line["errors"]) } : line));
  return { found, failure: ending };
}

function withInfinity(errors: unknown): Record<string, number> {
  const entries = Object.entries(errors as Record<string, number | null>);
  return Object.fromEntries(entries.map(([part, error]) => [part, error ?? Infinity]));
}
