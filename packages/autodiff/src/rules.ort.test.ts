/** @file Compares every gradient rule with central differences in ONNX Runtime, and checks that every case fails when the rule's sign is flipped. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  add,
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
  layerNormalization,
  matMul,
  mul,
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
  type Graph,
  type Op,
} from "@lexeme/onnx";
import { elementCount, type Shape } from "@lexeme/core";
import { float32Data, float32Tensor, liveSessionCount, openSession } from "@lexeme/runtime";
import { afterAll, describe, expect, test } from "vitest";
import { gradientRules } from "./rules/index.ts";
import { NotDifferentiable, type GradientTable, type OperandGradient } from "./rules/rule.ts";
import { checkGradient, type GradientCase, type RunnableGraph } from "./testing.ts";

const ints = (graph: Graph, values: number[], shape: Shape = [values.length]) =>
  graph.constant(values, { shape, dtype: "int64" });
const floats = (graph: Graph, shape: Shape) =>
  graph.constant(
    Float32Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(3 * i + 1)),
    { shape },
  );

const folder = mkdtempSync(join(tmpdir(), "lexeme-rules-"));
const weightFile = join(folder, "weights.bin");
writeFileSync(weightFile, new Uint8Array(Float32Array.from({ length: 65 }, (_, i) => Math.cos(2 * i)).buffer));
const stored = (graph: Graph, shape: Shape) => {
  const length = 4 * elementCount(shape);
  return graph.external("stored", { dtype: "float32", shape }, { file: weightFile, offset: 4, length });
};

afterAll(() => rmSync(folder, { recursive: true }));

type Build = GradientCase["build"];
type Line = [inputs: Record<string, Shape>, build: Build, range?: readonly [number, number]];

/** At least one case for every operator that has a rule. */
const CASES: { [K in Op]?: Record<string, Line> } = {
  Add: {
    "same shape": [{ a: [2, 3], b: [2, 3] }, ({ a, b }) => add(a!, b!)],
    broadcast: [{ a: [2, 3], b: [3] }, ({ a, b }) => add(a!, b!)],
    "broadcast in the middle": [{ a: [2, 1, 3], b: [2, 2, 1] }, ({ a, b }) => add(a!, b!)],
    "one value twice": [{ a: [3] }, ({ a }) => add(a!, a!)],
  },
  Sub: { broadcast: [{ a: [2, 3], b: [2, 1] }, ({ a, b }) => sub(a!, b!)] },
  Mul: {
    broadcast: [{ a: [3], b: [2, 3] }, ({ a, b }) => mul(a!, b!)],
    square: [{ a: [4] }, ({ a }) => mul(a!, a!)],
  },
  Div: { broadcast: [{ a: [2, 3], b: [1, 3] }, ({ a, b }) => div(a!, b!), [0.8, 2]] },
  Neg: { plain: [{ x: [4] }, ({ x }) => neg(x!)] },
  Exp: { plain: [{ x: [4] }, ({ x }) => exp(x!)] },
  Erf: { plain: [{ x: [6] }, ({ x }) => erf(x!)] },
  Sqrt: { plain: [{ x: [4] }, ({ x }) => sqrt(x!), [0.5, 3]] },
  Sigmoid: { plain: [{ x: [6] }, ({ x }) => sigmoid(x!), [-2, 2]] },
  Cos: { plain: [{ x: [6] }, ({ x }) => cos(x!), [-3, 3]] },
  Sin: { plain: [{ x: [6] }, ({ x }) => sin(x!), [-3, 3]] },
  Gelu: { plain: [{ x: [8] }, ({ x }) => gelu(x!), [-2, 2]] },
  QuickGelu: {
    silu: [{ x: [8] }, ({ x }) => quickGelu(x!, 1), [-3, 3]],
    clip: [{ x: [8] }, ({ x }) => quickGelu(x!, 1.702), [-2, 2]],
  },
  MatMul: {
    matrices: [{ a: [2, 3], b: [3, 4] }, ({ a, b }) => matMul(a!, b!)],
    "rows and a matrix": [{ a: [2, 2, 3], b: [3, 2] }, ({ a, b }) => matMul(a!, b!)],
    batches: [{ a: [2, 2, 3], b: [2, 3, 2] }, ({ a, b }) => matMul(a!, b!)],
    "broadcast batches": [{ a: [1, 2, 3], b: [2, 3, 2] }, ({ a, b }) => matMul(a!, b!)],
  },
  FusedMatMul: {
    plain: [{ a: [2, 3], b: [3, 4] }, ({ a, b }) => fusedMatMul(a!, b!, { alpha: 0.5 })],
    "A transposed": [{ a: [3, 2], b: [3, 4] }, ({ a, b }) => fusedMatMul(a!, b!, { transA: true, alpha: 2 })],
    "B transposed": [{ a: [2, 3], b: [4, 3] }, ({ a, b }) => fusedMatMul(a!, b!, { transB: true })],
    "both transposed": [{ a: [3, 2], b: [4, 3] }, ({ a, b }) => fusedMatMul(a!, b!, { transA: true, transB: true })],
    "linear layer": [{ x: [2, 2, 3] }, ({ x }, graph) => fusedMatMul(x!, stored(graph, [4, 3]), { transB: true })],
    "rows and a matrix": [{ a: [2, 2, 3], b: [2, 3] }, ({ a, b }) => fusedMatMul(a!, b!, { transB: true })],
    "batches, scores": [
      { a: [1, 2, 3, 2], b: [1, 2, 2, 2] },
      ({ a, b }) => fusedMatMul(a!, b!, { transB: true, alpha: 0.7 }),
    ],
  },
  Transpose: { "three axes": [{ x: [2, 3, 2] }, ({ x }) => transpose(x!, [2, 0, 1])] },
  Reshape: { plain: [{ x: [2, 6] }, ({ x }) => reshape(x!, [3, 4])] },
  Concat: { axis: [{ a: [2, 1], b: [2, 3] }, ({ a, b }) => concat([a!, b!, a!], 1)] },
  Split: {
    all: [{ x: [2, 5] }, ({ x }) => split(x!, [2, 3], 1)],
    "one part unused": [{ x: [5] }, ({ x }) => split(x!, [2, 1, 2], 0).filter((_, i) => i !== 1)],
  },
  Slice: {
    range: [{ x: [4, 3] }, ({ x }) => slice(x!, { axis: 0, start: 1, end: 3 })],
    "to the end": [
      { x: [4, 3] },
      ({ x }) =>
        slice(x!, [
          { axis: 0, start: 1 },
          { axis: 1, end: -1 },
        ]),
    ],
    steps: [{ x: [7, 2] }, ({ x }) => slice(x!, { axis: 0, start: 1, step: 3 })],
    "steps past the end": [{ x: [6] }, ({ x }) => slice(x!, { axis: 0, start: 1, step: 2 })],
  },
  Gather: {
    rows: [{ x: [4, 3] }, ({ x }, graph) => gather(x!, ints(graph, [2, 0, 2]))],
    "matrix of indices": [{ x: [3, 2] }, ({ x }, graph) => gather(x!, ints(graph, [0, 1, 1, 2], [2, 2]))],
    "inner axis": [{ x: [2, 3, 2] }, ({ x }, graph) => gather(x!, ints(graph, [2, 2]), 1)],
  },
  ScatterND: {
    overwrite: [
      { data: [4, 2], updates: [2, 2] },
      ({ data, updates }, graph) => scatterND(data!, { indices: ints(graph, [3, 1], [2, 1]), updates: updates! }),
    ],
    add: [
      { data: [3, 2], updates: [3, 2] },
      ({ data, updates }, graph) =>
        scatterND(data!, { indices: ints(graph, [1, 1, 2], [3, 1]), updates: updates!, reduction: "add" }),
    ],
  },
  Cast: {
    // Half precision is too coarse for central differences, so the cast is from float32 to float32.
    widening: [{ x: [4] }, ({ x }, graph) => graph.applyOne("Cast", [x!], { to: "float32" })],
  },
  Expand: {
    rank: [{ x: [3] }, ({ x }) => expand(x!, [2, 3])],
    axis: [{ x: [2, 1, 3] }, ({ x }) => expand(x!, [2, 2, 3])],
  },
  Pad: { "both ends": [{ x: [2, 3] }, ({ x }) => pad(x!, [1, 0, 0, 2], 0.5)] },
  Softmax: {
    "last axis": [{ x: [2, 4] }, ({ x }) => softmax(x!)],
    "first axis": [{ x: [3, 2] }, ({ x }) => softmax(x!, 0)],
  },
  LayerNormalization: {
    "no affine part": [{ x: [2, 5] }, ({ x }) => layerNormalization(x!, { epsilon: 0.01 })],
    affine: [
      { x: [2, 5], scale: [5], bias: [5] },
      ({ x, scale, bias }) => layerNormalization(x!, { scale: scale!, bias: bias! }),
    ],
    "bias alone": [{ x: [2, 5], bias: [5] }, ({ x, bias }) => layerNormalization(x!, { bias: bias! })],
    "two axes": [{ x: [2, 2, 3], scale: [2, 3] }, ({ x, scale }) => layerNormalization(x!, { scale: scale!, axis: 1 })],
  },
  ReduceSum: {
    all: [{ x: [2, 3] }, ({ x }) => reduceSum(x!)],
    kept: [{ x: [2, 3, 2] }, ({ x }) => reduceSum(x!, { axes: [0, -1], keepDims: true })],
  },
  ReduceMean: {
    all: [{ x: [2, 3] }, ({ x }) => reduceMean(x!)],
    dropped: [{ x: [2, 3, 2] }, ({ x }) => reduceMean(x!, { axes: [1] })],
  },
  Conv: {
    "3 x 3, padded, biased": [
      { x: [1, 2, 4, 3], bias: [3] },
      ({ x, bias }, graph) => conv(x!, { weight: stored(graph, [3, 2, 3, 3]), bias: bias! }, { padding: 1 }),
    ],
    "stride 2, even size": [
      { x: [1, 1, 4, 4] },
      ({ x }, graph) => conv(x!, { weight: floats(graph, [2, 1, 3, 3]) }, { padding: 1, stride: 2 }),
    ],
    "stride 2, odd size": [
      { x: [1, 1, 5, 5] },
      ({ x }, graph) => conv(x!, { weight: floats(graph, [2, 1, 3, 3]) }, { padding: 1, stride: 2 }),
    ],
    "stride 2, padded at bottom and right": [
      { x: [1, 1, 4, 4] },
      ({ x }, graph) => conv(x!, { weight: floats(graph, [2, 1, 3, 3]) }, { padding: [0, 0, 1, 1], stride: 2 }),
    ],
    "unequal strides": [
      { x: [1, 1, 4, 5] },
      ({ x }, graph) =>
        graph.applyOne("Conv", [x!, floats(graph, [1, 1, 2, 2])], { strides: [2, 1], pads: [0, 0, 0, 0] }),
    ],
    "1 x 1, stored": [{ x: [2, 3, 2, 2] }, ({ x }, graph) => conv(x!, { weight: stored(graph, [4, 3, 1, 1]) })],
    "1 x 1, constant": [{ x: [1, 3, 2, 2] }, ({ x }, graph) => conv(x!, { weight: floats(graph, [4, 3, 1, 1]) })],
  },
  ConvTranspose: {
    "stride 2": [
      { x: [1, 2, 3, 3], bias: [2] },
      ({ x, bias }, graph) =>
        convTranspose(
          x!,
          { weight: floats(graph, [2, 2, 3, 3]), bias: bias! },
          { stride: 2, padding: 1, outputPadding: [1, 1] },
        ),
    ],
  },
  Resize: { "factor 2": [{ x: [1, 2, 2, 3] }, ({ x }) => resizeNearest(x!, 2)] },
};

