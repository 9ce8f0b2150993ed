/** @file The optimizer's moments beside a copy. With them, a training that continues from the copy gives the same result as an uninterrupted training. */
import { SeedSchema, seedText } from "@lexeme/domain/settings";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { writeWholeFile } from "./whole-file.ts";

/** AdamW's moments: one value of each moment for each value of the embedding. */
interface OptimizerMoments {
  step: number;
  expAvg: Float32Array;
  expAvgSq: Float32Array;
}

export interface OptimizerFile {
  readonly seed: bigint;
  readonly state: OptimizerMoments;
  /** Fixed loss before the run's first step, so that a resumed run still shows the whole decrease of the loss. */
  readonly lossBefore?: LossBefore | undefined;
}

export interface LossBefore {
  readonly value: number;
  /** A digest of the checkpoint, the clip skip and the latents. Losses with different digests cannot be compared. */
  readonly measuredOn: string;
}

const VERSION = 1;

/** Writes JSON, because the file is small (two numbers for each number of the embedding) and a person can read it. */
export async function writeOptimizerFile(
  path: string,
  vectors: Float32Array,
  { seed, state, lossBefore }: OptimizerFile,
): Promise<void> {
  const content = {
    version: VERSION,
    seed: seedText(seed),
    vectors: sha256(vectors),
    step: state.step,
    expAvg: toBase64(state.expAvg),
    expAvgSq: toBase64(state.expAvgSq),
    ...(lossBefore && { lossBefore }),
  };
  await writeWholeFile(path, `${JSON.stringify(content)}\n`, { replace: true });
}

/** The state that was saved for exactly these vectors; undefined if the file is missing, unreadable or for other vectors. */
export async function readOptimizerFile(path: string, vectors: Float32Array): Promise<OptimizerFile | undefined> {
  let content: Partial<Record<string, unknown>>;
  try {
    content = JSON.parse(await readFile(path, "utf8")) as Partial<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const { version, step } = content;
  if (version !== VERSION || content["vectors"] !== sha256(vectors)) return undefined;
  // Files of earlier versions have the seed as a number.
  const seed = SeedSchema.safeParse(content["seed"]).data;
  if (seed === undefined || !Number.isSafeInteger(step)) return undefined;
  const [expAvg, expAvgSq] = [fromBase64(content["expAvg"]), fromBase64(content["expAvgSq"])];
  if (expAvg?.length !== vectors.length || expAvgSq?.length !== vectors.length) return undefined;
  const lossBefore = readLossBefore(content["lossBefore"]);
  return { seed: BigInt(seed), state: { step: Number(step), expAvg, expAvgSq }, lossBefore };
}

function readLossBefore(content: unknown): LossBefore | undefined {
  if (typeof content !== "object" || content === null) return undefined;
  const { value, measuredOn } = content as Partial<Record<keyof LossBefore, unknown>>;
  return typeof value === "number" && typeof measuredOn === "string" ? { value, measuredOn } : undefined;
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
