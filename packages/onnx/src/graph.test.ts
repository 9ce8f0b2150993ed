import { describe, expect, test } from "vitest";
import {
  add,
  concat,
  conv,
  convTranspose,
  div,
  expand,
  fusedMatMul,
  gather,
  Graph,
  layerNormalizationWithStatistics,
  matMul,
  mul,
  multiHeadAttention,
  pad,
  printGraph,
  prune,
  quickGelu,
  reduceMean,
  reduceSum,
  reshape,
  resizeNearest,
  scatterND,
  slice,
  softmax,
  split,
  transpose,
  type Value,
} from "./index.ts";

const BYTES = { file: "model.safetensors", offset: 8, length: 24 };

test("a graph prints its inputs, weights, constants, nodes and outputs", () => {
  const graph = new Graph();
  const x = graph.input("x", "float32", [1, 3]);
  const weight = graph.weight("proj.weight", { dtype: "float16", shape: [4, 3] }, BYTES);
  const { y, invStdDev } = layerNormalizationWithStatistics(fusedMatMul(x, weight, { transB: true }));
  mul(y, 3); // Read by nobody, so not printed.
  graph.output("y", quickGelu(y, 1.702));
  graph.output("invStdDev", invStdDev);
  expect(printGraph(graph)).toMatchInlineSnapshot(`
    "input x: float32[1,3]
    weight proj.weight: float16[4,3] @ model.safetensors:8
    constant_0: float32[4] = 1, 1, 1, 1
    Cast_0: float32[4,3] = Cast(proj.weight) { to: "float32" }
    FusedMatMul_1: float32[1,4] = FusedMatMul(x, Cast_0) { transA: false, transB: true, alpha: 1 }
    LayerNormalization_2.0: float32[1,4], _, LayerNormalization_2.2: float32[1,1] = LayerNormalization(FusedMatMul_1, constant_0) { axis: 1, epsilon: 0.00001 }
    QuickGelu_4: float32[1,4] = QuickGelu(LayerNormalization_2.0) { alpha: 1.702 }
    output y = QuickGelu_4
    output invStdDev = LayerNormalization_2.2"
  `);
});

test("declaring a weight twice gives one value and one Cast; another type or byte range under its name is refused", () => {
  const graph = new Graph();
  const type = { dtype: "float16", shape: [4, 3] } as const;
  expect(graph.weight("w", type, BYTES)).toBe(graph.weight("w", type, BYTES));
  expect(graph.nodes.length).toBe(1);
  expect(() => graph.weight("w", type, { ...BYTES, offset: 32 })).toThrow('"w" is declared twice');
  expect(() => graph.weight("v", { dtype: "float32", shape: [4, 3] }, BYTES)).toThrow(
    "takes 48 bytes, the range has 24",
  );
});

test("equal constants are one value, constants of other dtype or shape are not", () => {
  const graph = new Graph();
  const one = graph.constant([1], { shape: [] });
  expect(graph.constant(new Float32Array([1]), { shape: [] })).toBe(one);
  expect(graph.constant([1])).not.toBe(one);
  expect(graph.constant([1], { shape: [], dtype: "int64" })).not.toBe(one);
  expect(graph.filled([2, 2], 1)).toBe(graph.filled([2, 2], 1));
  expect(() => graph.constant([1, 2], { shape: [3] })).toThrow("constant of 2 values cannot have shape [3]");
});

test("pruning keeps what the outputs need, in order", () => {
  const graph = new Graph();
  const [a, b] = [graph.input("a", "float32", [2]), graph.input("b", "float32", [2])];
  const kept = add(a, 1);
  mul(b, kept);
  graph.output("y", mul(kept, 2));
  const pruned = prune(graph);
  expect(pruned.nodes.map((node) => node.name)).toEqual(["Add_0", "Mul_2"]);
  expect(pruned.inputs).toEqual([a]);
});

