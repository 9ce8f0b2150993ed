/** @file Shape rules of two-dimensional convolution, its transpose and nearest-neighbour enlargement. */

import type { Op } from "../op.ts";
import type { OpCall, ShapeRule, TensorType } from "./op-call.ts";

export const convolutionShapes = {
  /** x [B, C, H, W], weight [O, C, kH, kW], optional bias [O]. */
  Conv: (call) => {
    const { x, weight } = convOperands(call);
    const [batch, channels, height, width] = x;
    const [out, channelsOfWeight, kernelH, kernelW] = weight;
    if (channels !== channelsOfWeight) throw call.error(`weight takes ${channelsOfWeight} channels, x has ${channels}`);
    expectBias(call, out);
    const { strides, pads } = call.attributes;
    const outHeight = Math.floor((height + pads[0] + pads[2] - kernelH) / strides[0]) + 1;
    const outWidth = Math.floor((width + pads[1] + pads[3] - kernelW) / strides[1]) + 1;
    return output(call, [batch, out, outHeight, outWidth]);
  },
  /** x [B, C, H, W], weight [C, O, kH, kW], optional bias [O]: the gradient of Conv with respect to its input. */
  ConvTranspose: (call) => {
    const { x, weight } = convOperands(call);
    const [batch, channels, height, width] = x;
    const [channelsOfWeight, out, kernelH, kernelW] = weight;
    if (channels !== channelsOfWeight) throw call.error(`weight takes ${channelsOfWeight} channels, x has ${channels}`);
    expectBias(call, out);
    const { strides, pads, outputPadding } = call.attributes;
    const outHeight = (height - 1) * strides[0] - pads[0] - pads[2] + kernelH + outputPadding[0];
    const outWidth = (width - 1) * strides[1] - pads[1] - pads[3] + kernelW + outputPadding[1];
    return output(call, [batch, out, outHeight, outWidth]);
  },
  Resize: (call) => {
    call.expectOperands(1);
    const { dtype, shape } = call.operand(0);
    const { scale } = call.attributes;
    const [batch, channels, height, width] = shape;
    if (batch === undefined || channels === undefined || height === undefined || width === undefined) {
      throw call.error("needs [B, C, H, W]");
    }
    if (!Number.isInteger(scale) || scale < 1) throw call.error(`scale ${scale} is not a whole number from 1`);
    return [{ dtype, shape: [batch, channels, height * scale, width * scale] }];
  },
} satisfies { [K in Op]?: ShapeRule<K> };

type Four = readonly [number, number, number, number];

function convOperands(call: OpCall<Op>): { x: Four; weight: Four } {
  call.expectOperands(2, 3);
  call.expectOneDType(["float32", "float16"]);
  return { x: fourDimensions(call, 0), weight: fourDimensions(call, 1) };
}

function fourDimensions(call: OpCall<Op>, index: number): Four {
  const [a, b, c, d, ...rest] = call.operand(index).shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined || rest.length > 0) {
    throw call.error(`operand ${index} needs rank 4`);
  }
  return [a, b, c, d];
}

function expectBias(call: OpCall<Op>, channels: number): void {
  const bias = call.inputs[2];
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== channels)) {
    throw call.error(`bias must be [${channels}]`);
  }
}

function output(call: OpCall<Op>, shape: readonly number[]): TensorType[] {
  if (shape.some((size) => size < 1)) throw call.error(`output would be [${shape.join(",")}]`);
  return [{ dtype: call.operand(0).dtype, shape }];
}
