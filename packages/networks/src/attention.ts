/** @file Scaled dot-product attention (Vaswani et al. 2017), either as one fused kernel or in operators that have gradients. */
import {
  add,
  fusedMatMul,
  matMul,
  multiHeadAttention,
  reshape,
  softmax,
  transpose,
  type AttentionInputs,
  type Value,
} from "@lexeme/onnx";

/**
 * `fused` never holds the scores, runs on the CPU provider, and has no gradient; `basic` is differentiable and runs on
 * every provider.
 */
export type AttentionKind = "fused" | "basic";

export interface AttentionOptions {
  kind: AttentionKind;
  numHeads: number;
  /** Added to the scores; its shape must broadcast to [B, H, S, T]. */
  mask?: Value;
}

/** softmax(q k^T / sqrt(D) + mask) v for each head. All are [B, length, H*D]; the result is [B, S, H*D]. */
export function attention(inputs: AttentionInputs, { kind, numHeads, mask }: AttentionOptions): Value {
  if (kind === "fused") {
    return multiHeadAttention(inputs, mask === undefined ? { numHeads } : { numHeads, attentionBias: mask });
  }
  const { query, key, value } = inputs;
  const width = query.shape[2] ?? 0;
  const [q, k, v] = [splitHeads(query, numHeads), splitHeads(key, numHeads), splitHeads(value, numHeads)];
  const scores = fusedMatMul(q, k, { transB: true, alpha: 1 / Math.sqrt(width / numHeads) });
  const weights = softmax(mask === undefined ? scores : add(scores, mask), -1);
  return joinHeads(matMul(weights, v));
}

/** [B, S, H*D] to [B, H, S, D]. */
function splitHeads(x: Value, numHeads: number): Value {
  const [batch = 0, length = 0, width = 0] = x.shape;
  return transpose(reshape(x, [batch, length, numHeads, width / numHeads]), [0, 2, 1, 3]);
}

/** [B, H, S, D] to [B, S, H*D]. */
function joinHeads(x: Value): Value {
  const [batch = 0, heads = 0, length = 0, width = 0] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, heads * width]);
}