describe("shapes", () => {
  const graph = new Graph();
  let count = 0;
  const x = (...shape: number[]) => graph.input(`x${count++}`, "float32", shape);
  const indices = (...shape: number[]) => graph.input(`i${count++}`, "int64", shape);
  const cases: [string, Value, number[]][] = [
    ["broadcasting", add(x(2, 1, 3), x(4, 1)), [2, 4, 3]],
    ["a number keeps the rank", add(x(2), 1), [2]],
    ["product of batches", matMul(x(1, 5, 2, 3), x(4, 1, 3, 6)), [4, 5, 2, 6]],
    ["product, both transposed", fusedMatMul(x(7, 3, 2), x(6, 3), { transA: true, transB: true }), [7, 2, 6]],
    [
      "attention",
      multiHeadAttention({ query: x(2, 5, 8), key: x(2, 7, 8), value: x(2, 7, 4) }, { numHeads: 4 }),
      [2, 5, 4],
    ],
    ["transpose", transpose(x(2, 3, 4), [2, 0, 1]), [4, 2, 3]],
    ["reshape, rest filled in", reshape(x(2, 3, 4), [2, -1]), [2, 12]],
    ["concat", concat([x(2, 3), x(2, 5)], -1), [2, 8]],
    ["split", split(x(2, 5), [2, 3], 1)[1]!, [2, 3]],
    [
      "slice by steps",
      slice(x(7, 4), [
        { axis: 0, start: 1, step: 3 },
        { axis: 1, end: -1 },
      ]),
      [2, 3],
    ],
    ["gather", gather(x(5, 2), indices(3, 4)), [3, 4, 2]],
    ["scatter", scatterND(x(5, 2), { indices: indices(3, 1), updates: x(3, 2) }), [5, 2]],
    ["expand", expand(x(2, 1), [3, 2, 4]), [3, 2, 4]],
    ["pad", pad(x(2, 3), [0, 1, 2, 0]), [4, 4]],
    ["softmax", softmax(x(2, 3)), [2, 3]],
    ["mean of all", reduceMean(x(2, 3)), []],
    ["sum, kept", reduceSum(x(2, 3), { axes: [-1], keepDims: true }), [2, 1]],
    ["convolution, stride 2", conv(x(1, 3, 9, 8), { weight: x(5, 3, 3, 3) }, { stride: 2, padding: 1 }), [1, 5, 5, 4]],
    [
      "convolution, padded on two sides",
      conv(x(1, 3, 8, 8), { weight: x(5, 3, 3, 3) }, { stride: 2, padding: [0, 0, 1, 1] }),
      [1, 5, 4, 4],
    ],
    [
      "its transpose",
      convTranspose(x(1, 5, 4, 4), { weight: x(5, 3, 3, 3) }, { stride: 2, padding: 1, outputPadding: [1, 1] }),
      [1, 3, 8, 8],
    ],
    ["enlargement", resizeNearest(x(1, 3, 4, 5), 2), [1, 3, 8, 10]],
  ];
  test.each(cases)("of %s", (_, value, expected) => expect(value.shape).toEqual(expected));
});

describe("operands that do not fit are refused with operator, node and operand types", () => {
  const graph = new Graph();
  const x = graph.input("x", "float32", [2, 3]);
  const i = graph.input("i", "int64", [2, 3]);
  const image = graph.input("image", "float32", [1, 3, 8, 8]);
  const faults: [string, () => unknown, string][] = [
    [
      "broadcasting",
      () => add(x, graph.constant([1, 2])),
      'Add "Add_0": shapes [2,3] and [2] do not broadcast (operands: float32[2,3], float32[2])',
    ],
    ["dtypes", () => mul(x, i), "mixes float32 and int64"],
    ["inner dimensions", () => matMul(x, x), 'MatMul "MatMul_0": inner dimensions 3 and 2 differ'],
    ["channels", () => conv(image, { weight: graph.filled([4, 2, 3, 3], 1) }), "weight takes 2 channels, x has 3"],
    [
      "bias",
      () => conv(image, { weight: graph.filled([4, 3, 3, 3], 1), bias: graph.filled([3], 1) }),
      "bias must be [4]",
    ],
    [
      "kernel larger than the picture",
      () => conv(image, { weight: graph.filled([4, 3, 9, 9], 1) }),
      "output would be [1,4,0,0]",
    ],
    ["reshape", () => reshape(x, [4, 2]), "cannot become [4,2]"],
    ["perm", () => transpose(x, [0, 0]), "name an axis twice"],
    ["axis", () => softmax(x, 2), "axis 2 is outside rank 2"],
    ["concat", () => concat([x, graph.filled([3, 3], 0)], 1), "operands differ outside axis 1"],
    ["split", () => split(x, [1, 1], 1), "sizes [1,1] do not add up to axis 1"],
    ["slice", () => slice(x, { axis: 1, end: 4 }), "range 0:4:1 does not lie in axis 1"],
    ["float indices", () => gather(x, x), "indices must be int64 or int32"],
    [
      "heads",
      () =>
        multiHeadAttention(
          { query: graph.filled([1, 2, 6], 0), key: graph.filled([1, 2, 6], 0), value: graph.filled([1, 2, 6], 0) },
          { numHeads: 4 },
        ),
      "width does not divide into 4 heads",
    ],
    ["enlargement", () => resizeNearest(image, 1.5), "scale 1.5 is not a whole number from 1"],
    ["another graph", () => div(x, new Graph().input("z", "float32", [1])), 'operand "z" belongs to another graph'],
    ["output names", () => graph.output("i", x), 'output "i" is declared twice'],
    ["names", () => graph.input("x", "float32", [1]), '"x" is declared twice'],
  ];
  test.each(faults)("%s", (_, build, message) => {
    expect(build).toThrow(TypeError);
    expect(build).toThrow(message);
  });
});
