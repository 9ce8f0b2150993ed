/** @file Sinusoidal embedding of time steps in diffusion models (Ho et al. 2020, after Vaswani et al. 2017). */
import { concat, cos, mul, reshape, sin, type Value } from "@lexeme/onnx";

/** Longest period of the sinusoids (LDM's `timestep_embedding`, `max_period`). */
const MAX_PERIOD = 10_000;

/** Time steps [B], which may lie between whole steps, to [B, width]: cosines, then sines, of falling frequencies. */
export function timestepEmbedding(timesteps: Value, width: number): Value {
  const half = Math.floor(width / 2);
  const frequencies = Array.from({ length: half }, (_, i) => Math.exp((-Math.log(MAX_PERIOD) * i) / half));
  const angles = mul(reshape(timesteps, [-1, 1]), timesteps.graph.constant(frequencies, { shape: [1, half] }));
  return concat([cos(angles), sin(angles)], 1);
}
