/**
 * @file `pnpm bench`: measures times and peak memory on a full-size checkpoint with random weights (or `--checkpoint FILE`), in processes like the
 * worker's, and the server's response times while the worker loads and trains (`--no-server` leaves this out).
 * `--baseline PYTHON` alternates with diffusers and PyTorch (that Python must have torch, diffusers and transformers) and prints ratios of medians.
 */
import { availableParallelism, cpus } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { jsonLinesOf } from "./child.ts";
import { COMPARED_MEASUREMENTS, type MeasurementResult } from "./measurement.ts";
import { ensureRandomCheckpoint, RANDOM_CHECKPOINT } from "./random-checkpoint.ts";
import { measureResponsiveness } from "./responsiveness.ts";

type Measurement = (typeof COMPARED_MEASUREMENTS)[number];

/** For each measurement its title in the table, and the goal: the largest allowed fraction of PyTorch's time. */
const ROWS: Record<Measurement, { title: string; goal: number }> = {
  step: { title: "training step, 256 x 256", goal: 0.5 },
  unet: { title: "UNet forward, 512 x 512", goal: 0.8 },
  vae: { title: "VAE decode, 512 x 512", goal: 1 },
};

const { values } = parseArgs({
  options: {
    checkpoint: { type: "string" },
    baseline: { type: "string" },
    rounds: { type: "string", default: "3" },
    only: { type: "string", multiple: true },
    threads: { type: "string", default: String(availableParallelism()) },
    server: { type: "boolean", default: true },
  },
  allowPositionals: true,
  allowNegative: true,
});
if (values.checkpoint === undefined) await ensureRandomCheckpoint(print);
const checkpoint = values.checkpoint === undefined ? RANDOM_CHECKPOINT : resolve(values.checkpoint);
const chosen = COMPARED_MEASUREMENTS.filter((name) => values.only === undefined || values.only.includes(name));
const ours = new Map<Measurement, MeasurementResult[]>();
const theirs = new Map<Measurement, number[]>();
print(`${cpus()[0]?.model ?? "unknown CPU"}, ${values.threads} threads, Node ${process.version}`);

for (let round = 1; round <= Number(values.rounds); round++) {
  for (const name of chosen) {
    const measureFile = fileURLToPath(new URL("measure.ts", import.meta.url));
    const args = ["--import", "tsx", measureFile, name, checkpoint, values.threads];
    const [result] = await jsonLinesOf(process.execPath, args);
    ours.set(name, [...(ours.get(name) ?? []), result as unknown as MeasurementResult]);
    print(`round ${round}, ${ROWS[name].title}: ${JSON.stringify(result)}`);
    if (values.baseline === undefined) continue;
    const script = fileURLToPath(new URL("torch-baseline.py", import.meta.url));
    const [baseline] = await jsonLinesOf(values.baseline, [script, name, values.threads]);
    theirs.set(name, [...(theirs.get(name) ?? []), Number(baseline?.["seconds"])]);
    print(`round ${round}, ${ROWS[name].title}, PyTorch: ${JSON.stringify(baseline)}`);
  }
}
printTable();
if (values.server) print(await measureResponsiveness(checkpoint));

function printTable(): void {
  print("\nmeasurement | load s | first s | seconds | peak GB | PyTorch s | ratio | goal");
  print("--- | --- | --- | --- | --- | --- | --- | ---");
  for (const name of chosen) {
    const results = ours.get(name)!;
    const of = (key: keyof MeasurementResult) => median(results.map((result) => result[key]));
    const baseline = theirs.has(name) ? median(theirs.get(name)!) : undefined;
    const cells = [
      ROWS[name].title,
      ...[of("openSeconds"), of("firstSeconds"), of("seconds"), of("peakGb")].map((value) => value.toFixed(2)),
      baseline?.toFixed(2) ?? "-",
      baseline === undefined ? "-" : (of("seconds") / baseline).toFixed(2),
      `at most ${ROWS[name].goal}`,
    ];
    print(cells.join(" | "));
  }
}

function median(values_: readonly number[]): number {
  const sorted = values_.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