describe("a gradient agrees with central differences", () => {
  for (const { op, label, gradientCase } of allCases()) {
    test(`${op}, ${label}`, async () => {
      expect(await checkGradient(gradientCase, openForCheck)).toEqual([]);
    });
  }

  test("of a deep composition, also when values are read more than once", async () => {
    const block: GradientCase = {
      inputs: { x: [2, 4] },
      build: ({ x }, graph) => {
        const h = layerNormalization(x!, { scale: floats(graph, [4]) });
        const p = softmax(fusedMatMul(h, h, { transB: true, alpha: 0.5 }));
        return add(x!, mul(gelu(matMul(p, h)), sub(1, x!)));
      },
    };
    expect(await checkGradient(block, openForCheck)).toEqual([]);
  });
});

describe("the table is covered", () => {
  for (const { op, operand } of differentiableOperands()) {
    test(`a wrong sign in ${op}, operand ${operand}, fails its case`, async () => {
      let detected = 0;
      for (const line of Object.values(CASES[op] ?? {})) {
        const flipped = flipSign(op, operand);
        const mismatches = await checkGradient(toCase(line), openForCheck, flipped.table);
        if (flipped.uses() > 0)
          expect(mismatches.length, "a case uses the rule and passes although the rule is wrong").toBeGreaterThan(0);
        detected += flipped.uses();
      }
      expect(detected, `no case uses the gradient of ${op} in operand ${operand}`).toBeGreaterThan(0);
    });
  }

  test("no case is for an operator without a rule", () => {
    const withoutRule = Object.keys(CASES).filter((op) => gradientRules[op as Op] instanceof NotDifferentiable);
    expect(withoutRule).toEqual([]);
  });

  test("no session is left open", () => {
    expect(liveSessionCount()).toBe(0);
  });
});

