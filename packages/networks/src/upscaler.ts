/** @file Networks that enlarge pictures: ESRGAN's RRDBNet (Wang et al. 2018), RRDBNet with the folded input of Real-ESRGAN (Wang et al. 2021), and Real-ESRGAN's compact network. */
import {
  add,
  clip,
  concat,
  Graph,
  leakyRelu,
  mul,
  reshape,
  resizeNearest,
  sub,
  transpose,
  type Value,
} from "@lexeme/onnx";
import type { CheckpointTensor } from "./checkpoint-weights.ts";
import { conv2d } from "./layers/conv2d.ts";
import { upsampleConv2d } from "./layers/upsample.ts";
import { ParamScope } from "./param-scope.ts";

/** An upscaler as `formats` inspects it, with the file that holds the weights. */
export interface UpscalerNetwork {
  readonly file: string;
  readonly architecture: "rrdb" | "compact";
  readonly scale: number;
  readonly unshuffle: number;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

/** SLOPE is for every activation except the compact network's. RESIDUAL is the factor of a block's result before it is added to the block's input. */
const SLOPE = 0.2;
const RESIDUAL = 0.2;
/** An upper bound that no feature reaches, because Clip needs a bound on both sides. */
const FLOAT_MAX = 3.4e38;

/** Input: `picture` [1, 3, H, W] in 0 to 1, sides divisible by `unshuffle`. Output: `enlarged` [1, 3, scale H, scale W], about 0 to 1. */
export function buildUpscaler(network: UpscalerNetwork, { height, width }: { height: number; width: number }): Graph {
  const graph = new Graph();
  const { file, tensors, architecture } = network;
  const scope = new ParamScope(graph, { file, tensors, normNumGroups: 1, numHeadChannels: undefined });
  const picture = graph.input("picture", "float32", [1, 3, height, width]);
  graph.output("enlarged", { rrdb: rrdbNet, compact: compactNet }[architecture](scope, picture, network));
  return graph;
}

function rrdbNet(scope: ParamScope, picture: Value, { unshuffle }: UpscalerNetwork): Value {
  const first = conv2d(scope.at("conv_first"), pixelUnshuffle(picture, unshuffle), { kernel: 3 });
  let body = first;
  for (let block = 0; block < scope.count("body"); block++) body = residualInResidual(scope.at("body").at(block), body);
  let h = add(first, conv2d(scope.at("conv_body"), body, { kernel: 3 }));
  for (let doubling = 0; doubling < scope.count("conv_up"); doubling++) {
    h = leakyRelu(upsampleConv2d(scope.at("conv_up").at(doubling), h), SLOPE);
  }
  h = leakyRelu(conv2d(scope.at("conv_hr"), h, { kernel: 3 }), SLOPE);
  return conv2d(scope.at("conv_last"), h, { kernel: 3 });
}

/** Three dense blocks. A fifth of their result is added to the input. */
function residualInResidual(scope: ParamScope, x: Value): Value {
  const h = ["rdb1", "rdb2", "rdb3"].reduce((value, name) => denseBlock(scope.at(name), value), x);
  return add(x, mul(h, RESIDUAL));
}

/** Five convolutions. Each one reads the input and the results of all earlier convolutions (Huang et al. 2017). */
function denseBlock(scope: ParamScope, x: Value): Value {
  const seen = [x];
  for (let layer = 1; layer < 5; layer++) {
    seen.push(leakyRelu(conv2d(scope.at(`conv${layer}`), concat(seen, 1), { kernel: 3 }), SLOPE));
  }
  return add(x, mul(conv2d(scope.at("conv5"), concat(seen, 1), { kernel: 3 }), RESIDUAL));
}

/** `SRVGGNetCompact`: convolutions with a slope for each channel between them; the last one's channels are the pixels of a square. */
function compactNet(scope: ParamScope, picture: Value, { scale }: UpscalerNetwork): Value {
  const layers = scope.at("body");
  const last = layers.count() - 1;
  let h = picture;
  for (let layer = 0; layer < last; layer += 2) {
    h = conv2d(layers.at(layer), h, { kernel: 3 });
    const channels = h.shape[1] ?? 0;
    const slope = layers.at(layer + 1).weight([channels], { as: [channels, 1, 1] });
    const positive = clip(h, 0, FLOAT_MAX);
    h = add(positive, mul(sub(h, positive), slope));
  }
  h = pixelShuffle(conv2d(layers.at(last), h, { kernel: 3 }), scale);
  return add(h, scale === 1 ? picture : resizeNearest(picture, scale));
}

/** Moves squares of `side` x `side` pixels into channels. */
function pixelUnshuffle(x: Value, side: number): Value {
  if (side === 1) return x;
  const [batch = 0, channels = 0, height = 0, width = 0] = x.shape;
  const squares = reshape(x, [batch, channels, height / side, side, width / side, side]);
  return reshape(transpose(squares, [0, 1, 3, 5, 2, 4]), [batch, -1, height / side, width / side]);
}

/** Moves channels back into squares of `side` x `side` pixels. */
function pixelShuffle(x: Value, side: number): Value {
  const [batch = 0, channels = 0, height = 0, width = 0] = x.shape;
  const squares = reshape(x, [batch, channels / side ** 2, side, side, height, width]);
  return reshape(transpose(squares, [0, 1, 4, 2, 5, 3]), [batch, -1, height * side, width * side]);
}
