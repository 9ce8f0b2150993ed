export { type Op, type OpAttributes } from "./op.ts";
export { Graph, type ByteRange, type Node, type NodeOf, type Value } from "./graph.ts";
export {
  add,
  clip,
  cos,
  div,
  erf,
  exp,
  gelu,
  leakyRelu,
  mul,
  neg,
  quickGelu,
  sigmoid,
  sin,
  sqrt,
  sub,
} from "./ops/elementwise.ts";
export { fusedMatMul, matMul, multiHeadAttention, type AttentionInputs } from "./ops/linalg.ts";
export { cast, concat, expand, gather, pad, reshape, scatterND, slice, split, transpose } from "./ops/movement.ts";
export {
  layerNormalization,
  layerNormalizationWithStatistics,
  reduceMean,
  reduceSum,
  softmax,
} from "./ops/normalization.ts";
export { conv, convTranspose, resizeNearest } from "./ops/convolution.ts";
export { prune } from "./prune.ts";
export { withStandardOps } from "./standard-ops.ts";
export { printGraph } from "./print.ts";
export { encodeModel } from "./proto/encode.ts";