function allCases() {
  return Object.entries(CASES).flatMap(([op, lines]) =>
    Object.entries(lines).map(([label, line]) => ({ op, label, gradientCase: toCase(line) })),
  );
}

function toCase([inputs, build, range]: Line): GradientCase {
  return range === undefined ? { inputs, build } : { inputs, build, range };
}

/** The operands whose gradients are tested; a rule shared by all operands is tested with the first. */
function differentiableOperands(): { op: Op; operand: number }[] {
  return (Object.keys(gradientRules) as Op[]).flatMap((op) => {
    const rule = gradientRules[op];
    if (rule instanceof NotDifferentiable) return [];
    if (typeof rule === "function") return [{ op, operand: 0 }];
    return [...rule.keys()]
      .filter((operand) => typeof rule[operand] === "function")
      .map((operand) => ({ op, operand }));
  });
}

function flipSign(op: Op, operand: number): { table: GradientTable; uses: () => number } {
  let uses = 0;
  const flip =
    (original: OperandGradient<Op>): OperandGradient<Op> =>
    (call, index) => {
      const gradient = original(call, index);
      if (Array.isArray(gradientRules[op]) && index !== operand) return gradient;
      uses += 1;
      return neg(gradient);
    };
  const rule = gradientRules[op] as OperandGradient<Op> | readonly (OperandGradient<Op> | NotDifferentiable)[];
  const flipped = typeof rule === "function" ? flip(rule) : rule.map((r) => (typeof r === "function" ? flip(r) : r));
  return { table: { ...gradientRules, [op]: flipped }, uses: () => uses };
}

async function openForCheck(graph: Graph): Promise<RunnableGraph> {
  const session = await openSession(graph, { purpose: "training", threads: 1 });
  return {
    async run(feeds) {
      const tensors = Object.entries(feeds).map(([name, { shape, data }]) => [name, float32Tensor(shape, data)]);
      const results = Object.entries(await session.run(Object.fromEntries(tensors)));
      return Object.fromEntries(results.map(([name, tensor]) => [name, float32Data(tensor)]));
    },
    dispose: () => session.dispose(),
  };
}
