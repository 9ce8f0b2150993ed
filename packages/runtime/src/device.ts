/** @file Execution devices: those that this build of ONNX Runtime supports, and those that can open a session on this machine. */

import { LexemeError } from "@lexeme/core";
import { encodeModel, Graph, neg } from "@lexeme/onnx";
import { InferenceSession, listSupportedBackends } from "./ort.ts";

/** The names are those of onnxruntime-node's execution providers. */
export const DEVICE_NAMES = ["cpu", "webgpu", "cuda", "dml", "coreml"] as const;

export type DeviceName = (typeof DEVICE_NAMES)[number];

export interface Device {
  name: DeviceName;
  available: boolean;
  /** For a device that is not available: the reason, in ONNX Runtime's words. */
  reason?: string;
}

/** Every device, and whether it works here. */
export async function listDevices(): Promise<Device[]> {
  const devices: Device[] = [];
  for (const name of DEVICE_NAMES) devices.push(await tryDevice(name));
  return devices;
}

/** Whether a device works here: opens and closes a session of one node on it if this build supports it. */
export async function tryDevice(name: DeviceName): Promise<Device> {
  const isKnown = listSupportedBackends().some((backend) => backend.name === name);
  const reason = isKnown ? await probe(name) : `this build of ONNX Runtime has no ${name} provider`;
  return reason === undefined ? { name, available: true } : { name, available: false, reason };
}

/** The error for a device that does not work here. No session falls back to the CPU silently. */
export function deviceUnavailable(name: DeviceName, cause: unknown): LexemeError {
  const reason = cause instanceof Error ? firstLine(cause.message) : String(cause);
  return new LexemeError(
    "DEVICE_UNAVAILABLE",
    `Cannot use device "${name}": ${reason}; choose another device, such as cpu, or install what it needs`,
    { details: { device: name }, cause },
  );
}

async function probe(name: DeviceName): Promise<string | undefined> {
  const graph = new Graph();
  graph.output("y", neg(graph.input("x", "float32", [1])));
  try {
    const session = await InferenceSession.create(encodeModel(graph), {
      executionProviders: [name],
      logSeverityLevel: 4,
    });
    await session.release();
    return undefined;
  } catch (error) {
    return error instanceof Error ? firstLine(error.message) : String(error);
  }
}

/** ONNX Runtime puts the C++ source line and the failed condition before the sentence that a person can use. */
function firstLine(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/^.*\bwas false\. /, "").replace(/[.\s]+$/, "");
}
