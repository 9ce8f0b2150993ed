/** @file Runs checks in processes of their own and makes findings of what they print and of how they end. */
import type { Device } from "@lexeme/domain/jobs";
import type { MissingPart } from "@lexeme/runtime";
import { fileURLToPath } from "node:url";
import { runJsonChild } from "../bench/child.ts";
import type { Measurement, MeasurementOptions, MeasurementResult } from "../bench/measurement.ts";
import { MAX_ERROR, SELF_TEST_PARTS, type SelfTestPart } from "../src/self-test-parts.ts";
import { watchCardMemory } from "./cards.ts";
import type { Check } from "./check.ts";

const CHECK_FILE = fileURLToPath(new URL("check.ts", import.meta.url));
/** A small checkpoint takes seconds; some drivers compile each kernel at its first use. */
const DEVICE_LIMIT_MS = 300_000;
/** A picture of 20 steps takes four minutes on two cores. */
const MEASUREMENT_LIMIT_MS = 1_800_000;

export interface DeviceFinding {
  readonly device: Device;
  /** `wrong` computes, but not what the CPU does; `failed` is offered and fails, `absent` is not offered. */
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
  /** Null where the measurement failed, for the reason. */
  readonly result: MeasurementResult | null;
  /** What the cards held more than before at most; null where that cannot be told. */
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

/** A process that dies only after its last finding, as some drivers make it, takes nothing back. */
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
  const lastError = errors.trim().split("\n").at(-1)?.trim() ?? "";
  const ending =
    failure === null ? null : `its process ended with ${failure}${lastError === "" ? "" : `: ${lastError}`}`;
  // JSON has no Infinity: the error of a result that is no number arrives as null.
  const found = lines.map((line) => ("errors" in line ? { ...line, errors: withInfinity(line["errors"]) } : line));
  return { found, failure: ending };
}

function withInfinity(errors: unknown): Record<string, number> {
  const entries = Object.entries(errors as Record<string, number | null>);
  return Object.fromEntries(entries.map(([part, error]) => [part, error ?? Infinity]));
}
