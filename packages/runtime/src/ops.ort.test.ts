/** @file Encodes and runs every operator of the closed set, and compares the results with the operator's definition. */

import {
  add,
  cast,
  clip,
  concat,
  conv,
  convTranspose,
  cos,
  div,
  erf,
  exp,
  expand,
  fusedMatMul,
  gather,
  gelu,
  leakyRelu,
  Graph,
  layerNormalizationWithStatistics,
  matMul,
  mul,
  multiHeadAttention,
  neg,
  pad,
  quickGelu,
  reduceMean,
  reduceSum,
  reshape,
  resizeNearest,
  scatterND,
  sigmoid,
  sin,
  slice,
  softmax,
  split,
  sqrt,
  sub,
  transpose,
  withStandardOps,
  type Op,
  type Value,
} from "@lexeme/onnx";
import { expect, test } from "vitest";
import { float32Data, float32Tensor, openSession, type SessionOptions } from "./index.ts";

type Case = [build: (x: Value, graph: Graph) => Value | readonly Value[], expected: number[]];

/** x is [2, 3] = 0.5, 1, 1.5, 2, 2.5, 3. The table of cases is total: the compiler reports an operator without a case. */
const X = [0.5, 1, 1.5, 2, 2.5, 3];
const image = (x: Value) => reshape(x, [1, 1, 2, 3]);
const each = (f: (x: number) => number) => X.map(f);
const logistic = (x: number) => 1 / (1 + Math.exp(-x));

