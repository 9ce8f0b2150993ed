export { type NoAttributes, type Op, type OpAttributes } from "./op.ts";
export {
  Graph,
  type ByteRange,
  type ConstantType,
  type ConstantValues,
  type Node,
  type NodeOf,
  type Source,
  type Value,
} from "./graph.ts";
export { shapeRules } from "./shape-rules/index.ts";
export { type TensorType } from "./shape-rules/op-call.ts";
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
  type Operand,
} from "./ops/elementwise.ts";
export {
  fusedMatMul,
  matMul,
  multiHeadAttention,
  type AttentionInputs,
  type FusedMatMulOptions,
  type MultiHeadAttentionOptions,
} from "./ops/linalg.ts";
export {
  cast,
  concat,
  expand,
  gather,
  pad,
  reshape,
  scatterND,
  slice,
  split,
  transpose,
  type Scatter,
  type SliceRange,
} from "./ops/movement.ts";
export {
  layerNormalization,
  layerNormalizationWithStatistics,
  reduceMean,
  reduceSum,
  softmax,
  type LayerNormalizationOptions,
  type ReduceOptions,
} from "./ops/normalization.ts";
export {
  conv,
  convTranspose,
  resizeNearest,
  type ConvOptions,
  type ConvTransposeOptions,
  type ConvWeights,
} from "./ops/convolution.ts";
export { prune, type PrunedGraph } from "./prune.ts";
export { withStandardOps } from "./standard-ops.ts";
export { printGraph } from "./print.ts";
export { encodeModel, type EncodeOptions } from "./proto/encode.ts";
