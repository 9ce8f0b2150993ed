/** @file `history.jsonl` in a run's folder, which only Lexeme writes: where the run began, its losses at fixed noise, and how it ended. */
import { ifAbsent } from "@lexeme/core";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { RowFile, wholeRows } from "./row-file.ts";

/** A state of the embedding: the step of a copy and the folder of its run, relative to the log directory and with forward slashes. */
export interface RunPoint {
  readonly run: string;
  readonly step: number;
}

/** The beginning of a training that writes into the folder. A training that continues in the same folder adds another beginning. */
export interface RunBeginning {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly embedding: string;
  /** Steps that were done before this training. */
  readonly step: number;
  /** Max steps. */
  readonly steps: number;
  /** Id of the job. */
  readonly job: string;
  /** The copy of another run from which the training continues; null if there is none. */
  readonly from: RunPoint | null;
}

const RUN_ENDS = ["finished", "stopped", "cancelled", "failed"] as const;

export interface RunEnding {
  readonly at: number;
  readonly how: (typeof RUN_ENDS)[number];
  /** All steps of the embedding until then, including those of earlier runs. */
  readonly step: number;
  /** Why it failed. */
  readonly message: string | null;
  /** The copy of the embedding that this run replaced; null if the run continued from that embedding. */
  readonly replaced: RunPoint | null;
}

/** Mean loss at fixed noise and time steps; two losses with the same `measuredOn` can be compared. */
export interface FixedLoss {
  readonly step: number;
  readonly value: number;
  readonly measuredOn: string;
}

/** A replaced embedding, kept as the only copy in a folder without steps. */
export interface KeptEmbedding {
  readonly at: number;
  readonly embedding: string;
  readonly step: number;
}

type Entry =
  | ({ type: "begin" } & RunBeginning)
  | ({ type: "fixed-loss" } & FixedLoss)
  | ({ type: "end" } & RunEnding)
  | ({ type: "kept" } & KeptEmbedding);

export interface ReadRunRecord {
  /** In the order in which they were written; empty for a folder of A1111. */
  readonly beginnings: readonly RunBeginning[];
  /** The end of the last training; undefined while it runs, and after a kill. */
  readonly ending: RunEnding | undefined;
  /** Sorted by step. If a step was measured several times, the last loss counts. */
  readonly fixedLosses: readonly FixedLoss[];
  readonly kept: KeptEmbedding | undefined;
}

/** Writing an entry never throws, because a fault of the record must not end a training. */
export class RunRecord {
  readonly #file: RowFile;

  private constructor(file: RowFile) {
    this.#file = file;
  }

  /** Throws the errors of `writeWholeFile`. */
  static async open(runFolder: string): Promise<RunRecord> {
    return new RunRecord(await RowFile.open(recordPath(runFolder), () => true));
  }

  async begin(beginning: RunBeginning): Promise<void> {
    await this.#add({ type: "begin", ...beginning });
  }

  async fixedLoss(loss: FixedLoss): Promise<void> {
    await this.#add({ type: "fixed-loss", ...loss });
  }

  async end(ending: RunEnding): Promise<void> {
    await this.#add({ type: "end", ...ending });
  }

  async keep(kept: KeptEmbedding): Promise<void> {
    await this.#add({ type: "kept", ...kept });
  }

  async #add(entry: Entry): Promise<void> {
    this.#file.add(JSON.stringify(entry));
    await this.#file.flush();
  }
}

/** The entries of a run's record; entries that cannot be read are left out. Throws the errors of `ifAbsent`. */
export async function readRunRecord(runFolder: string): Promise<ReadRunRecord> {
  const text = await ifAbsent(readFile(recordPath(runFolder), "utf8"), "");
  const beginnings: RunBeginning[] = [];
  const fixedLosses = new Map<number, FixedLoss>();
  let ending: RunEnding | undefined;
  let kept: KeptEmbedding | undefined;
  for (const entry of wholeRows(text).map(parse)) {
    if (entry?.type === "begin") {
      beginnings.push(entry);
      ending = undefined;
      // A lost run did these steps, and this training repeats them.
      for (const step of fixedLosses.keys()) if (step > entry.step) fixedLosses.delete(step);
    } else if (entry?.type === "fixed-loss") fixedLosses.set(entry.step, entry);
    else if (entry?.type === "end") ending = entry;
    else if (entry?.type === "kept") kept = entry;
  }
  return { beginnings, ending, fixedLosses: [...fixedLosses.values()].toSorted((a, b) => a.step - b.step), kept };
}

function recordPath(runFolder: string): string {
  return join(runFolder, "history.jsonl");
}

const REQUIRED: Readonly<Record<Entry["type"], Readonly<Record<string, "number" | "string">>>> = {
  begin: { at: "number", embedding: "string", step: "number", steps: "number", job: "string" },
  "fixed-loss": { step: "number", value: "number", measuredOn: "string" },
  end: { at: "number", how: "string", step: "number" },
  kept: { at: "number", embedding: "string", step: "number" },
};

/** Undefined for any other row, such as one that a later version wrote or that somebody changed by hand. */
function parse(row: string): Entry | undefined {
  let content: unknown;
  try {
    content = JSON.parse(row);
  } catch {
    return undefined;
  }
  if (typeof content !== "object" || content === null) return undefined;
  const entry = content as Record<string, unknown>;
  const type = Object.keys(REQUIRED).find((one) => one === entry["type"]) as Entry["type"] | undefined;
  if (type === undefined) return undefined;
  if (!Object.entries(REQUIRED[type]).every(([name, kind]) => typeof entry[name] === kind)) return undefined;
  if (type === "begin") return { ...entry, type, from: pointOf(entry["from"]) } as Entry;
  if (type !== "end") return entry as unknown as Entry;
  if (!RUN_ENDS.some((how) => how === entry["how"])) return undefined;
  const message = typeof entry["message"] === "string" ? entry["message"] : null;
  return { ...entry, type, message, replaced: pointOf(entry["replaced"]) } as Entry;
}

function pointOf(value: unknown): RunPoint | null {
  if (typeof value !== "object" || value === null) return null;
  const { run, step } = value as Partial<Record<keyof RunPoint, unknown>>;
  return typeof run === "string" && typeof step === "number" ? { run, step } : null;
}
