/** @file The optimizer's moments beside a copy, so that going on from it gives what the uninterrupted run would have given. */
import type { AdamWState } from "@lexeme/autodiff";
import { writeFileAtomically } from "@lexeme/formats/node";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

export interface OptimizerFile {
  readonly seed: number;
  readonly state: AdamWState;
}

const VERSION = 1;

/** JSON: it is small (two numbers for each of the embedding's), and a person can see what it is. */
export async function writeOptimizerFile(
  path: string,
  vectors: Float32Array,
  { seed, state }: OptimizerFile,
): Promise<void> {
  const content = {
    version: VERSION,
    seed,
    vectors: sha256(vectors),
    step: state.step,
    expAvg: toBase64(state.expAvg),
    expAvgSq: toBase64(state.expAvgSq),
  };
  await writeFileAtomically(path, new TextEncoder().encode(`${JSON.stringify(content)}\n`), { overwrite: true });
}

/** The state saved for exactly these vectors; undefined when there is none, or it is another's. */
export async function readOptimizerFile(path: string, vectors: Float32Array): Promise<OptimizerFile | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  let content: Partial<Record<string, unknown>>;
  try {
    content = JSON.parse(text) as Partial<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const { version, seed, step } = content;
  if (version !== VERSION || content["vectors"] !== sha256(vectors)) return undefined;
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(step)) return undefined;
  const [expAvg, expAvgSq] = [fromBase64(content["expAvg"]), fromBase64(content["expAvgSq"])];
  if (expAvg?.length !== vectors.length || expAvgSq?.length !== vectors.length) return undefined;
  return { seed: Number(seed), state: { step: Number(step), expAvg, expAvgSq } };
}

function sha256(values: Float32Array): string {
  return createHash("sha256").update(bytesOf(values)).digest("hex");
}

function toBase64(values: Float32Array): string {
  return bytesOf(values).toString("base64");
}

function fromBase64(text: unknown): Float32Array | undefined {
  if (typeof text !== "string") return undefined;
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return bytes.length % 4 === 0 ? new Float32Array(bytes.buffer) : undefined;
}

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
