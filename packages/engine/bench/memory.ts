/**
 * @file Prints the measured and the predicted peak memory of each network at several sizes: `node --import tsx packages/engine/bench/memory.ts CHECKPOINT case …`.
 * A case is `network:WIDTHxHEIGHT:batch`. Pages of the mapped checkpoint are not counted, because the system frees them when it needs memory.
 */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  BASE_BYTES,
  bandedDecoderBytes,
  bandedEncoderBytes,
  decoderBytes,
  encoderBytes,
  textEncoderBytes,
  trainingBytes,
  unetBytes,
  type NetworkSizes,
  type SessionBytes,
  type WorkSize,
} from "@lexeme/domain/memory";
import { openCheckpoint } from "../src/checkpoint/checkpoint.ts";
import type { MemoryCase } from "./memory-case.ts";
import { ownBytes } from "./own-memory.ts";

const SAMPLE_MS = 10;
const [checkpoint = "", ...cases] = process.argv.slice(2);
const { networkSizes } = await openCheckpoint({ name: "bench", path: checkpoint, shortHash: null });

type Prediction = (sizes: NetworkSizes, size: WorkSize) => SessionBytes;
const PREDICTIONS: Record<MemoryCase["network"], Prediction> = {
  nothing: () => ({ peak: 0, kept: 0 }),
  text: textEncoderBytes,
  unet: unetBytes,
  decoder: decoderBytes,
  encoder: encoderBytes,
  "decoder in bands": bandedDecoderBytes,
  "encoder in bands": bandedEncoderBytes,
  training: trainingBytes,
};

process.stdout.write("case | seconds | resident GB | peak GB, predicted, ratio | kept GB, predicted, ratio\n");
process.stdout.write("--- | --- | --- | --- | ---\n");
for (const text of cases) {
  const one = parse(text);
  const { seconds, maxRssBytes, peakBytes, keptBytes } = await measure(one);
  const { peak, kept } = PREDICTIONS[one.network](networkSizes, one);
  const cells = [
    text,
    seconds.toFixed(1),
    gb(maxRssBytes),
    ...[
      [peakBytes, BASE_BYTES + peak],
      [keptBytes, BASE_BYTES + kept],
    ].map(([measured = 0, predicted = 0]) => `${gb(measured)} ${gb(predicted)} ${(predicted / measured).toFixed(2)}`),
  ];
  process.stdout.write(`${cells.join(" | ")}\n`);
}

function parse(text: string): MemoryCase {
  const [network = "", size = "512x512", batch = "1", tokens = "77"] = text.split(":");
  const [width = 512, height = 512] = size.split("x").map(Number);
  return { network: network as MemoryCase["network"], width, height, batch: Number(batch), tokens: Number(tokens) };
}

async function measure(one: MemoryCase) {
  const file = fileURLToPath(new URL("memory-case.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", file, checkpoint, "2", JSON.stringify(one)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let peakBytes = 0;
  let isRunning = true;
  void ended.then(() => (isRunning = false));
  while (isRunning) {
    peakBytes = Math.max(peakBytes, await ownBytes(child.pid!));
    await sleep(SAMPLE_MS);
  }
  if ((await ended) !== 0) throw new Error(`${JSON.stringify(one)} failed`);
  const result = JSON.parse(output) as { seconds: number; maxRssBytes: number; keptBytes: number };
  return { ...result, peakBytes };
}

function gb(bytes: number): string {
  return (bytes / 1e9).toFixed(2);
}
