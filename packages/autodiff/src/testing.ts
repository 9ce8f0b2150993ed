/** @file The test of gradient rules: compares analytic gradients with central differences, through a port that runs graphs. */

import { elementCount, type Shape } from "@lexeme/core";
import { Graph, type Value } from "@lexeme/onnx";
import { vectorJacobianProduct } from "./backward.ts";
import type { GradientTable } from "./rules/rule.ts";

/** Makes a graph runnable. The tests pass ONNX Runtime, because this package does not depend on a runtime. */
export type OpenGraph = (graph: Graph) => Promise<RunnableGraph>;

export interface RunnableGraph {
  run(feeds: Record<string, { shape: Shape; data: Float32Array }>): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

/** A function of some inputs. Every output is part of the loss, with its own random cotangent. */
export interface GradientCase {
  /** The inputs to differentiate, by name. */
  inputs: Readonly<Record<string, Shape>>;
  /** Range of every input's elements; [-1, 1] by default. The function must have no poles and kinks in the range. */
  range?: readonly [number, number];
  build: (inputs: Readonly<Record<string, Value>>, graph: Graph) => Value | readonly Value[];
}

export interface GradientMismatch {
  input: string;
  element: number;
  analytic: number;
  numeric: number;
}

/** Half the distance of a central difference: a larger step has the error O(h^2) of the formula, a smaller step the error of float32 rounding / h. */
const STEP = 1e-2;
const RELATIVE_TOLERANCE = 1e-2;
/** As a fraction of the input's largest gradient, because float32 rounding grows with the function's values. */
const ABSOLUTE_TOLERANCE = 3e-3;

/**
 * The elements whose analytic gradient differs from the central difference; an empty list is a pass.
 * Throws if an input's gradient is zero everywhere, because such a case would also pass with a wrong rule.
 */
export async function checkGradient(
  gradientCase: GradientCase,
  open: OpenGraph,
  rules?: GradientTable,
): Promise<GradientMismatch[]> {
  const { graph, cotangents } = buildLoss(gradientCase, rules);
  const [low, high] = gradientCase.range ?? [-1, 1];
  const random = uniform(7);
  const feeds = Object.fromEntries(
    Object.entries(gradientCase.inputs).map(([name, shape]) => {
      const data = Float32Array.from({ length: elementCount(shape) }, () => low + (high - low) * random());
      return [name, { shape, data }];
    }),
  );
  const session = await open(graph);
  try {
    const loss = async () => dot(await session.run(feeds), cotangents);
    const analytic = await session.run(feeds);
    const mismatches: GradientMismatch[] = [];
    for (const [input, { data }] of Object.entries(feeds)) {
      const numeric = await centralDifferences(data, loss);
      mismatches.push(...compare(input, { analytic: analytic[`d ${input}`] ?? new Float32Array(), numeric }));
    }
    return mismatches;
  } finally {
    await session.dispose();
  }
}

/** The loss is summed outside the graph in double precision, because float32 would lose the differences of large sums. */
function buildLoss({ inputs, build }: GradientCase, rules: GradientTable | undefined) {
  const graph = new Graph();
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, shape]) => [name, graph.input(name, "float32", shape)]),
  );
  const built = build(values, graph);
  const outputs: readonly Value[] = "dtype" in built ? [built] : built;
  const random = uniform(11);
  const cotangents = new Map<string, Float32Array>();
  const seeds = new Map<Value, Value>();
  for (const [index, output] of outputs.entries()) {
    // Cotangents are not near zero and have both signs, so that every element counts and no sum cancels by symmetry.
    const cotangent = Float32Array.from(
      { length: elementCount(output.shape) },
      (_, i) => (i % 3 ? 1 : -1) * (0.5 + random()),
    );
    cotangents.set(`y${index}`, cotangent);
    graph.output(`y${index}`, output);
    seeds.set(output, graph.constant(cotangent, { shape: output.shape }));
  }
  const wrt = Object.values(values);
  for (const [i, gradient] of vectorJacobianProduct(seeds, wrt, rules).entries()) {
    graph.output(`d ${wrt[i]?.name}`, gradient);
  }
  return { graph, cotangents };
}

async function centralDifferences(data: Float32Array, loss: () => Promise<number>): Promise<Float64Array> {
  const differences = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const center = data[i] ?? 0;
    data[i] = center + STEP;
    const [above, upper] = [data[i] ?? 0, await loss()];
    data[i] = center - STEP;
    const [below, lower] = [data[i] ?? 0, await loss()];
    data[i] = center;
    differences[i] = (upper - lower) / (above - below);
  }
  return differences;
}

function compare(input: string, { analytic, numeric }: { analytic: Float32Array; numeric: Float64Array }) {
  const largest = numeric.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest < 1e-3) throw new TypeError(`the loss does not depend on "${input}", so the case proves nothing`);
  const mismatches: GradientMismatch[] = [];
  for (const [element, expected] of numeric.entries()) {
    const given = analytic[element] ?? Number.NaN;
    const tolerance = RELATIVE_TOLERANCE * Math.abs(expected) + ABSOLUTE_TOLERANCE * largest;
    if (!(Math.abs(given - expected) <= tolerance))
      mismatches.push({ input, element, analytic: given, numeric: expected });
  }
  return mismatches;
}

function dot(outputs: Record<string, Float32Array>, cotangents: ReadonlyMap<string, Float32Array>): number {
  let sum = 0;
  for (const [name, cotangent] of cotangents) {
    for (const [i, value] of (outputs[name] ?? new Float32Array()).entries()) sum += value * (cotangent[i] ?? 0);
  }
  return sum;
}

/** Mulberry32: numbers in [0, 1) that are the same on every machine. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
