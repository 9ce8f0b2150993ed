/** @file Requests to the pool for the inference sessions of a checkpoint's networks. */
import {
  buildTextEncoder,
  buildUNet,
  buildVaeDecoder,
  buildVaeEncoder,
  CHUNK_TOKENS,
  type LatentSize,
} from "@lexeme/networks";
import {
  decoderBytes,
  encoderBytes,
  textEncoderBytes,
  type SessionBytes,
  type UnetPlan,
  type WorkSize,
} from "@lexeme/domain/memory";
import type { GraphOptions } from "../graph-options.ts";
import type { SessionRequest } from "../sessions/session-pool.ts";
import type { Checkpoint } from "./checkpoint.ts";

interface NetworkGraph {
  readonly network: "text" | "unet" | "vae";
  readonly memory: SessionBytes;
  /** Distinguishes this graph from others of the same network and size. */
  readonly what: string;
  readonly size: LatentSize;
  readonly build: SessionRequest["build"];
}

/** Encodes one chunk of 77 tokens. */
export function textEncoderRequest(checkpoint: Checkpoint, options: GraphOptions, clipSkip: number): SessionRequest {
  const build = () =>
    buildTextEncoder(checkpoint.weights, { batch: 1, tokens: CHUNK_TOKENS }, { clipSkip, ...options });
  const size = { batch: 1, height: 0, width: 0 };
  const memory = textEncoderBytes(checkpoint.networkSizes);
  return request(checkpoint, { network: "text", what: `clip skip ${clipSkip}`, memory, size, build });
}

export function unetRequest(
  checkpoint: Checkpoint,
  options: GraphOptions,
  { tokens, plan, ...size }: LatentSize & { tokens: number; plan: UnetPlan },
): SessionRequest {
  const { memory, weights } = plan;
  const rows = { ...size, batch: plan.rows };
  const build = () => buildUNet(checkpoint.weights, { ...rows, tokens }, options);
  const what = `${tokens} tokens, ${weights}`;
  return { ...request(checkpoint, { network: "unet", what, memory, size: rows, build }), weights };
}

export function vaeDecoderRequest(checkpoint: Checkpoint, options: GraphOptions, size: LatentSize): SessionRequest {
  const build = () => buildVaeDecoder(checkpoint.weights, size, options);
  const memory = decoderBytes(checkpoint.networkSizes, pixelsOf(checkpoint, size));
  return request(checkpoint, { network: "vae", what: "decoder", memory, size, build });
}

export function vaeEncoderRequest(checkpoint: Checkpoint, options: GraphOptions, size: LatentSize): SessionRequest {
  const build = () => buildVaeEncoder(checkpoint.weights, size, options);
  const memory = encoderBytes(checkpoint.networkSizes, pixelsOf(checkpoint, size));
  return request(checkpoint, { network: "vae", what: "encoder", memory, size, build });
}

/** The picture size of a latent, for the prediction of memory. */
export function pixelsOf({ sizes }: Checkpoint, { batch, height, width, tiling = false }: LatentSize): WorkSize {
  return { batch, height: height * sizes.vaeFactor, width: width * sizes.vaeFactor, tiling };
}

function request(checkpoint: Checkpoint, { network, what, memory, size, build }: NetworkGraph): SessionRequest {
  const { batch, height, width, tiling } = size;
  return {
    key: `${network === "vae" ? checkpoint.vaeIdentity : checkpoint.identity}|${network}|${what}|${batch}x${height}x${width}${tiling ? "|tiling" : ""}`,
    memory,
    purpose: "inference",
    build,
  };
}
