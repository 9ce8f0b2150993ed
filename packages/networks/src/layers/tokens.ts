/** @file Conversion between feature maps and sequences: attention takes each place of a feature map as a token. */
import { reshape, transpose, type Value } from "@lexeme/onnx";

/** [B, C, H, W] to [B, H*W, C]. */
export function toTokens(x: Value): Value {
  const [batch = 0, channels = 0] = x.shape;
  return transpose(reshape(x, [batch, channels, -1]), [0, 2, 1]);
}

/** [B, H*W, C] back to the height and width of `like`. */
export function fromTokens(tokens: Value, like: Value): Value {
  const [batch = 0, , channels = 0] = tokens.shape;
  const [, , height = 0, width = 0] = like.shape;
  return reshape(transpose(tokens, [0, 2, 1]), [batch, channels, height, width]);
}
