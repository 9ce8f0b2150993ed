/** @file The notebook of an embedding: nearest words, lengths compared with the vocabulary, similarity to the other embeddings. */
import { rethrowOwnMistake } from "@lexeme/core";
import {
  EmbeddingFolder,
  findEmbedding,
  makeFolder,
  registeredWords,
  TokenTable,
  writeWholeFile,
  type EmbeddingEntry,
} from "@lexeme/data-folder";
import type { NotebookSettings } from "@lexeme/domain/settings";
import type { Notebook } from "@lexeme/domain/notebook";
import type { JobPhase, JobResults } from "@lexeme/domain/jobs";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkpointForCancel, type JobPorts } from "../job-ports.ts";
import type { JobParts } from "../job-run.ts";
import { cosine, meanRow, NearestWords, type NearToken, type VectorTable } from "./nearest-words.ts";

/** Number of nearest words for each vector. */
const NEAREST = 10;
const BINS = 48;
/** The chart ends at this percentile, because one or two very long tokens would leave most of it empty. */
const HISTOGRAM_END_PERCENT = 99.9;
const PERCENTS = [1, 5, 25, 50, 75, 95, 99];
/** Number of notebook files in the cache. Older files are deleted, because a notebook is made quickly. */
const KEPT_FILES = 50;

/**
 * Writes the notebook as JSON into the cache folder and names it among the artifacts. Needs no session, only the checkpoint's token table.
 * Throws LexemeError `EMBEDDING_MISSING`, `EMBEDDING_MISFIT` and the errors of reading.
 */
export async function makeNotebook(
  settings: NotebookSettings,
  ports: Omit<JobParts<"notebook">, "open">,
): Promise<JobResults> {
  const { context, control } = ports;
  const { checkpoint } = context;
  const folder = EmbeddingFolder.at(context.embeddingsDir);
  const entries = await folder.scan();
  const vocabulary = await TokenTable.open(checkpoint.path);
  const { tokens, width: textWidth } = vocabulary;
  const meant = { name: settings.embeddingName, path: settings.path, field: "embeddingName" };
  const entry = findEmbedding(entries, meant, textWidth);
  const own = await folder.load(entry, { textWidth, modelName: checkpoint.name });
  const words = new NearestWords(own, NEAREST);
  for await (const block of vocabulary.blocks()) {
    words.add(block);
    await checkpointForCancel(control);
    report(ports, { phase: "comparing-vocabulary", step: words.tokenNorms.length, steps: tokens });
  }
  const others = registeredWords(entries, ({ facts }) => facts?.width === own.width);
  const notebook: Notebook = {
    name: entry.name,
    path: entry.path,
    key: entry.key ?? null,
    shortHash: entry.shortHash,
    checkpointName: checkpoint.name,
    width: own.width,
    ...describeWords(words),
    own: rows(own).map((i) => rows(own).map((j) => cosine({ ...own, row: i }, { ...own, row: j }))),
    others: await compareWithOthers(
      own,
      others.filter((other) => !isSame(other, entry)),
      { ...ports, folder },
    ),
  };
  const path = await save(notebook, join(context.cacheDir, "notebooks"));
  return { artifacts: [{ kind: "notebook", path }], warnings: [] };
}

function isSame(a: EmbeddingEntry, b: EmbeddingEntry): boolean {
  return a.path === b.path && a.key === b.key;
}

function describeWords(words: NearestWords): Pick<Notebook, "vectors" | "vocabulary"> {
  const tokenizer = loadClipTokenizer();
  const sorted = Float64Array.from(words.tokenNorms).toSorted();
  const word = ({ id, similarity }: NearToken) => ({ ...tokenizer.token(id), similarity });
  return {
    vectors: words.nearest.map((nearest, i) => {
      const norm = words.norms[i]!;
      return { norm, percentile: (100 * countBelow(sorted, norm)) / sorted.length, nearest: nearest.map(word) };
    }),
    vocabulary: {
      tokens: sorted.length,
      mean: sorted.reduce((sum, norm) => sum + norm, 0) / sorted.length,
      percentiles: PERCENTS.map((percent) => ({ percent, norm: percentileOf(sorted, percent) })),
      histogram: histogramOf(sorted),
    },
  };
}

/** Percentile by nearest rank, without interpolation. */
function percentileOf(sorted: Float64Array, percent: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1))] ?? 0;
}

function countBelow(sorted: Float64Array, norm: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < norm) low = middle + 1;
    else high = middle;
  }
  return low;
}

function histogramOf(sorted: Float64Array): Notebook["vocabulary"]["histogram"] {
  const from = sorted[0] ?? 0;
  const to = Math.max(percentileOf(sorted, HISTOGRAM_END_PERCENT), from + Number.EPSILON);
  const counts = Array.from({ length: BINS }, () => 0);
  for (const norm of sorted) {
    const bin = Math.floor(((norm - from) / (to - from)) * BINS);
    counts[Math.min(BINS - 1, Math.max(0, bin))]! += 1;
  }
  return { from, to, counts };
}

async function compareWithOthers(
  own: VectorTable,
  entries: readonly EmbeddingEntry[],
  { folder, ...ports }: JobPorts & { readonly folder: EmbeddingFolder },
): Promise<Notebook["others"]> {
  const others: Notebook["others"] = [];
  const mean = meanRow(own);
  for (const [done, entry] of entries.entries()) {
    await checkpointForCancel(ports.control);
    report(ports, { phase: "comparing-embeddings", step: done, steps: entries.length });
    // An embedding that has just been removed or is damaged is not compared.
    const other = await folder.load(entry).catch((cause: unknown) => {
      rethrowOwnMistake(cause);
      ports.reporter.log(`Left out ${entry.name}: ${cause instanceof Error ? cause.message : String(cause)}`);
      return undefined;
    });
    if (other?.width !== own.width) continue;
    let closest = { own: 0, other: 0, similarity: -Infinity };
    for (const i of rows(own)) {
      for (const j of rows(other)) {
        const similarity = cosine({ ...own, row: i }, { ...other, row: j });
        if (similarity > closest.similarity) closest = { own: i, other: j, similarity };
      }
    }
    const similarity = cosine({ ...mean, row: 0 }, { ...meanRow(other), row: 0 });
    others.push({ name: entry.name, path: entry.path, vectors: other.count, similarity, closest });
  }
  return others.sort((a, b) => b.similarity - a.similarity);
}

async function save(notebook: Notebook, folder: string): Promise<string> {
  await makeFolder(folder);
  const names = await readdir(folder);
  const dated = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return {
        path,
        at: await stat(path).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      };
    }),
  );
  const oldest = dated.sort((a, b) => b.at - a.at).slice(KEPT_FILES - 1);
  for (const { path } of oldest) await rm(path, { force: true });
  const path = join(folder, `${randomUUID()}.json`);
  await writeWholeFile(path, JSON.stringify(notebook), { replace: false });
  return path;
}

function rows({ count }: VectorTable): number[] {
  return Array.from({ length: count }, (_, row) => row);
}

function report({ reporter }: JobPorts, at: { phase: JobPhase; step: number; steps: number }): void {
  reporter.progress({ ...at, secondsPerStep: null, etaSeconds: null });
}
