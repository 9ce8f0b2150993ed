/** @file `textual_inversion_loss.csv`: A1111's columns, a row for every step. */
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MetricPoint } from "@lexeme/domain/jobs";
import { ifAbsent } from "./absence.ts";
import { writeWholeFile } from "./whole-file.ts";

/** The path of a run's log. */
export function lossLogPath(runFolder: string): string {
  return join(runFolder, "textual_inversion_loss.csv");
}

const HEADER = "step,epoch,epoch_step,loss,learn_rate";
/** Rows wait in memory for at most this time. A resumed run writes the rows again that were lost by a kill. */
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

export class LossLog {
  readonly #path: string;
  readonly #every: number;
  #rows: string[] = [];
  #flushedAt = Date.now();
  #fault: string | undefined;

  private constructor(path: string, every: number) {
    this.#path = path;
    this.#every = every;
  }

  /** A sentence that says why rows could not be written; undefined if all rows were written. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /**
   * Opens the log for a row every `every` steps; 0 does not touch the file. Rows after `initialStep`, which a lost run has written, are
   * removed, because the resumed run writes them again.
   */
  static async open(path: string, { initialStep, every }: { initialStep: number; every: number }): Promise<LossLog> {
    if (every === 0) return new LossLog(path, every);
    const old = await ifAbsent(readFile(path, "utf8"), "");
    const kept = old.split("\n").filter((row) => /^\d+,/.test(row) && Number(row.split(",", 1)[0]) <= initialStep);
    const text = `${[HEADER, ...kept].join("\n")}\n`;
    await writeWholeFile(path, text, { replace: true });
    return new LossLog(path, every);
  }

  async add({ step, epoch, epochStep, loss, learnRate }: LossRow): Promise<void> {
    if (this.#every === 0 || step % this.#every !== 0) return;
    this.#rows.push(`${step},${epoch},${epochStep},${loss.toFixed(7)},${learnRate}\n`);
    if (Date.now() - this.#flushedAt >= FLUSH_INTERVAL_MS) await this.flush();
  }

  /** Never throws: losing rows of a log is no reason to lose a training. */
  async flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    this.#flushedAt = Date.now();
    if (rows.length === 0) return;
    await appendFile(this.#path, rows.join("")).catch((cause: unknown) => {
      this.#fault = `Rows of ${this.#path} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`;
    });
  }
}

/** Loss and learning rate of every row that a training of A1111 or Lexeme wrote into a run's folder; none if there is no log. Throws the errors of `ifAbsent`. */
export async function readLossLog(runFolder: string): Promise<MetricPoint[]> {
  const text = await ifAbsent(readFile(lossLogPath(runFolder), "utf8"), "");
  const [header = "", ...lines] = text.split(/\r?\n/);
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
