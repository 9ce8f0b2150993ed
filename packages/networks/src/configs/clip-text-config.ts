/** @file The text encoder's sizes, read from a checkpoint's keys and shapes. */
import type { ParamScope } from "../param-scope.ts";

export interface ClipTextConfig {
  readonly vocabulary: number;
  /** Width of token rows, and so of learned vectors (SD 1.x: 768). */
  readonly width: number;
  /** Longest sequence (77). */
  readonly positions: number;
  readonly numLayers: number;
  readonly numHeads: number;
}

/** Width of one head in every CLIP text encoder (ViT-L/14: 768 / 12). */
const HEAD_WIDTH = 64;

/** Infers the sizes below `scope` (`cond_stage_model.transformer.text_model`). Throws LexemeError when keys that show them are missing. */
export function inferClipTextConfig(scope: ParamScope): ClipTextConfig {
  const width = scope.sizeOf("embeddings.token_embedding.weight", 1);
  return {
    vocabulary: scope.sizeOf("embeddings.token_embedding.weight", 0),
    width,
    positions: scope.sizeOf("embeddings.position_embedding.weight", 0),
    numLayers: scope.count("encoder.layers"),
    numHeads: Math.max(1, width / HEAD_WIDTH),
  };
}
