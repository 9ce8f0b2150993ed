/** @file CLIP's text encoder (transformers: `CLIPTextModel`; Radford et al. 2021). Learned vectors replace some of its token rows. */
import { add, cast, gather, gelu, mul, quickGelu, slice, type Value } from "@lexeme/onnx";
import { attention, type AttentionKind } from "./attention.ts";
import { inferClipTextConfig } from "./configs/clip-text-config.ts";
import { layerNorm } from "./layers/layer-norm.ts";
import { linear } from "./layers/linear.ts";
import type { ParamScope } from "./param-scope.ts";

/** OpenAI CLIP's approximation of GELU, `x * sigmoid(1.702 x)`. */
const QUICK_GELU_ALPHA = 1.702;
/** Added to the scores of later tokens. Its exp is 0 in float32; -Infinity would give NaN in `0 * -Infinity`. */
const MASKED_SCORE = -1e9;

export interface ClipTextInputs {
  /** Token ids [B, 77], int64. The rows of replaced tokens are read too, and multiplied by 0. */
  ids: Value;
  /** [B, 77, 1]: 1 where the token's own row is used, 0 where a learned row is used. */
  keep: Value;
  /** [B, 77, C]: the learned row where `keep` is 0, zeros elsewhere. */
  learned: Value;
}

export interface ClipTextOptions {
  attention: AttentionKind;
  /** A1111's "Clip skip": 1 is the output of the last layer, n the output of the n-th last layer. The final norm is applied to both. */
  clipSkip?: number;
  /** Widens the whole token table when the session opens, for devices that cannot read half floats. */
  widenTable?: boolean;
}

/** The text's hidden states [B, 77, C]. `scope` is the checkpoint's `cond_stage_model.transformer.text_model`. */
export function clipText(scope: ParamScope, inputs: ClipTextInputs, options: ClipTextOptions): Value {
  const { vocabulary, width, positions, numLayers, numHeads } = inferClipTextConfig(scope);
  const { clipSkip = 1 } = options;
  if (!Number.isInteger(clipSkip) || clipSkip < 1 || clipSkip > numLayers) {
    throw new RangeError(`clip skip ${clipSkip} must be from 1 to ${numLayers}, the text encoder's layers`);
  }
  const length = inputs.ids.shape[1] ?? 0;
  const embeddings = scope.at("embeddings");
  const tableShape = [vocabulary, width];
  // By default rows are gathered in the file's dtype and then widened. Widening the whole table would take 150 MB for a few hundred rows.
  const rows = options.widenTable
    ? gather(embeddings.parameter("token_embedding.weight", tableShape), inputs.ids)
    : cast(gather(embeddings.storedParameter("token_embedding.weight", tableShape), inputs.ids), "float32");
  const places = embeddings.parameter("position_embedding.weight", [positions, width]);
  let x = add(
    add(mul(rows, inputs.keep), inputs.learned),
    length === positions ? places : slice(places, { axis: 0, end: length }),
  );

  const mask = causalMask(x, length);
  for (let index = 0; index <= numLayers - clipSkip; index++) {
    x = encoderLayer(scope.at("encoder.layers").at(index), x, { kind: options.attention, numHeads, mask });
  }
  return layerNorm(scope.at("final_layer_norm"), x);
}

interface EncoderLayerOptions {
  kind: AttentionKind;
  numHeads: number;
  mask: Value;
}

function encoderLayer(scope: ParamScope, x: Value, options: EncoderLayerOptions): Value {
  const normalized = layerNorm(scope.at("layer_norm1"), x);
  const self = scope.at("self_attn");
  const inputs = {
    query: linear(self.at("q_proj"), normalized),
    key: linear(self.at("k_proj"), normalized),
    value: linear(self.at("v_proj"), normalized),
  };
  const h = add(x, linear(self.at("out_proj"), attention(inputs, options)));
  const hidden = linear(scope.at("mlp.fc1"), layerNorm(scope.at("layer_norm2"), h));
  const isExact = scope.weights.textActivation === "gelu";
  return add(h, linear(scope.at("mlp.fc2"), isExact ? gelu(hidden) : quickGelu(hidden, QUICK_GELU_ALPHA)));
}

/** [1, 1, length, length]: a token sees itself and the tokens before it. */
function causalMask(x: Value, length: number): Value {
  const scores = Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? MASKED_SCORE : 0,
  );
  return x.graph.constant(scores, { shape: [1, 1, length, length] });
}
