/** @file The UNet's residual block, conditioned on the time step (diffusers: `ResnetBlock2D`; LDM: `ResBlock`). */
import { add, reshape, type Value } from "@lexeme/onnx";
import { conv2d } from "./layers/conv2d.ts";
import { groupNorm } from "./layers/group-norm.ts";
import { linear } from "./layers/linear.ts";
import { silu } from "./layers/silu.ts";
import type { ParamScope } from "./param-scope.ts";

/** LDM's `normalization`, which is PyTorch's default. */
const EPSILON = 1e-5;

/** x [B, C, H, W] and the activated time embedding [B, E] to [B, O, H, W]. */
export function resnetBlock(scope: ParamScope, x: Value, activatedEmbedding: Value): Value {
  let h = conv2d(scope.at("in_layers.2"), silu(groupNorm(scope.at("in_layers.0"), x, EPSILON)), { kernel: 3 });
  const embedding = linear(scope.at("emb_layers.1"), activatedEmbedding);
  h = add(h, reshape(embedding, [...embedding.shape, 1, 1]));
  h = conv2d(scope.at("out_layers.3"), silu(groupNorm(scope.at("out_layers.0"), h, EPSILON)), { kernel: 3 });
  const isSameWidth = h.shape[1] === x.shape[1];
  return add(isSameWidth ? x : conv2d(scope.at("skip_connection"), x, { kernel: 1 }), h);
}
