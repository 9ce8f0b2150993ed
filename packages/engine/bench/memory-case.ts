/** @file Runs one network at one size in a separate process, so that the process' peak memory is that of the network. Started by `memory.ts`. */
import { TorchGenerator } from "@lexeme/core";
import { LATENT_SCALE } from "@lexeme/networks";
import { openSession } from "@lexeme/runtime";
import { chunkPrompt } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { ownBytes } from "./own-memory.ts";
import { decodeInBands, encodeInBands, BAND_BYTES } from "../src/banded-vae/banded-vae.ts";
import { openCheckpoint } from "../src/checkpoint/checkpoint.ts";
import { DiffusionModel } from "../src/checkpoint/diffusion-model.ts";
import { graphOptionsFor } from "../src/graph-options.ts";
import { SessionPool } from "../src/sessions/session-pool.ts";
import { lossAndGradient } from "../src/train-embedding/training-graph.ts";

export interface MemoryCase {
  readonly network:
    | "nothing"
    | "unet"
    | "decoder"
    | "encoder"
    | "decoder in bands"
    | "encoder in bands"
    | "text"
    | "training";
  readonly width: number;
  readonly height: number;
  readonly batch: number;
  readonly tokens: number;
}

const WORD = "zzqq";
const [path = "", threads = "2", json = ""] = process.argv.slice(2);
const { network, width, height, batch, tokens } = JSON.parse(json) as MemoryCase;
const pool = new SessionPool({ device: "cpu", threads: Number(threads) }, Infinity);
const checkpoint = await openCheckpoint({ name: "bench", path, shortHash: null });
const model = new DiffusionModel(checkpoint, pool, graphOptionsFor("cpu"));
const grid = model.gridOf({ width, height });
const generator = new TorchGenerator(1);
const ports = {
  weights: checkpoint.weights,
  attention: "fused",
  bandBytes: BAND_BYTES,
  open: (graph: Parameters<typeof openSession>[0]) =>
    openSession(graph, { purpose: "inference", threads: Number(threads) }),
  onBand: async () => undefined,
} as const;

const start = performance.now();
await run();
const seconds = (performance.now() - start) / 1000;
const maxRssBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(`${JSON.stringify({ seconds, maxRssBytes, keptBytes: await ownBytes("self") })}\n`);

/** One chunk of a prompt with an embedding of one vector. */
function chunks() {
  const embeddings = network === "training" ? [{ name: WORD, vectors: 1 }] : [];
  return chunkPrompt(loadClipTokenizer(), `a photo of ${WORD}`, { embeddings }).chunks;
}

async function run(): Promise<unknown> {
  const latent = (): Float32Array => generator.randn(model.latentLength(grid));
  const picture = (): Float32Array => new Float32Array(3 * width * height).map(() => generator.rand(1)[0]! - 0.5);
  switch (network) {
    case "nothing":
      return undefined;
    case "unet": {
      const conditioning = { tokens, data: generator.randn(tokens * checkpoint.sizes.textWidth) };
      return model.predictNoise({
        latents: generator.randn(batch * model.latentLength(grid)),
        timesteps: new Float32Array(batch).fill(500),
        conditionings: Array.from({ length: batch }, () => conditioning),
        grid,
      });
    }
    case "text":
      return model.encodePrompt(chunks(), new Map());
    case "training": {
      const noise = generator.randn(batch * model.latentLength(grid));
      const timesteps = new Float32Array(batch).fill(500);
      const { textWidth } = checkpoint.sizes;
      const stack = { firstRow: new Map([[WORD, 0]]), vectors: 1, data: generator.randn(textWidth) };
      const prompts = Array.from({ length: batch }, chunks);
      return lossAndGradient(model, { prompts, latents: noise, timesteps, noise, grid }, stack);
    }
    case "decoder":
      return model.decode(latent(), grid);
    case "encoder":
      return model.encode(picture(), grid);
    case "decoder in bands":
      return decodeInBands(
        latent().map((value) => value / LATENT_SCALE),
        grid,
        ports,
      );
    case "encoder in bands":
      return encodeInBands(picture(), { width, height }, ports);
  }
}
