/** @file `history.jsonl` in a run's folder, which is ours alone: where the run began, its losses at fixed noise, and how it ended. */
import { ifAbsent } from "@lexeme/core";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { RowFile, wholeRows } from "./row-file.ts";

/** A state of the embedding: a copy's step in the folder of a run, told from the log directory with forward slashes. */
export interface RunPoint {
  readonly run: string;
  readonly step: number;
}

/** A training that wrote into the folder; one that goes on in it begins again. */
export interface RunBeginning {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly embedding: string;
  /** Steps that were done before. */
  readonly step: number;
  /** Max steps. */
  readonly steps: number;
  /** Id of the job. */
  readonly job: string;
  /** The copy of another run that it goes on from; null where no run has one. */
  readonly from: RunPoint | null;
}

const RUN_ENDS = ["finished", "stopped", "cancelled", "failed"] as const;

export interface RunEnding {
  readonly at: number;
  readonly how: (typeof RUN_ENDS)[number];
  /** Steps done in all. */
  readonly step: number;
  /** Why it failed. */
  readonly message: string | null;
  /** What the embedding was before, where this run did not go on from it. */
  readonly replaced: RunPoint | null;
}

/** Mean loss at fixed noise and time steps; two of one `measuredOn` can be compared. */
export interface FixedLoss {
  readonly step: number;
  readonly value: number;
  readonly measuredOn: string;
}

/** An embedding that something else replaced, kept as the one copy of a folder without steps. */
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
  /** In the order in which they came; empty in folders of A1111. */
  readonly beginnings: readonly RunBeginning[];
  /** The last one's; undefined while it runs, and after a kill. */
  readonly ending: RunEnding | undefined;
  /** By step; of several of one step the last. */
  readonly fixedLosses: readonly FixedLoss[];
  readonly kept: KeptEmbedding | undefined;
}

/** Never throws while it is written: a record is no reason to lose a training. */
export class RunRecord {
  readonly #file: RowFile;

  private constructor(file: RowFile) {
    this.#file = file;
  }

  /** Throws as `writeWholeFile`. */
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

/** What a run's folder tells of itself; what cannot be read is left out. Throws as `ifAbsent`. */
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
      // A run that was lost did these steps, and does them again.
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

/** Undefined for a row that is none of these, as one that a later version writes or that somebody changed by hand. */
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
