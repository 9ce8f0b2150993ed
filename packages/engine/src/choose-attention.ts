/** @file Which attention a device's inference graphs use. */
import type { Device } from "@lexeme/protocol";

/** The fused kernel is the CPU's alone: other providers lack it or, on some drivers, compute it wrongly. */
export function attentionFor(device: Device): "fused" | "basic" {
  return device === "cpu" ? "fused" : "basic";
}
