/** @file A1111's latent upscalers: `torch.nn.functional.interpolate` to a given size, over the last two axes. */
import type { LatentUpscalerName } from "@lexeme/domain/settings";
import type { LatentGrid } from "../checkpoint/diffusion-model.ts";
import { cubicWeight, FILTERS, resampleWeights, type PlaceWeights } from "./resample-weights.ts";

/** The numbers of old and new places along an axis. */
interface Axis {
  readonly from: number;
  readonly to: number;
}

/** The weights along one axis. Without `antialias` torch repeats the edge; with `antialias` its weights are Pillow's. */
const WEIGHTS: Record<LatentUpscalerName, (axis: Axis) => PlaceWeights[]> = {
  Latent: linearWeights,
  "Latent (antialiased)": (axis) => resampleWeights(FILTERS.triangle, axis),
  "Latent (bicubic)": cubicWeights,
  "Latent (bicubic antialiased)": (axis) => resampleWeights(FILTERS.cubic, axis),
  "Latent (nearest)": (axis) => nearestWeights(axis, 0),
  "Latent (nearest-exact)": (axis) => nearestWeights(axis, 0.5),
};

/** Latents `[channels, height, width]` at another size. */
export function upscaleLatent(
  latent: Float32Array,
  { from, to, upscaler }: { from: LatentGrid; to: LatentGrid; upscaler: LatentUpscalerName },
): Float32Array {
  const weightsOf = WEIGHTS[upscaler];
  const columns = weightsOf({ from: from.width, to: to.width });
  const rows = weightsOf({ from: from.height, to: to.height });
  const channels = latent.length / (from.height * from.width);
  const wide = new Float64Array(channels * from.height * to.width);
  for (let line = 0; line < channels * from.height; line++) {
    for (const [x, { first, weights }] of columns.entries()) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * latent[line * from.width + first + k]!;
      wide[line * to.width + x] = sum;
    }
  }
  const out = new Float32Array(channels * to.height * to.width);
  for (let channel = 0; channel < channels; channel++) {
    for (const [y, { first, weights }] of rows.entries()) {
      for (let x = 0; x < to.width; x++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) {
          sum += weights[k]! * wide[(channel * from.height + first + k) * to.width + x]!;
        }
        out[(channel * to.height + y) * to.width + x] = sum;
      }
    }
  }
  return out;
}

/** Removes `cut` places, the smaller half at the top and left, as A1111 does for a size with other proportions. */
export function cropLatent(latent: Float32Array, grid: LatentGrid, cut: LatentGrid): Float32Array {
  if (cut.width === 0 && cut.height === 0) return latent;
  const channels = latent.length / (grid.height * grid.width);
  const to = { height: grid.height - cut.height, width: grid.width - cut.width };
  const [top, left] = [Math.floor(cut.height / 2), Math.floor(cut.width / 2)];
  const out = new Float32Array(channels * to.height * to.width);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < to.height; y++) {
      const from = (channel * grid.height + top + y) * grid.width + left;
      out.set(latent.subarray(from, from + to.width), (channel * to.height + y) * to.width);
    }
  }
  return out;
}

/** Positions are aligned at the middles of places. Before the first and after the last place, the edge value is repeated. */
function linearWeights({ from, to }: Axis): PlaceWeights[] {
  return Array.from({ length: to }, (_, place) => {
    const at = Math.max(0, (place + 0.5) * (from / to) - 0.5);
    const first = Math.min(Math.floor(at), from - 1);
    if (first === from - 1) return { first, weights: Float64Array.of(1) };
    return { first, weights: Float64Array.of(1 - (at - first), at - first) };
  });
}

/** torch uses a = -0.75 here, and the edge value for places outside. */
function cubicWeights({ from, to }: Axis): PlaceWeights[] {
  const A = -0.75;
  return Array.from({ length: to }, (_, place) => {
    const at = (place + 0.5) * (from / to) - 0.5;
    const before = Math.floor(at);
    const inside = (i: number): number => Math.min(Math.max(i, 0), from - 1);
    const first = inside(before - 1);
    const weights = new Float64Array(inside(before + 2) - first + 1);
    for (let i = before - 1; i <= before + 2; i++) weights[inside(i) - first]! += cubicWeight(at - i, A);
    return { first, weights };
  });
}

/** With `offset` 0 this is torch's older rule, which uses the edge of a place instead of its middle. */
function nearestWeights({ from, to }: Axis, offset: number): PlaceWeights[] {
  const scale = Math.fround(from / to);
  return Array.from({ length: to }, (_, place) => ({
    first: Math.min(from - 1, Math.floor(Math.fround((place + offset) * scale))),
    weights: Float64Array.of(1),
  }));
}
