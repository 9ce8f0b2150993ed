/** @file The inference sessions of a checkpoint's networks, as requests to the pool. */
import {
  buildTextEncoder,
  buildUNet,
  buildVaeDecoder,
  buildVaeEncoder,
  CHUNK_TOKENS,
  type LatentSize,
} from "@lexeme/networks";
import type { GraphOptions } from "../graph-options.ts";
import { workingBytes } from "../sessions/session-memory.ts";
import type { SessionRequest } from "../sessions/session-pool.ts";
import type { Checkpoint, NetworkName } from "./checkpoint.ts";

interface NetworkGraph {
  readonly network: NetworkName;
  /** What tells this graph from others of the same network and size. */
  readonly what: string;
  readonly size: LatentSize;
  readonly build: SessionRequest["build"];
}

/** Encodes one chunk of 77 tokens. */
export function textEncoderRequest(checkpoint: Checkpoint, options: GraphOptions, clipSkip: number): SessionRequest {
  const build = () =>
    buildTextEncoder(checkpoint.weights, { batch: 1, tokens: CHUNK_TOKENS }, { clipSkip, ...options });
  const size = { batch: 1, height: 0, width: 0 };
  return request(checkpoint, { network: "text", what: `clip skip ${clipSkip}`, size, build });
}

export function unetRequest(
  checkpoint: Checkpoint,
  options: GraphOptions,
  size: LatentSize & { tokens: number },
): SessionRequest {
  const build = () => buildUNet(checkpoint.weights, size, options);
  return request(checkpoint, { network: "unet", what: `${size.tokens} tokens`, size, build });
}

export function vaeDecoderRequest(checkpoint: Checkpoint, options: GraphOptions, size: LatentSize): SessionRequest {
  const build = () => buildVaeDecoder(checkpoint.weights, size, options);
  return request(checkpoint, { network: "vae", what: "decoder", size, build });
}

export function vaeEncoderRequest(checkpoint: Checkpoint, options: GraphOptions, size: LatentSize): SessionRequest {
  const build = () => buildVaeEncoder(checkpoint.weights, size, options);
  return request(checkpoint, { network: "vae", what: "encoder", size, build });
}

function request(checkpoint: Checkpoint, { network, what, size, build }: NetworkGraph): SessionRequest {
  const { batch, height, width } = size;
  return {
    key: `${checkpoint.identity}|${network}|${what}|${batch}x${height}x${width}`,
    memoryBytes: checkpoint.weightBytes(network) + workingBytes(network, size),
    purpose: "inference",
    build,
  };
}
