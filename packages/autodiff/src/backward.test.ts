import {
  add,
  clip,
  Graph,
  layerNormalization,
  mul,
  multiHeadAttention,
  printGraph,
  reduceMean,
  sub,
} from "@lexeme/onnx";
import { expect, test } from "vitest";
import { gradients } from "./backward.ts";
import { describeRules } from "./describe-rules.ts";

test("OPS.md agrees with the table of rules", async () => {
  await expect(describeRules()).toMatchFileSnapshot("../OPS.md");
});

test("the gradient of a mean square is written into the same graph, and frozen operands get none", () => {
  const graph = new Graph();
  const x = graph.input("x", "float32", [2, 3]);
  const target = graph.input("target", "float32", [2, 3]);
  const weight = graph.weight("w", { dtype: "float32", shape: [3] }, { file: "w.bin", offset: 0, length: 12 });
  const error = sub(mul(x, weight), target);
  const loss = reduceMean(mul(error, error));
  const [dx] = gradients(loss, [x]);
  graph.output("loss", loss);
  graph.output("dx", dx!);
  expect(printGraph(graph)).toMatchInlineSnapshot(`
    "input x: float32[2,3]
    input target: float32[2,3]
    weight w: float32[3] @ w.bin:0
    constant_0: float32[] = 1
    constant_1: float32[] = 0.1666666716337204
    Mul_0: float32[2,3] = Mul(x, w)
    Sub_1: float32[2,3] = Sub(Mul_0, target)
    Mul_2: float32[2,3] = Mul(Sub_1, Sub_1)
    ReduceMean_3: float32[] = ReduceMean(Mul_2) { axes: [0,1], keepDims: false }
    Mul_4: float32[] = Mul(constant_0, constant_1)
    Reshape_5: float32[1,1] = Reshape(Mul_4) { shape: [1,1] }
    Expand_6: float32[2,3] = Expand(Reshape_5) { shape: [2,3] }
    Mul_7: float32[2,3] = Mul(Expand_6, Sub_1)
    Mul_8: float32[2,3] = Mul(Expand_6, Sub_1)
    Add_9: float32[2,3] = Add(Mul_7, Mul_8)
    Mul_10: float32[2,3] = Mul(Add_9, w)
    output loss = ReduceMean_3
    output dx = Mul_10"
  `);
});

test("nodes before the first dependence on wrt are not differentiated", () => {
  const graph = new Graph();
  const frozen = graph.input("frozen", "float32", [4, 8]);
  const x = graph.input("x", "float32", [8]);
  // Clip has no rule, so a visit to this node would throw.
  const upstream = layerNormalization(clip(frozen, -1, 1));
  const [dx] = gradients(reduceMean(mul(add(upstream, 1), x)), [x]);
  expect(dx?.shape).toEqual([8]);
});

test("an operator without a gradient is named with its reason", () => {
  const graph = new Graph();
  const x = graph.input("x", "float32", [1, 4, 8]);
  const y = multiHeadAttention({ query: x, key: x, value: x }, { numHeads: 2 });
  expect(() => gradients(reduceMean(y), [x])).toThrow(
    'MultiHeadAttention "MultiHeadAttention_0" has no gradient in operand 0: keeps no scores',
  );
});

test("a value that does not reach the loss is refused, and so is a loss of many numbers without a seed", () => {
  const graph = new Graph();
  const [x, z] = [graph.input("x", "float32", [2]), graph.input("z", "float32", [2])];
  expect(() => gradients(reduceMean(x), [z])).toThrow('no output depends on "z"');
  expect(() => gradients(x, [x])).toThrow("is not one number; give a seed");
});
