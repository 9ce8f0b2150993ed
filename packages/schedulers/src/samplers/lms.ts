/** @file Linear multistep of fourth order (Adams-Bashforth on the sigmas' own spacing; k-diffusion `sample_lms`). */
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";

const ORDER = 4;

/** One call of the model for each step, which combines the last four directions. Deterministic. */
export async function sampleLms(latents: Latents, sigmas: Float32Array, context: SamplerContext): Promise<Latents> {
  let x = latents;
  /** Newest first. */
  let directions: Latents[] = [];
  for (let i = 0; i < sigmas.length - 1; i++) {
    const sigma = sigmas[i]!;
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const denoised = await denoise(x, sigma, context);
    directions = [combine([1 / sigma, x], [-1 / sigma, denoised]), ...directions].slice(0, ORDER);
    const nodes = directions.map((_, j) => sigmas[i - j]!);
    const range = { from: sigma, to: sigmas[i + 1]! };
    x = combine([1, x], ...directions.map((d, j) => [basisIntegral(nodes, j, range), d] as const));
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}

/** The integral of the j-th Lagrange polynomial over `nodes`: its degree is at most 3, so Gauss's rule with two points is exact. */
function basisIntegral(nodes: readonly number[], j: number, { from, to }: { from: number; to: number }): number {
  const [middle, half] = [(from + to) / 2, (to - from) / 2];
  const basis = (tau: number) =>
    nodes.reduce((product, node, k) => (k === j ? product : (product * (tau - node)) / (nodes[j]! - node)), 1);
  return half * (basis(middle - half / Math.sqrt(3)) + basis(middle + half / Math.sqrt(3)));
}
