/** @file The autoencoder's residual block and its middle, shared by encoder and decoder (LDM: `ResnetBlock`, `AttnBlock`). */
import { add, type Value } from "@lexeme/onnx";
import { attention, type AttentionKind } from "./attention.ts";
import { conv2d } from "./layers/conv2d.ts";
import { groupNorm } from "./layers/group-norm.ts";
import { linear } from "./layers/linear.ts";
import { silu } from "./layers/silu.ts";
import { fromTokens, toTokens } from "./layers/tokens.ts";
import type { ParamScope } from "./param-scope.ts";

/** LDM's `Normalize` in model.py. */
export const VAE_NORM_EPSILON = 1e-6;

/** The scope's normalization, then SiLU. */
export function normSilu(scope: ParamScope, x: Value): Value {
  return silu(groupNorm(scope, x, VAE_NORM_EPSILON));
}

/** x [B, C, H, W] to [B, O, H, W]; `nin_shortcut` exists where the widths differ. */
export function vaeResnetBlock(scope: ParamScope, x: Value): Value {
  const hidden = conv2d(scope.at("conv1"), normSilu(scope.at("norm1"), x), { kernel: 3 });
  const h = conv2d(scope.at("conv2"), normSilu(scope.at("norm2"), hidden), { kernel: 3 });
  const isSameWidth = h.shape[1] === x.shape[1];
  return add(isSameWidth ? x : conv2d(scope.at("nin_shortcut"), x, { kernel: 1 }), h);
}

/** Block, attention over all places with one head, block; shapes stay. */
export function vaeMidBlock(scope: ParamScope, x: Value, kind: AttentionKind): Value {
  const h = vaeAttention(scope.at("attn_1"), vaeResnetBlock(scope.at("block_1"), x), kind);
  return vaeResnetBlock(scope.at("block_2"), h);
}

function vaeAttention(scope: ParamScope, x: Value, kind: AttentionKind): Value {
  const tokens = toTokens(groupNorm(scope.at("norm"), x, VAE_NORM_EPSILON));
  const project = (name: string, of: Value) => linear(scope.at(name), of, { convWeight: true });
  const inputs = { query: project("q", tokens), key: project("k", tokens), value: project("v", tokens) };
  return add(x, fromTokens(project("proj_out", attention(inputs, { kind, numHeads: 1 })), x));
}
