/**
 * @file Peak memory of each network at several sizes, measured, beside what is predicted: `node --import tsx packages/engine/bench/memory.ts CHECKPOINT [case …]`.
 * A case is `network:WIDTHxHEIGHT:batch`. Resident memory counts pages of the mapped checkpoint, which the system takes back when it needs them; "own" does not.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { MemoryCase } from "./memory-case.ts";

const SAMPLE_MS = 10;
const [checkpoint = "", ...cases] = process.argv.slice(2);
process.stdout.write("case | seconds | peak resident GB | peak own GB\n--- | --- | --- | ---\n");
for (const text of cases) {
  const { seconds, residentBytes, ownBytes } = await measure(parse(text));
  process.stdout.write(`${[text, seconds.toFixed(1), gb(residentBytes), gb(ownBytes)].join(" | ")}\n`);
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
  let ownBytes = 0;
  let isRunning = true;
  void ended.then(() => (isRunning = false));
  while (isRunning) {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    ownBytes = Math.max(ownBytes, Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
    await sleep(SAMPLE_MS);
  }
  if ((await ended) !== 0) throw new Error(`${JSON.stringify(one)} failed`);
  const { seconds, maxRssBytes } = JSON.parse(output) as { seconds: number; maxRssBytes: number };
  return { seconds, residentBytes: maxRssBytes, ownBytes };
}

function gb(bytes: number): string {
  return (bytes / 1e9).toFixed(2);
}