const CASES: { [K in Op]: Case[] } = {
  Add: [[(x, g) => add(x, g.constant([10, 20, 30])), [10.5, 21, 31.5, 12, 22.5, 33]]],
  Sub: [[(x) => sub(1, x), each((x) => 1 - x)]],
  Mul: [[(x) => mul(x, x), each((x) => x * x)]],
  Div: [[(x) => div(1, x), each((x) => 1 / x)]],
  Neg: [[(x) => neg(x), each((x) => -x)]],
  Exp: [[(x) => exp(x), each(Math.exp)]],
  // Abramowitz & Stegun, table 7.1.
  Erf: [[(x) => erf(x), [0.5204999, 0.8427008, 0.9661051, 0.9953223, 0.999593, 0.9999779]]],
  Sqrt: [[(x) => sqrt(x), each(Math.sqrt)]],
  Sigmoid: [[(x) => sigmoid(x), each(logistic)]],
  Cos: [[(x) => cos(x), each(Math.cos)]],
  Sin: [[(x) => sin(x), each(Math.sin)]],
  Clip: [[(x) => clip(x, 1, 2.25), [1, 1, 1.5, 2, 2.25, 2.25]]],
  // x Phi(x) with the normal distribution's table.
  Gelu: [[(x) => gelu(x), [0.3457312, 0.8413447, 1.3997892, 1.9544997, 2.4844758, 2.9959503]]],
  LeakyRelu: [[(x) => leakyRelu(sub(x, 1), 0.5), each((x) => (x > 1 ? x - 1 : (x - 1) / 2))]],
  QuickGelu: [
    [(x) => quickGelu(x, 1), each((x) => x * logistic(x))],
    [(x) => quickGelu(x, 1.702), each((x) => x * logistic(1.702 * x))],
  ],
  MatMul: [[(x, g) => matMul(x, g.constant([1, 0, 0, 1, 1, 1], { shape: [3, 2] })), [2, 2.5, 5, 5.5]]],
  FusedMatMul: [
    [(x) => fusedMatMul(x, x, { transB: true, alpha: 2 }), [7, 16, 16, 38.5]],
    [(x) => fusedMatMul(x, x, { transA: true }), [4.25, 5.5, 6.75, 5.5, 7.25, 9, 6.75, 9, 11.25]],
  ],
  Transpose: [[(x) => transpose(x, [1, 0]), [0.5, 2, 1, 2.5, 1.5, 3]]],
  Reshape: [[(x) => matMul(reshape(x, [3, 2]), x.graph.constant([1, 0], { shape: [2, 1] })), [0.5, 1.5, 2.5]]],
  Concat: [[(x) => concat([x, x], 1), [0.5, 1, 1.5, 0.5, 1, 1.5, 2, 2.5, 3, 2, 2.5, 3]]],
  Split: [
    [(x) => split(x, [1, 2], 1), [0.5, 2, 1, 1.5, 2.5, 3]],
    [(x) => split(x, [1, 2], 1)[0]!, [0.5, 2]],
    [(x) => split(x, [1, 2], 1)[1]!, [1, 1.5, 2.5, 3]],
  ],
  Slice: [
    [
      (x) =>
        slice(x, [
          { axis: 0, start: 1 },
          { axis: 1, step: 2 },
        ]),
      [2, 3],
    ],
  ],
  Gather: [[(x, g) => gather(x, g.constant([2, 0], { dtype: "int64" }), 1), [1.5, 0.5, 3, 2]]],
  ScatterND: [
    [
      (x, g) => {
        const indices = g.constant([1, 1], { shape: [2, 1], dtype: "int64" });
        return scatterND(x, { indices, updates: g.filled([2, 3], 1), reduction: "add" });
      },
      [0.5, 1, 1.5, 4, 4.5, 5],
    ],
    [
      (x, g) => {
        const indices = g.constant([0], { shape: [1, 1], dtype: "int64" });
        return scatterND(x, { indices, updates: g.filled([1, 3], 7) });
      },
      [7, 7, 7, 2, 2.5, 3],
    ],
  ],
  Cast: [[(x) => cast(cast(x, "int64"), "float32"), [0, 1, 1, 2, 2, 3]]],
  Expand: [[(x) => expand(slice(x, { axis: 0, end: 1 }), [2, 3]), [0.5, 1, 1.5, 0.5, 1, 1.5]]],
  Pad: [[(x) => pad(x, [0, 1, 1, 0], -1), [-1, 0.5, 1, 1.5, -1, 2, 2.5, 3, -1, -1, -1, -1]]],
  Softmax: [[(x) => softmax(x), [0.1863237, 0.3071959, 0.5064804, 0.1863237, 0.3071959, 0.5064804]]],
  LayerNormalization: [
    [
      (x, g) => {
        const [scale, bias] = [g.constant([1, 2, 3]), g.constant([0, 0, 1])];
        const { y, mean, invStdDev } = layerNormalizationWithStatistics(x, { scale, bias, epsilon: 0 });
        return [y, mean, invStdDev];
      },
      [-1.2247449, 0, 4.6742346, -1.2247449, 0, 4.6742346, 1, 2.5, 2.4494897, 2.4494897],
    ],
    [(x) => layerNormalizationWithStatistics(x, { epsilon: 0 }).invStdDev, [2.4494897, 2.4494897]],
  ],
  Conv: [
    [(x, g) => conv(image(x), { weight: g.filled([1, 1, 2, 2], 1), bias: g.constant([10]) }), [16, 18]],
    [(x, g) => conv(image(x), { weight: g.filled([1, 1, 2, 2], 1) }, { padding: [0, 0, 1, 1], stride: 2 }), [6, 4.5]],
  ],
  ConvTranspose: [
    [
      (x, g) => convTranspose(image(x), { weight: g.filled([1, 1, 1, 1], 2) }, { stride: 2, outputPadding: [0, 1] }),
      [1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 5, 0, 6, 0],
    ],
  ],
  Resize: [
    [
      (x) => resizeNearest(image(x), 2),
      [0.5, 0.5, 1, 1, 1.5, 1.5, 0.5, 0.5, 1, 1, 1.5, 1.5, 2, 2, 2.5, 2.5, 3, 3, 2, 2, 2.5, 2.5, 3, 3],
    ],
  ],
  ReduceSum: [
    [(x) => reduceSum(x), [10.5]],
    [(x) => reduceSum(x, { axes: [0] }), [2.5, 3.5, 4.5]],
  ],
  ReduceMean: [
    [(x) => reduceMean(x, { axes: [1], keepDims: true }), [1, 2.5]],
    [(x) => reduceMean(x), [1.75]],
  ],
  MultiHeadAttention: [
    // One head of width 1, three keys: softmax(q k) v.
    [
      (x) => {
        const rows = reshape(x, [2, 3, 1]);
        return multiHeadAttention({ query: rows, key: rows, value: rows }, { numHeads: 1, scale: 1 });
      },
      [0.5, 1, 1.5].map((q) => attend(q, [0.5, 1, 1.5])).concat([2, 2.5, 3].map((q) => attend(q, [2, 2.5, 3]))),
    ],
    // The same case with a causal mask: the first query sees only the first key.
    [
      (x, g) => {
        const rows = reshape(x, [2, 3, 1]);
        const mask = [0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0];
        const attentionBias = g.constant(mask, { shape: [1, 1, 3, 3] });
        return multiHeadAttention({ query: rows, key: rows, value: rows }, { numHeads: 1, scale: 1, attentionBias });
      },
      [
        [0.5, 1, 1.5],
        [2, 2.5, 3],
      ].flatMap((keys) => keys.map((q, i) => attend(q, keys.slice(0, i + 1)))),
    ],
  ],
};

const VARIANTS: (SessionOptions & { standardOps?: boolean })[] = [
  { purpose: "inference", threads: 1 },
  { purpose: "training", threads: 1 },
  { purpose: "training", threads: 1, standardOps: true },
];
const lines = Object.entries(CASES).flatMap(([op, cases]) => cases.map((line, index) => ({ op, index, line })));

test.each(lines)("$op, case $index", async ({ line: [build, expected] }) => {
  const graph = new Graph();
  const built = build(graph.input("x", "float32", [2, 3]), graph);
  const outputs: readonly Value[] = "dtype" in built ? [built] : built;
  for (const [index, output] of outputs.entries()) graph.output(`y${index}`, output);
  for (const options of VARIANTS) {
    await using session = await openSession(options.standardOps ? withStandardOps(graph) : graph, options);
    const results = await session.run({ x: float32Tensor([2, 3], X) });
    const numbers = outputs.flatMap((output, index) => {
      const tensor = results[`y${index}`]!;
      expect(tensor.shape).toEqual(output.shape);
      return [...float32Data(tensor)];
    });
    expect(numbers.length).toBe(expected.length);
    for (const [i, number] of numbers.entries()) expect(number).toBeCloseTo(expected[i]!, 5);
  }
});

function attend(query: number, keys: readonly number[]): number {
  const weights = keys.map((key) => Math.exp(query * key));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return keys.reduce((sum, key, i) => sum + (weights[i]! / total) * key, 0);
}
