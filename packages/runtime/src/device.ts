/** @file Execution devices: which ones this build of ONNX Runtime knows, and which of them really open a session here. */

import { LexemeError } from "@lexeme/core";
import { encodeModel, Graph, neg } from "@lexeme/onnx";
import { InferenceSession, listSupportedBackends } from "./ort.ts";

/** Also onnxruntime-node's own names of the execution providers. */
export const DEVICE_NAMES = ["cpu", "webgpu", "cuda", "dml", "coreml"] as const;

export type DeviceName = (typeof DEVICE_NAMES)[number];

export interface Device {
  name: DeviceName;
  available: boolean;
  /** Why not, in ONNX Runtime's words, for a device that is not available. */
  reason?: string;
}

/** Every device name with whether it works here. Opens and closes a session of one node on each candidate. */
export async function listDevices(): Promise<Device[]> {
  const known = new Set(listSupportedBackends().map((backend) => backend.name));
  const devices: Device[] = [];
  for (const name of DEVICE_NAMES) {
    const reason = known.has(name) ? await probe(name) : `this build of ONNX Runtime has no ${name} provider`;
    devices.push(reason === undefined ? { name, available: true } : { name, available: false, reason });
  }
  return devices;
}

/** The fault of asking for a device that does not work here. There is no silent fall back to the CPU. */
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
