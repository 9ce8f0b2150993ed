/** @file The source of a picture's noise: torch's generator on the CPU, or the generator of an NVIDIA card. */
import { PhiloxGenerator } from "./philox-generator.ts";
import { TorchGenerator } from "./torch-generator.ts";

/** A1111's default "GPU" draws on an NVIDIA card, and "NV" computes the same noise on the CPU. Here both are the same. */
export type RandomSource = "GPU" | "CPU" | "NV";

/** Normal noise of one seed. Each call continues where the last call ended. */
export interface NormalGenerator {
  randn(count: number): Float32Array;
}

/** Of the seed, any whole number, "CPU" takes the low 32 bits and the others the low 64. */
export function createNormalGenerator(source: RandomSource, seed: number | bigint): NormalGenerator {
  return source === "CPU" ? new TorchGenerator(seed) : new PhiloxGenerator(seed);
}
