/** @file `textual_inversion_loss.csv`: A1111's columns, a row for every step. */
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MetricPoint } from "@lexeme/domain/jobs";
import { ifAbsent } from "./absence.ts";
import { writeWholeFile } from "./whole-file.ts";

/** Where a run keeps its log. */
export function lossLogPath(runFolder: string): string {
  return join(runFolder, "textual_inversion_loss.csv");
}

const HEADER = "step,epoch,epoch_step,loss,learn_rate";
/** Rows wait in memory this long at most; what a kill takes with it, the run writes again when it goes on. */
const FLUSH_INTERVAL_MS = 2000;

export interface LossRow {
  /** Steps done, the row's own included. */
  readonly step: number;
  /** Both from 0, as A1111 counts them. */
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

  /** Why rows could not be written, as a sentence; undefined when all could. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /**
   * Opens the log for a row every `every` steps; 0 leaves the file alone. Rows after `initialStep`, which a run that was lost has written, are
   * taken out: they will come again.
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

/** Loss and rate of every row that A1111's and our trainings wrote into a run's folder; none where there is no log. Throws as `ifAbsent`. */
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
