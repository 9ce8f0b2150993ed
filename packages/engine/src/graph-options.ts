/** @file Options for building a device's graphs. */
import type { Device } from "@lexeme/domain/jobs";

export interface GraphOptions {
  /** Attention of inference graphs; training graphs always use the attention with a gradient. */
  readonly attention: "fused" | "basic";
  /** Whether the token table is widened to float32 as a whole. */
  readonly widenTable: boolean;
}

/** Only the CPU uses the fused kernel and reads half floats: other providers lack them or, on some drivers, compute wrong results. */
export function graphOptionsFor(device: Device): GraphOptions {
  const isCpu = device === "cpu";
  return { attention: isCpu ? "fused" : "basic", widenTable: !isCpu };
}
