/** @file The optimizer's moments beside a copy, so that going on from it gives what the uninterrupted run would have given. */
import type { AdamWState } from "@lexeme/autodiff";
import { writeWholeFile } from "@lexeme/data-folder";
import { SeedSchema, seedText } from "@lexeme/domain/settings";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface OptimizerFile {
  readonly seed: bigint;
  readonly state: AdamWState;
  /** Fixed loss before the run's first step, so that a run which was lost and goes on still shows all that it learned. */
  readonly lossBefore?: LossBefore | undefined;
}

export interface LossBefore {
  readonly value: number;
  /** What it was measured on; another value of it is another loss. */
  readonly measuredOn: string;
}

const VERSION = 1;

/** JSON: it is small (two numbers for each of the embedding's), and a person can see what it is. */
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
  const { version, step } = content;
  if (version !== VERSION || content["vectors"] !== sha256(vectors)) return undefined;
  // A number in files of earlier versions.
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

/**
 * The state for these vectors in any run folder of the embedding, newest day first: when a run goes on from the finished
 * or stopped embedding itself, nothing says which run it came from but the vectors.
 */
export async function findOptimizerFile(
  logDir: string,
  { name, step, vectors }: { name: string; step: number; vectors: Float32Array },
): Promise<(OptimizerFile & { runFolder: string }) | undefined> {
  const days = (await readdir(logDir).catch(() => [])).toSorted((a, b) => (a < b ? 1 : -1));
  for (const day of days) {
    const runs = await readdir(join(logDir, day)).catch(() => []);
    for (const run of runs.filter((folder) => folder === name || folder.startsWith(`${name} (`))) {
      const runFolder = join(logDir, day, run);
      const found = await readOptimizerFile(join(runFolder, "optimizer", `${name}-${step}.json`), vectors);
      if (found) return { ...found, runFolder };
    }
  }
  return undefined;
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
