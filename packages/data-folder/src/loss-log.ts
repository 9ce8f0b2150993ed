/** @file `textual_inversion_loss.csv`: A1111's columns, a row for every step. */
import { ifAbsent } from "@lexeme/core";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MetricPoint } from "@lexeme/domain/jobs";
import { RowFile, wholeRows } from "./row-file.ts";

/** The path of a run's log. */
export function lossLogPath(runFolder: string): string {
  return join(runFolder, "textual_inversion_loss.csv");
}

const HEADER = "step,epoch,epoch_step,loss,learn_rate";
/** Rows wait in memory this long at most. */
const FLUSH_INTERVAL_MS = 2000;

export interface LossRow {
  /** Number of finished steps, including this row's step. */
  readonly step: number;
  /** Epoch, and step within it, both from 0 as in A1111. */
  readonly epoch: number;
  readonly epochStep: number;
  readonly loss: number;
  readonly learnRate: number;
}

/** A row with all of its columns. Any other row was torn by a kill or a full disk. */
const WHOLE_ROW = /^(\d+),\d+,\d+,[^,]+,[^,]+$/u;

export class LossLog {
  readonly #file: RowFile | undefined;
  readonly #every: number;
  /** A time of `performance.now()`: setting the clock back must not keep rows in memory. */
  #flushedAt = performance.now();

  private constructor(file: RowFile | undefined, every: number) {
    this.#file = file;
    this.#every = every;
  }

  /** A sentence that says why the last write failed; undefined if it succeeded. The rows wait for the next write. */
  get fault(): string | undefined {
    return this.#file?.fault;
  }

  /**
   * Opens the log for a row every `every` steps; 0 does not touch the file. Removes torn rows, and the rows that a
   * lost run wrote after `initialStep`, because the resumed run writes them again. Throws the errors of `writeWholeFile`.
   */
  static async open(path: string, { initialStep, every }: { initialStep: number; every: number }): Promise<LossLog> {
    if (every === 0) return new LossLog(undefined, every);
    const isKept = (row: string) => Number(WHOLE_ROW.exec(row)?.[1] ?? Infinity) <= initialStep;
    return new LossLog(await RowFile.open(path, isKept, HEADER), every);
  }

  async add({ step, epoch, epochStep, loss, learnRate }: LossRow): Promise<void> {
    if (this.#every === 0 || step % this.#every !== 0) return;
    this.#file?.add(`${step},${epoch},${epochStep},${loss.toFixed(7)},${learnRate}`);
    if (performance.now() - this.#flushedAt >= FLUSH_INTERVAL_MS) await this.flush();
  }

  /** Writes the waiting rows. This happens before each copy, so that a run that continues from the copy misses no row. Never throws. */
  async flush(): Promise<void> {
    this.#flushedAt = performance.now();
    await this.#file?.flush();
  }
}

/** Loss and learning rate of every row that a training of A1111 or Lexeme wrote into a run's folder; none if there is no log. Throws the errors of `ifAbsent`. */
export async function readLossLog(runFolder: string): Promise<MetricPoint[]> {
  const text = await ifAbsent(readFile(lossLogPath(runFolder), "utf8"), "");
  const [header = "", ...lines] = wholeRows(text);
  const columns = header.split(",").map((column) => column.trim());
  const [stepAt, lossAt, rateAt] = ["step", "loss", "learn_rate"].map((column) => columns.indexOf(column));
  return lines.flatMap((line) => {
    const cells = line.split(",");
    const point = {
      step: Number(cells[stepAt ?? -1]),
      loss: Number(cells[lossAt ?? -1]),
      learnRate: Number(cells[rateAt ?? -1]),
    };
    return Number.isInteger(point.step) && Number.isFinite(point.loss) && Number.isFinite(point.learnRate)
      ? [point]
      : [];
  });
}

/** Sorted by step. If an attempt repeated a step, the later point counts. */
export function inStepOrder(points: readonly MetricPoint[]): MetricPoint[] {
  const bySteps = new Map(points.map((point) => [point.step, point]));
  return [...bySteps.values()].toSorted((a, b) => a.step - b.step);
}
