/** @file From token ids to the UNet's context: chunks of 77 tokens pass through the text encoder, are weighted, and joined. */
import { reshape, type Value } from "@lexeme/onnx";
import { clipText, type ClipTextInputs, type ClipTextOptions } from "./clip-text.ts";
import { applyEmphasis } from "./emphasis.ts";
import type { ParamScope } from "./param-scope.ts";

/** Tokens of one chunk, including begin and end marks: the longest text that CLIP was trained on. */
export const CHUNK_TOKENS = 77;

export interface TextConditioningInputs extends ClipTextInputs {
  /** Prompt weights [B, tokens]; 1 leaves a token as it is. */
  multipliers: Value;
}

/**
 * The prompts' hidden states [B, tokens, C]; `tokens` is 77 for each chunk. Inputs are those of `clipText` with all chunks
 * of a prompt in a row ([B, tokens, ...]); chunks are encoded independently.
 */
export function textConditioning(scope: ParamScope, inputs: TextConditioningInputs, options: ClipTextOptions): Value {
  const [batch = 0, tokens = 0] = inputs.ids.shape;
  const chunks = tokens / CHUNK_TOKENS;
  if (!Number.isInteger(chunks)) throw new TypeError(`${tokens} tokens are not a multiple of ${CHUNK_TOKENS}`);
  const width = inputs.learned.shape[2] ?? 0;
  const asRows = (x: Value, ...rest: number[]) => reshape(x, [batch * chunks, CHUNK_TOKENS, ...rest]);
  const rows = { ids: asRows(inputs.ids), keep: asRows(inputs.keep, 1), learned: asRows(inputs.learned, width) };
  const z = reshape(clipText(scope, rows, options), [batch, chunks, CHUNK_TOKENS, width]);
  const multipliers = reshape(inputs.multipliers, [batch, chunks, CHUNK_TOKENS]);
  return reshape(applyEmphasis(z, multipliers), [batch, tokens, width]);
}
