/** @file How a device's graphs are built. */
import type { Device } from "@lexeme/domain/jobs";

export interface GraphOptions {
  /** Attention of inference graphs; training graphs always have the one with a gradient. */
  readonly attention: "fused" | "basic";
  /** Whether the token table is widened to float32 as a whole. */
  readonly widenTable: boolean;
}

/** The fused kernel and reading half floats are the CPU's alone: other providers lack them or, on some drivers, compute wrongly. */
export function graphOptionsFor(device: Device): GraphOptions {
  const isCpu = device === "cpu";
  return { attention: isCpu ? "fused" : "basic", widenTable: !isCpu };
}
