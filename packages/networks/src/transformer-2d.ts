/** @file The UNet's transformer over places of a feature map (diffusers: `Transformer2DModel`; LDM: `SpatialTransformer`). */
import { add, gelu, mul, split, type Value } from "@lexeme/onnx";
import { attention, type AttentionKind } from "./attention.ts";
import { groupNorm } from "./layers/group-norm.ts";
import { layerNorm } from "./layers/layer-norm.ts";
import { linear } from "./layers/linear.ts";
import { fromTokens, toTokens } from "./layers/tokens.ts";
import type { ParamScope } from "./param-scope.ts";

/** LDM's `Normalize` in attention.py. */
const EPSILON = 1e-6;

export interface TransformerOptions {
  /** The text, [B, tokens, context width]. */
  context: Value;
  depth: number;
  numHeads: number;
  attention: AttentionKind;
}

/** x [B, C, H, W] to the same shape. The projections may be 1 x 1 convolutions (SD 1.x) or linear layers (SD 2.x). */
export function transformer2d(scope: ParamScope, x: Value, options: TransformerOptions): Value {
  let h = linear(scope.at("proj_in"), toTokens(groupNorm(scope.at("norm"), x, EPSILON)), { convWeight: true });
  for (let index = 0; index < options.depth; index++) {
    h = transformerBlock(scope.at("transformer_blocks").at(index), h, options);
  }
  return add(x, fromTokens(linear(scope.at("proj_out"), h, { convWeight: true }), x));
}

/** LDM's `BasicTransformerBlock`: self-attention, attention to the text, and a gated feed-forward, each residual. */
function transformerBlock(scope: ParamScope, x: Value, options: TransformerOptions): Value {
  const attend = (name: string, queries: Value, keys: Value) =>
    attentionLayer(scope.at(name), [queries, keys], options);
  const normalized = layerNorm(scope.at("norm1"), x);
  let h = add(x, attend("attn1", normalized, normalized));
  h = add(h, attend("attn2", layerNorm(scope.at("norm2"), h), options.context));
  return add(h, feedForward(scope.at("ff"), layerNorm(scope.at("norm3"), h)));
}

function attentionLayer(scope: ParamScope, [x, context]: [Value, Value], options: TransformerOptions): Value {
  const inputs = {
    query: linear(scope.at("to_q"), x, { bias: false }),
    key: linear(scope.at("to_k"), context, { bias: false }),
    value: linear(scope.at("to_v"), context, { bias: false }),
  };
  const { attention: kind, numHeads } = options;
  return linear(scope.at("to_out.0"), attention(inputs, { kind, numHeads }));
}

/** GEGLU (Shazeer 2020): one half of the projection gates the other. */
function feedForward(scope: ParamScope, x: Value): Value {
  const projected = linear(scope.at("net.0.proj"), x);
  const half = (projected.shape[2] ?? 0) / 2;
  const [hidden, gate] = split(projected, [half, half], -1);
  if (hidden === undefined || gate === undefined) throw new TypeError("two halves expected");
  return linear(scope.at("net.2"), mul(hidden, gelu(gate)));
}
