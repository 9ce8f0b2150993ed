/** @file Where a picture's noise comes from: torch's generator on the CPU, or that of an NVIDIA card. */
import { PhiloxGenerator } from "./philox-generator.ts";
import { TorchGenerator } from "./torch-generator.ts";

/** "GPU" is A1111's default: an NVIDIA card, which "NV" computes without one. Here both are the same. */
export type RandomSource = "GPU" | "CPU" | "NV";

/** Normal noise of one seed, each call going on where the last one ended. */
export interface NormalGenerator {
  randn(count: number): Float32Array;
}

export function createNormalGenerator(source: RandomSource, seed: number): NormalGenerator {
  return source === "CPU" ? new TorchGenerator(seed) : new PhiloxGenerator(seed);
}
